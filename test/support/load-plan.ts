// Load plans for tests: everything has a harmless default.
import { millis, perSecond } from '../../src/core/model/units.ts';
import type { Pace, Phase, SafetyLimits, Scenario, Step, Workload } from '../../src/core/model/workload.ts';
import type { LoadPlan } from '../../src/ports/load-engine.ts';

/** `GET /` that expects nothing, unless told otherwise; its name is method and path. */
export function step(fields: Partial<Omit<Step, 'timeout'>> & { readonly timeout?: number } = {}): Step {
  const { method = 'GET', path = '/', timeout = 2000, ...rest } = fields;
  return {
    name: `${method} ${path}`,
    method,
    path,
    query: {},
    headers: {},
    expect: {},
    captures: [],
    timeout: millis(timeout),
    ...rest,
  };
}

/** A rate from `from` to `to` a second. */
export function rate(from: number, to: number = from, arrivals: 'constant' | 'poisson' = 'constant'): Pace {
  return { kind: 'rate', from: perSecond(from), to: perSecond(to), arrivals };
}

export function users(count: number): Pace {
  return { kind: 'concurrency', users: count };
}

export function phase(name: string, pace: Pace, durationMs: number, role: Phase['role'] = 'load'): Phase {
  return { name, pace, duration: millis(durationMs), role };
}

export interface PlanFields {
  readonly target: string;
  readonly scenarios?: readonly (Partial<Scenario> & Pick<Scenario, 'steps'>)[];
  readonly phases?: readonly Phase[];
  readonly warmUpMs?: number;
  readonly safety?: Partial<SafetyLimits>;
  readonly workload?: Partial<Workload>;
  readonly plan?: Partial<LoadPlan>;
}

export const TRACE_PREFIX = '0011223344556677';

/** One scenario of one `GET /`, 50/s for half a second, no warm-up, one thread. */
export function loadPlan({ target, scenarios, phases, warmUpMs = 0, safety, workload, plan }: PlanFields): LoadPlan {
  const chosen = phases ?? [phase('peak', rate(50), 500)];
  return {
    workload: {
      target,
      testType: 'load',
      protocol: 'http',
      scenarios: (scenarios ?? [{ steps: [step()] }]).map((fields, index) => ({
        name: `scenario-${index}`,
        weight: 1,
        feeds: [],
        cookies: false,
        ...fields,
      })),
      phases: chosen,
      safety: {
        errorRate: { above: 0.5, for: millis(10_000) },
        p99: { above: millis(30_000), for: millis(10_000) },
        maxRate: perSecond(100_000),
        maxInFlight: 10_000,
        maxConnections: 64,
        ...safety,
      },
      sampledShare: 1,
      maxSampledPerSecond: 100_000,
      baggage: true,
      warmUp: millis(warmUpMs),
      ...workload,
    },
    watches: [],
    seed: 42,
    traceIdPrefix: TRACE_PREFIX,
    runId: 'run-1',
    slice: millis(500),
    selectionSize: 5,
    uniformSize: 10,
    judgedPhases: chosen.map(({ name }) => name),
    threads: 1,
    environment: {},
    feeds: {},
    ...plan,
  };
}
