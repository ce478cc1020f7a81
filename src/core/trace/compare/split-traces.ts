// Which of the traces at hand are to be explained, when nobody says which requests broke a requirement.
import { callFactsOf } from '../calls/call-facts.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { median, quantile } from '../statistics/quantiles.ts';
import { clustering } from '../statistics/serial-correlation.ts';
import { entryDurationNs } from './populations.ts';
import { timeOrder } from './time-order.ts';

/** Indexes into the PreparedTraces. */
export interface Split {
  readonly violating: readonly number[];
  readonly complying: readonly number[];
}

/** A trace is slow when it takes this many times, and this much longer than, what a good quarter of its cohort takes. */
const slow = { factor: 2, nanos: 20e6 } as const;
const limitOf = (good: number): number => Math.max(slow.factor * good, good + slow.nanos);

/** Failed traces (by all that the entry span says: call-facts.ts) and slow ones against all others. A trace without an entry counts as violating: it is told, not compared. */
export function splitByOutcome(prepared: PreparedTraces): Split {
  const durations = byCohort(prepared, prepared.entry.keys());
  const limits = new Map(
    [...durations].map(([cohort, { all }]) => [cohort, Math.max(limitOf(quantile(all, 0.25)), usualMost(all))]),
  );
  return splitBy(
    prepared,
    prepared.entry.keys(),
    (trace) => isOver(prepared, trace, limits) || isFailed(prepared, trace),
  );
}

/** 10% and 25% points of the standard normal distribution, and how far out its one value in a thousand lies. */
const normal = { p10: -1.2816, p25: -0.6745, farthest: 3.09 } as const;

/** What one in a thousand would exceed by nature: the fast quarter, which no fault has touched, drawn out as a log-normal distribution. */
function usualMost(durations: readonly number[]): number {
  const [p10, p25] = [
    Math.log(Math.max(1, quantile(durations, 0.1))),
    Math.log(Math.max(1, quantile(durations, 0.25))),
  ];
  const sigma = (p25 - p10) / (normal.p25 - normal.p10);
  return Math.exp(p25 + sigma * (normal.farthest - normal.p25));
}

/** Of the baseline's requests as many are slow by nature: only what lies beyond them is a tail. */
const natural = 0.01;
/** Standard errors by which slow requests must outnumber those that the baseline leads to expect: they are chosen by what is then explained. */
const clearlySlower = 3;
/** The same for failures, whose explanation is tested on its own. */
const clearlyFailing = 2;
/** A tail accounts for this part of what all requests together lost; less, and all of them became slower. */
const mostOfIt = 0.5;

/**
 * With a baseline: the run's failed and slow traces, where failures or a slow tail are what changed; the rest of the run complies. All of the run's traces
 * where it became slower as a whole, or where nothing stands out: the mean of all hides a tail, and a tail chosen by its duration explains nothing of a
 * shift (ANALYSIS.md 1.5). Linear in the traces, but for sorting them.
 */
export function splitAgainst(prepared: PreparedTraces, run: readonly number[], baseline: readonly number[]): Split {
  const healthy = byCohort(prepared, baseline);
  const limits = new Map<number, number>();
  const slowness: Count[] = [];
  const failures: Count[] = [];
  let excess = 0;
  let tailExcess = 0;
  for (const [cohort, now] of byCohort(prepared, run)) {
    const before = healthy.get(cohort);
    if (before === undefined) continue;
    const limit = Math.max(limitOf(quantile(before.all, 0.25)), quantile(before.all, 1 - natural));
    const usual = median(before.all);
    const beyond = now.all.filter((duration) => duration > limit);
    limits.set(cohort, limit);
    slowness.push(countOf(beyond.length, now, before.all.filter((duration) => duration > limit).length, before));
    failures.push(countOf(now.failed, now, before.failed, before));
    excess += sum(now.all) - now.all.length * (sum(before.all) / before.all.length);
    tailExcess += sum(beyond) - beyond.length * usual;
  }
  const isSlow = (trace: number): boolean => isOver(prepared, trace, limits);
  const fails = (trace: number): boolean => isFailed(prepared, trace);
  const isSlower = outnumbers(slowness) >= clearlySlower * Math.sqrt(bursts(prepared, run, isSlow));
  const isTail = isSlower && tailExcess >= mostOfIt * excess;
  const isFailing = outnumbers(failures) >= clearlyFailing * Math.sqrt(bursts(prepared, run, fails));
  // Failures do not explain that everything else became slower.
  if (!isTail && (isSlower || !isFailing)) return { violating: run, complying: [] };
  return splitBy(prepared, run, (trace) => (isTail && isSlow(trace)) || (isFailing && fails(trace)));
}

