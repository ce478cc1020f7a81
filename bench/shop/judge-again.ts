// Judges a captured run once more, on the traces that are left to see: the same use case, with back ends that answer from memory.
import { randomUUID } from 'node:crypto';
import { noRunTelemetry } from '../../src/adapters/telemetry/run-telemetry.ts';
import type { LoadResult, Sample } from '../../src/core/model/load.ts';
import { err, ok } from '../../src/core/model/result.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { TraceSet } from '../../src/core/model/trace-set.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricSource } from '../../src/ports/metric-source.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import type { TraceSource } from '../../src/ports/trace-source.ts';
import { verify } from '../../src/verify/verify.ts';
import type { Captured } from './capture.ts';

/** What a poorer observer has of a captured run. */
export interface Remains {
  readonly traces: TraceSet;
  /** Whether a trace was sampled at all; the load engine asks for no others. */
  readonly isSampled: (traceId: string) => boolean;
}

export async function judgeAgain(captured: Captured, remains: Remains, store: RunStore): Promise<Run> {
  const { verification, driven, discovered } = captured;
  const [config] = verification.sources.metrics;
  const metrics: MetricSource = {
    name: 'captured metrics',
    capabilities: { promql: 'subset' },
    freshness: millis(0),
    range: async () => err({ kind: 'unsupported', message: 'only discovered series were captured' }),
    discover: async () => ok(discovered),
    close: async () => undefined,
  };
  const traces: TraceSource = {
    name: 'captured traces',
    capabilities: { byId: true, search: false },
    byIds: async () => ok(remains.traces),
    search: async () => err({ kind: 'unsupported', message: 'captured traces are asked for by id' }),
    close: async () => undefined,
  };
  const backends = {
    load: { drive: async () => ok(withSampling(driven, remains.isSampled)) },
    traces: [traces],
    metrics: new Map([[config?.name ?? 'metrics', metrics]]),
    store,
    telemetry: noRunTelemetry,
    clock: clockAt(driven.startedAt + driven.durationMs),
  };
  return verify(verification, backends, {
    signal: new AbortController().signal,
    trigger: 'cli',
    traceIdPrefix: '0'.repeat(16),
    environment: {},
    feeds: {},
  });
}

/** Waiting passes at once. */
function clockAt(startMs: number): Clock {
  let now = startMs;
  return {
    now: () => unixMillis(now),
    monotonic: () => millis(now),
    sleep: async (duration) => {
      now += duration;
    },
    randomHex: (count) =>
      randomUUID()
        .replaceAll('-', '')
        .repeat(2)
        .slice(0, 2 * count),
  };
}

function withSampling(driven: LoadResult, isSampled: (traceId: string) => boolean): LoadResult {
  const only = (samples: readonly Sample[]): readonly Sample[] => samples.filter(({ traceId }) => isSampled(traceId));
  return {
    ...driven,
    uniform: only(driven.uniform),
    watches: driven.watches.map((watch) => ({
      ...watch,
      selection: {
        worst: only(watch.selection.worst),
        violators: only(watch.selection.violators),
        compliers: only(watch.selection.compliers),
      },
    })),
  };
}
