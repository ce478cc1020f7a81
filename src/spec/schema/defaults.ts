// What a document means where it says nothing: one value, its unit and its reason each.

import { type Millis, millis, minutes, perSecond, ratio, seconds } from '../../core/model/units.ts';
import type { BaselineSelection, Evaluation, NotifyRule } from '../../core/model/verification.ts';
import type { SafetyLimits, Workload } from '../../core/model/workload.ts';

interface Defaults {
  readonly environment: string;
  readonly evaluation: Omit<Evaluation, 'phases'>;
  readonly baseline: BaselineSelection;
  readonly safety: SafetyLimits;
  readonly workload: Pick<Workload, 'sampledShare' | 'maxSampledPerSecond' | 'baggage' | 'warmUp'> & {
    readonly stepTimeout: Millis;
    readonly chatTimeout: Millis;
  };
  readonly otlp: { readonly host: string; readonly httpPort: number };
  readonly scrapeInterval: Millis;
  readonly prometheusInterval: Millis;
  readonly notify: Pick<NotifyRule, 'when' | 'after' | 'repeat'>;
  readonly sloWindow: Millis;
  readonly minSamples: number;
  readonly weight: number;
}

export const defaults: Defaults = deepFreeze({
  environment: 'default',
  evaluation: {
    perPhase: false,
    /** 19 of 20 runs at the limit are not decided wrongly. */
    confidence: ratio(0.95),
    /** Longer than a usual burst of slow requests, short enough for 30 slices in 2.5 minutes. */
    slice: seconds(5),
    /** A failed request is not a fast one. */
    failuresCountAs: 'bad',
    /** Silence is never a pass. */
    onNoData: 'inconclusive',
    /** Most the reader waits for late spans (batch exporters send every 5 s), and two scrapes. */
    settle: { traces: seconds(20), metrics: seconds(10) },
    /** Above these the generator or the pipeline, not the system, explains a result (REQUIREMENTS.md 1.5). */
    validity: { droppedShare: ratio(0.001), sendLagP99: millis(20), traceCoverage: ratio(0.95) },
  },
  /** Five runs of noise, two weeks of drift. */
  baseline: { from: 'passed', runs: 5, maxAge: millis(14 * 24 * 3_600_000) },
  safety: {
    /** Beyond these the system is down and more load teaches nothing. */
    errorRate: { above: 0.5, for: seconds(10) },
    p99: { above: seconds(30), for: seconds(10) },
    /** A slip of a zero in `rate` is refused, not sent. */
    maxRate: perSecond(20_000),
    /** 2,000/s against a system that takes 5 s. */
    maxInFlight: 10_000,
    /** Below the usual 1,024 open files of a shell. */
    maxConnections: 512,
  },
  workload: {
    sampledShare: ratio(1),
    /** A light collector on the same machine carries so many traces of ten spans. */
    maxSampledPerSecond: 500,
    baggage: true,
    /** Opens connections and compiles hot code; sent, never counted. */
    warmUp: seconds(2),
    /** Longer than any limit worth stating, shorter than a proxy's patience. */
    stepTimeout: seconds(30),
    /** Long answers take their time. */
    chatTimeout: seconds(120),
  },
  /** The port that OpenTelemetry exporters use unless told otherwise; loopback, so that nobody else is heard. */
  otlp: { host: '127.0.0.1', httpPort: 4318 },
  scrapeInterval: seconds(2),
  /** Prometheus' own usual interval, for `settle: { metrics: 2 scrapes }`. */
  prometheusInterval: seconds(15),
  notify: {
    when: [
      { event: 'fail', times: 1 },
      { event: 'recovered', times: 1 },
    ],
    /** Every change of state is told; schedules should say `{ failures: 2, of: 3 }`. */
    after: { failures: 1, of: 1 },
    repeat: minutes(240),
  },
  /** Four whole weeks: every weekday counts as often. */
  sloWindow: millis(28 * 24 * 3_600_000),
  minSamples: 0,
  weight: 1,
} satisfies Defaults);

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