/** By how much less so many cases prove for coming one after another. */
function bursts(prepared: PreparedTraces, traces: readonly number[], isCase: (trace: number) => boolean): number {
  const indexes = Uint32Array.from(traces);
  const series = Array.from(timeOrder(prepared, indexes), (at) => Number(isCase(indexes[at] ?? 0)));
  const cases = sum(series);
  const runs = series.reduce((total, value, at) => total + value * (series[at - 1] ?? 0), 0);
  return clustering({
    count: series.length,
    sum: cases,
    squares: cases,
    products: runs,
    first: series[0] ?? 0,
    last: series.at(-1) ?? 0,
  });
}

interface Count {
  readonly found: number;
  readonly of: number;
  /** Share that the baseline leads to expect, half a case of doubt on its side. */
  readonly expected: number;
  readonly ofBefore: number;
}

const countOf = (found: number, now: Outcomes, foundBefore: number, before: Outcomes): Count => ({
  found,
  of: now.all.length,
  expected: (foundBefore + 0.5) / (before.all.length + 1),
  ofBefore: before.all.length,
});

/** By how many standard errors more is found than expected, over all cohorts. */
function outnumbers(counts: readonly Count[]): number {
  let difference = 0;
  let variance = 0;
  for (const { found, of, expected, ofBefore } of counts) {
    difference += found - of * expected;
    variance += of * expected * (1 - expected) * (1 + of / ofBefore);
  }
  return variance === 0 ? 0 : difference / Math.sqrt(variance);
}

interface Outcomes {
  /** Durations of the entry spans in nanoseconds. */
  readonly all: number[];
  failed: number;
}

function byCohort(prepared: PreparedTraces, traces: Iterable<number>): ReadonlyMap<number, Outcomes> {
  const cohorts = new Map<number, Outcomes>();
  for (const trace of traces) {
    if ((prepared.entry[trace] ?? -1) < 0) continue;
    const cohort = cohortOf(prepared, trace);
    const outcomes = cohorts.get(cohort) ?? { all: [], failed: 0 };
    cohorts.set(cohort, outcomes);
    outcomes.all.push(entryDurationNs(prepared, trace));
    if (isFailed(prepared, trace)) outcomes.failed += 1;
  }
  return cohorts;
}

function splitBy(prepared: PreparedTraces, traces: Iterable<number>, isViolating: (trace: number) => boolean): Split {
  const violating: number[] = [];
  const complying: number[] = [];
  for (const trace of traces) {
    if ((prepared.entry[trace] ?? -1) < 0 || isViolating(trace)) violating.push(trace);
    else complying.push(trace);
  }
  return { violating, complying };
}

const cohortOf = (prepared: PreparedTraces, trace: number): number => prepared.cohort[trace] ?? 0;

const isOver = (prepared: PreparedTraces, trace: number, limits: ReadonlyMap<number, number>): boolean =>
  entryDurationNs(prepared, trace) > (limits.get(cohortOf(prepared, trace)) ?? Number.POSITIVE_INFINITY);

const isFailed = (prepared: PreparedTraces, trace: number): boolean =>
  callFactsOf(prepared).failed[prepared.entry[trace] ?? -1] === 1;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
