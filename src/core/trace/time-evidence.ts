// How sure it is that a service became slower, cohort by cohort.
import type { Population } from './population.ts';
import type { PreparedTraces } from './prepared-traces.ts';
import { type TraceCosts, traceCosts } from './trace-costs.ts';

/** 95% point of the chi-squared distribution with one degree of freedom. */
const chance = 3.84;

/**
 * Per service (index into PreparedTraces.services): twice the log-likelihood ratio of "slower in violating traces" against "the same", summed over
 * cohorts, each beyond what chance gives once in twenty; 0 for no sign of it. Compares logarithms of milliseconds: a service is slower by a factor, and
 * one huge trace must not drown the rest. For two samples of n values together the ratio is n ln(total / within sum of squares); n - 2.5 instead of n
 * makes it right for few values. Only traces that count (weight above 0). Linear in the spans of both populations.
 */
export function timeEvidence(prepared: PreparedTraces, violating: Population, reference: Population): Float64Array {
  const groups = new Map<number, readonly [Moments, Moments]>();
  for (const [side, population] of [violating, reference].entries()) {
    const costs = traceCosts(prepared, population.traces);
    population.traces.forEach((trace, row) => {
      if ((population.weight[row] ?? 0) === 0) return;
      const cohort = prepared.cohort[trace] ?? 0;
      const known = groups.get(cohort) ?? [moments(prepared.services.length), moments(prepared.services.length)];
      groups.set(cohort, known);
      addRow(side === 0 ? known[0] : known[1], costs, row);
    });
  }
  const evidence = new Float64Array(prepared.services.length);
  for (const [slow, normal] of groups.values()) {
    for (let service = 0; service < evidence.length; service += 1) {
      evidence[service] = (evidence[service] ?? 0) + Math.max(0, oneSidedRatio(slow, normal, service) - chance);
    }
  }
  return evidence;
}

/** Count, and per service sum and sum of squares; a trace without the service adds zeros. */
interface Moments {
  count: number;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

const moments = (services: number): Moments => ({
  count: 0,
  sum: new Float64Array(services),
  squares: new Float64Array(services),
});

function addRow(to: Moments, costs: TraceCosts, row: number): void {
  to.count += 1;
  for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
    const service = costs.service[at] ?? 0;
    const value = Math.log1p((costs.ownMs[at] ?? 0) + (costs.gapMs[at] ?? 0));
    to.sum[service] = (to.sum[service] ?? 0) + value;
    to.squares[service] = (to.squares[service] ?? 0) + value * value;
  }
}

/** Times that differ by less than this (relative, about) are equal for all purposes; keeps identical samples from giving infinite evidence. */
const leastVariance = 1e-4;

function oneSidedRatio(slow: Moments, normal: Moments, service: number): number {
  const count = slow.count + normal.count;
  if (slow.count === 0 || normal.count === 0 || count < 4) return 0;
  const [slowMean, normalMean] = [(slow.sum[service] ?? 0) / slow.count, (normal.sum[service] ?? 0) / normal.count];
  if (slowMean <= normalMean) return 0;
  const within =
    (slow.squares[service] ?? 0) -
    slow.count * slowMean ** 2 +
    (normal.squares[service] ?? 0) -
    normal.count * normalMean ** 2;
  const between = ((slow.count * normal.count) / count) * (slowMean - normalMean) ** 2;
  return (count - 2.5) * Math.log1p(between / Math.max(within, count * leastVariance));
}
