// How sure it is that a service became slower, cohort by cohort.
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { clustering, type SeriesMoments } from '../statistics/serial-correlation.ts';
import { timeOrder } from './time-order.ts';
import { type TraceCosts, traceCosts } from './trace-costs.ts';

/** 95% point of the chi-squared distribution with one degree of freedom. */
const chance = 3.84;

/**
 * Per service (index into PreparedTraces.services): twice the log-likelihood ratio of "slower in violating traces" against "the same", summed over
 * cohorts, each beyond what chance gives once in twenty; 0 for no sign of it. Compares logarithms of milliseconds: a service is slower by a factor, and
 * one huge trace must not drown the rest. For two samples of n values together the ratio is n ln(total / within sum of squares); n - 2.5 instead of n
 * makes it right for few values, and slow times that come in bursts count as fewer. Only traces that count (weight above 0). Linear in the spans of both
 * populations, but for sorting traces by time.
 */
export function timeEvidence(prepared: PreparedTraces, violating: Population, reference: Population): Float64Array {
  const groups = new Map<number, readonly [Moments, Moments]>();
  for (const [side, population] of [violating, reference].entries()) {
    const costs = traceCosts(prepared, population.traces);
    for (const row of timeOrder(prepared, population.traces)) {
      if ((population.weight[row] ?? 0) === 0) continue;
      const cohort = prepared.cohort[population.traces[row] ?? 0] ?? 0;
      const known = groups.get(cohort) ?? [moments(prepared.services.length), moments(prepared.services.length)];
      groups.set(cohort, known);
      addRow(side === 0 ? known[0] : known[1], costs, row);
    }
  }
  const evidence = new Float64Array(prepared.services.length);
  for (const [slow, normal] of groups.values()) {
    for (let service = 0; service < evidence.length; service += 1) {
      const ratio = oneSidedRatio(momentsOf(slow, service), momentsOf(normal, service));
      evidence[service] = (evidence[service] ?? 0) + Math.max(0, ratio - chance);
    }
  }
  return evidence;
}

/** Columns over services of what SeriesMoments has for one; a trace without the service adds a zero. */
interface Moments {
  count: number;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly products: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Which row `last` is of. */
  readonly lastRow: Uint32Array;
}

function moments(services: number): Moments {
  const column = (): Float64Array => new Float64Array(services);
  return {
    count: 0,
    sum: column(),
    squares: column(),
    products: column(),
    first: column(),
    last: column(),
    lastRow: new Uint32Array(services),
  };
}

function addRow(to: Moments, costs: TraceCosts, row: number): void {
  to.count += 1;
  for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
    const service = costs.service[at] ?? 0;
    const value = Math.log1p((costs.ownMs[at] ?? 0) + (costs.gapMs[at] ?? 0));
    if (to.count === 1) to.first[service] = value;
    if (to.lastRow[service] === to.count - 1) {
      to.products[service] = (to.products[service] ?? 0) + value * (to.last[service] ?? 0);
    }
    to.sum[service] = (to.sum[service] ?? 0) + value;
    to.squares[service] = (to.squares[service] ?? 0) + value * value;
    to.last[service] = value;
    to.lastRow[service] = to.count;
  }
}

const momentsOf = (of: Moments, service: number): SeriesMoments => ({
  count: of.count,
  sum: of.sum[service] ?? 0,
  squares: of.squares[service] ?? 0,
  products: of.products[service] ?? 0,
  first: of.first[service] ?? 0,
  last: of.lastRow[service] === of.count ? (of.last[service] ?? 0) : 0,
});

/** Times that differ by less than this (relative, about) are equal for all purposes; keeps identical samples from giving infinite evidence. */
const leastVariance = 1e-4;

function oneSidedRatio(slow: SeriesMoments, normal: SeriesMoments): number {
  const count = slow.count + normal.count;
  if (slow.count === 0 || normal.count === 0 || count < 4) return 0;
  const [slowMean, normalMean] = [slow.sum / slow.count, normal.sum / normal.count];
  if (slowMean <= normalMean) return 0;
  const within = slow.squares - slow.count * slowMean ** 2 + normal.squares - normal.count * normalMean ** 2;
  const between = ((slow.count * normal.count) / count) * (slowMean - normalMean) ** 2;
  const ratio = (count - 2.5) * Math.log1p(between / Math.max(within, count * leastVariance));
  return ratio / clustering(slow, normal);
}
