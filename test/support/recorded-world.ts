// A world to verify against without a world: requests, traces and metrics as tables, behind the ports that the use case asks.
import type { LoadResult, Sample } from '../../src/core/model/load.ts';
import { ok } from '../../src/core/model/result.ts';
import type { Series } from '../../src/core/model/series.ts';
import { type SpanRecord, spanKind, spanStatus } from '../../src/core/model/trace-set.ts';
import { millis, type UnixMillis, unixMillis } from '../../src/core/model/units.ts';
import { randomStream } from '../../src/core/slo/statistics/random.ts';
import type { LoadEngine } from '../../src/ports/load-engine.ts';
import type { MetricSource } from '../../src/ports/metric-source.ts';
import type { TraceSource } from '../../src/ports/trace-source.ts';
import { inMemoryTraceSource } from './fakes/in-memory-trace-source.ts';
import { loadResultOf, type SimulatedPhase, type SimulatedRequest } from './load-result-of.ts';
import type { DrawnWork } from './request-traces.ts';

/** Value of slice i of n; NaN is a sample that is not there. */
export type SeriesOf = (i: number, n: number) => number;

export interface World {
  readonly requests: readonly SimulatedRequest[];
  readonly phases: readonly SimulatedPhase[];
  /** Series that answer a query; none by default. */
  readonly answer?: (query: string) => readonly SeriesOf[];
  /** The trace of the i-th sampled request, in milliseconds from its start; absent: nobody exports traces. */
  readonly trace?: (i: number, random: () => number) => DrawnWork;
}

export const worldStart: UnixMillis = unixMillis(1_700_000_000_000);
const sampledRequests = 500;

export interface WorldBackends {
  readonly load: LoadEngine;
  readonly traces: readonly TraceSource[];
  readonly metrics: ReadonlyMap<string, MetricSource>;
}

/** Each request counts as the plan asks; 500 of them, evenly chosen, are sampled. */
export function worldBackends(world: World): WorldBackends {
  const traces = inMemoryTraceSource();
  return {
    traces: world.trace === undefined ? [] : [traces],
    metrics: new Map([['prom', answering(world)]]),
    load: {
      async drive(plan) {
        const result = loadResultOf({ ...world, watches: plan.watches });
        const uniform = world.trace === undefined ? [] : sampled(world.requests);
        if (world.trace !== undefined) traces.store(spansOf(uniform, world.trace, result));
        return ok({ ...result, uniform });
      },
    },
  };
}

function sampled(requests: readonly SimulatedRequest[]): readonly Sample[] {
  const every = Math.max(1, Math.floor(requests.length / sampledRequests));
  return requests
    .filter((_, i) => i % every === 0)
    .map((request, i) => ({
      traceId: `0123456789abcdef${(i + 1).toString(16).padStart(16, '0')}`,
      spanId: (i + 1).toString(16).padStart(16, 'c'),
      sampled: true,
      scenario: request.scenario ?? 'buy',
      step: request.step ?? 'POST /checkout',
      phase: request.phase ?? 'peak',
      scheduledAt: millis(request.atMs),
      sentAt: millis(request.atMs),
      endedAt: millis(request.atMs + request.latencyMs),
      outcome: { kind: 'reply', status: 200, good: request.failed !== true },
    }));
}

function spansOf(
  samples: readonly Sample[],
  draw: NonNullable<World['trace']>,
  { startedAt }: LoadResult,
): readonly SpanRecord[] {
  const random = randomStream(17);
  return samples.flatMap((sample, i) => {
    const epoch = BigInt(startedAt) * 1_000_000n + BigInt(Math.round(sample.scheduledAt * 1e6));
    let count = 0;
    const record = (work: DrawnWork, parentSpanId: string): readonly SpanRecord[] => {
      count += 1;
      const spanId = ((i + 1) * 1000 + count).toString(16).padStart(16, 'd');
      const { service, name, kind, at, failed, attributes = {}, below = [] } = work;
      const span: SpanRecord = {
        traceId: sample.traceId,
        spanId,
        parentSpanId,
        name,
        kind: spanKind[kind],
        status: failed === true ? spanStatus.error : spanStatus.unset,
        startUnixNanos: epoch + BigInt(Math.round(at[0] * 1e6)),
        endUnixNanos: epoch + BigInt(Math.round(at[1] * 1e6)),
        resource: { 'service.name': service },
        attributes,
      };
      return [span, ...below.flatMap((child) => record(child, spanId))];
    };
    return record(draw(i, random), sample.spanId);
  });
}

function answering({ answer = () => [] }: World): MetricSource {
  return {
    name: 'prom',
    capabilities: { promql: 'full' },
    async range(query, { start, end }, step) {
      const count = 1 + Math.floor((end - start) / step + 1e-9);
      return ok(
        answer(query).map((value): Series => {
          const at = Array.from({ length: count }, (_, i) => i).filter((i) => !Number.isNaN(value(i, count)));
          return {
            labels: {},
            times: at.map((i) => unixMillis(start + i * step)),
            values: at.map((i) => value(i, count)),
          };
        }),
      );
    },
    discover: async () => ok([]),
    freshness: millis(0),
    close: async () => undefined,
  };
}
