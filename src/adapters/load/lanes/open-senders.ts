// One sender for each origin of the workload.
import type { Random } from '../../../core/load/random.ts';
import type { LoadPlan } from '../../../ports/load-engine.ts';
import { type Endpoint, needsGeneralLane } from '../requests/endpoint.ts';
import type { PhasedStep } from '../requests/hot-path.ts';
import { createSampler } from '../requests/sampler.ts';
import { TraceIds } from '../requests/trace-ids.ts';
import { FastLane } from './fast-lane.ts';
import type { generalSender } from './general-sender.ts';
import type { ExchangeHandler, Sender } from './sender.ts';

export interface SendersOptions {
  readonly plan: LoadPlan;
  readonly endpoints: readonly Endpoint[];
  /** Any step: exchanges are never without one. */
  readonly anyStep: PhasedStep;
  readonly handler: ExchangeHandler;
  readonly random: Random;
  readonly now: () => number;
  readonly startUnixMs: number;
  readonly maxConnections: number;
  readonly maxQueued: number;
  readonly maxSampledPerSecond: number;
  /** Opens the general lane; loaded when an endpoint needs it. */
  readonly generalSender: typeof generalSender | undefined;
}

/** Senders by origin key. */
export function openSenders(options: SendersOptions): ReadonlyMap<string, Sender> {
  const { plan, endpoints, anyStep, random, maxSampledPerSecond } = options;
  const context = {
    ...options,
    ids: new TraceIds(),
    sampler: createSampler(plan.workload.sampledShare, maxSampledPerSecond, random),
    traceIdPrefix: plan.traceIdPrefix,
  };
  const senderOf = (endpoint: Endpoint): Sender => {
    if (!needsGeneralLane(endpoint)) return new FastLane(endpoint, context, anyStep);
    if (options.generalSender === undefined) throw new Error('the general lane was not loaded');
    return options.generalSender(endpoint, context, anyStep);
  };
  return new Map(endpoints.map((endpoint) => [endpoint.origin.key, senderOf(endpoint)]));
}
