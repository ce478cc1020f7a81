// Difference of per-service costs between two populations, cohort by cohort, with bootstrap intervals.

import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { resample } from '../statistics/bootstrap.ts';
import { type TraceCosts, traceCosts } from './trace-costs.ts';

export interface CostEffect {
  /** Index into PreparedTraces.services. */
  readonly service: number;
  readonly effectMs: number;
  readonly ownMs: number;
  readonly gapMs: number;
  /** Infinite, and no interval, for services whose effect is not among the greatest. */
  readonly errorMs: number;
  readonly interval?: readonly [number, number];
  /** Per violating trace (in the population's order): its cost minus its cohort's reference cost. */
  readonly excessOf: (row: number) => number;
}

export interface CostEffects {
  readonly excessMs: number;
  readonly excessErrorMs: number;
  readonly services: readonly CostEffect[];
}

/** Resamples are drawn from at most so many groups of traces, so that their cost does not grow with the traces. */
const mostGroups = 400;
const resamples = 200;
/** Intervals are drawn for so many services, those with the greatest effects: thousands of peers known by address only would cost minutes. */
const mostResampled = 200;

/** Effects of all services that appear on a path of either population, in order of service. */
export function costEffects(
  prepared: PreparedTraces,
  violating: Population,
  reference: Population,
  seed: number,
): CostEffects {
  const costs = {
    violating: traceCosts(prepared, violating.traces),
    reference: traceCosts(prepared, reference.traces),
  };
  const expected = referenceMeans(prepared, reference, costs.reference);
  const used = usedServices(prepared, costs);
  const parts = {
    violating: meanParts(prepared, violating, costs.violating, expected),
    reference: meanParts(prepared, reference, costs.reference, expected),
  };
  const effectOf = (service: number): number => sumOf(parts.violating, service) - sumOf(parts.reference, service);
  const resampled = greatest(used, mostResampled, effectOf);
  const columns = { of: columnsOf(prepared, resampled), count: resampled.length + 1 };
  const residuals = {
    violating: groupedResiduals({ population: violating, costs: costs.violating, expected, resampled, columns }),
    reference: groupedResiduals({ population: reference, costs: costs.reference, expected, resampled, columns }),
  };
  const estimates = resample(residuals.violating, residuals.reference, { columns: columns.count, resamples, seed });
  const total = estimates(columns.count - 1);
  return {
    excessMs: total.mean,
    excessErrorMs: total.error,
    services: used.map((service) => {
      const column = columns.of[service] ?? -1;
      const estimate = column < 0 ? undefined : estimates(column);
      return {
        service,
        effectMs: estimate?.mean ?? effectOf(service),
        ownMs: parts.violating.own[service] ?? 0,
        gapMs: parts.violating.gap[service] ?? 0,
        errorMs: estimate?.error ?? Number.POSITIVE_INFINITY,
        ...(estimate === undefined ? {} : { interval: estimate.interval }),
        excessOf: (row) => costOf(costs.violating, row, service) - expected.of(violating.traces[row] ?? 0).sum(service),
      };
    }),
  };
}

/** Services on a path of either population, ascending. */
function usedServices(
  { services }: PreparedTraces,
  costs: { readonly violating: TraceCosts; readonly reference: TraceCosts },
): readonly number[] {
  const isUsed = new Uint8Array(services.length);
  for (const service of costs.violating.service) isUsed[service] = 1;
  for (const service of costs.reference.service) isUsed[service] = 1;
  return services.flatMap((_, service) => (isUsed[service] === 1 ? [service] : []));
}

/** The `most` services with the greatest `size`, in order of service. */
function greatest(services: readonly number[], most: number, size: (service: number) => number): readonly number[] {
  if (services.length <= most) return services;
  return [...services]
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** Per service: its column, -1 when it has none. One more column is for the whole request. */
function columnsOf({ services }: PreparedTraces, resampled: readonly number[]): Int32Array {
  const columns = new Int32Array(services.length).fill(-1);
  resampled.forEach((service, column) => {
    columns[service] = column;
  });
  return columns;
}

const sumOf = ({ own, gap }: MeanParts, service: number): number => (own[service] ?? 0) + (gap[service] ?? 0);

function costOf(costs: TraceCosts, row: number, service: number): number {
  for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
    if (costs.service[at] === service) return (costs.ownMs[at] ?? 0) + (costs.gapMs[at] ?? 0);
  }
  return 0;
}

/** Mean costs of one group of reference traces. */
interface ExpectedCosts {
  readonly own: Float64Array;
  readonly gap: Float64Array;
  readonly sum: (service: number) => number;
  readonly durationMs: number;
}

interface ReferenceMeans {
  /** What a trace would have cost: means of its cohort, else of its entry operation, else nothing. */
  readonly of: (trace: number) => ExpectedCosts;
}

function referenceMeans(prepared: PreparedTraces, reference: Population, costs: TraceCosts): ReferenceMeans {
  const { cohort, entry, set, services } = prepared;
  const entryKey = (trace: number): number =>
    (set.service[entry[trace] ?? 0] ?? 0) * set.strings.length + (set.name[entry[trace] ?? 0] ?? 0);
  const byCohort = new Map<number, number[]>();
  const byEntry = new Map<number, number[]>();
  reference.traces.forEach((trace, row) => {
    append(byCohort, cohort[trace] ?? 0, row);
    append(byEntry, entryKey(trace), row);
  });
  const means = new Map<readonly number[], ExpectedCosts>();
  const meansOf = (rows: readonly number[]): ExpectedCosts => {
    const known = means.get(rows);
    if (known !== undefined) return known;
    const made = meanCosts(costs, rows, services.length);
    means.set(rows, made);
    return made;
  };
  const none: readonly number[] = [];
  return { of: (trace) => meansOf(byCohort.get(cohort[trace] ?? 0) ?? byEntry.get(entryKey(trace)) ?? none) };
}

function append(groups: Map<number, number[]>, key: number, row: number): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [row]);
  else group.push(row);
}

function meanCosts(costs: TraceCosts, rows: readonly number[], services: number): ExpectedCosts {
  const own = new Float64Array(services);
  const gap = new Float64Array(services);
  let durationMs = 0;
  for (const row of rows) {
    durationMs += (costs.durationMs[row] ?? 0) / rows.length;
    for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
      const service = costs.service[at] ?? 0;
      own[service] = (own[service] ?? 0) + (costs.ownMs[at] ?? 0) / rows.length;
      gap[service] = (gap[service] ?? 0) + (costs.gapMs[at] ?? 0) / rows.length;
    }
  }
  return { own, gap, sum: (service) => (own[service] ?? 0) + (gap[service] ?? 0), durationMs };
}

interface ResidualInput {
  readonly population: Population;
  readonly costs: TraceCosts;
  readonly expected: ReferenceMeans;
  readonly resampled: readonly number[];
  readonly columns: { readonly of: Int32Array; readonly count: number };
}

/** Sums of weighted residuals (cost minus expected cost) of groups of traces: row-major, a number for each column and the group's weight. */
function groupedResiduals({ population, costs, expected, resampled, columns }: ResidualInput): {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
} {
  const groups = Math.min(mostGroups, population.traces.length);
  const sums = new Float64Array(groups * columns.count);
  const weights = new Float64Array(groups);
  const counted = new Map<ExpectedCosts, Float64Array>();
  population.traces.forEach((trace, row) => {
    const weight = population.weight[row] ?? 0;
    if (weight === 0) return;
    const group = row % groups;
    weights[group] = (weights[group] ?? 0) + weight;
    const base = group * columns.count;
    for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
      const column = columns.of[costs.service[at] ?? 0] ?? -1;
      if (column < 0) continue;
      const cell = base + column;
      sums[cell] = (sums[cell] ?? 0) + weight * ((costs.ownMs[at] ?? 0) + (costs.gapMs[at] ?? 0));
    }
    const last = base + columns.count - 1;
    sums[last] = (sums[last] ?? 0) + weight * (costs.durationMs[row] ?? 0);
    const against = expected.of(trace);
    const counts = counted.get(against) ?? new Float64Array(groups);
    counts[group] = (counts[group] ?? 0) + weight;
    counted.set(against, counts);
  });
  for (const [against, counts] of counted) {
    counts.forEach((weight, group) => {
      if (weight === 0) return;
      const base = group * columns.count;
      resampled.forEach((service, column) => {
        sums[base + column] = (sums[base + column] ?? 0) - weight * against.sum(service);
      });
      const last = base + columns.count - 1;
      sums[last] = (sums[last] ?? 0) - weight * against.durationMs;
    });
  }
  return { sums, weights };
}

interface MeanParts {
  readonly own: Float64Array;
  readonly gap: Float64Array;
}

/** Mean cost beyond the expected one per service, own and gap apart. */
function meanParts(
  prepared: PreparedTraces,
  population: Population,
  costs: TraceCosts,
  expected: ReferenceMeans,
): MeanParts {
  const own = new Float64Array(prepared.services.length);
  const gap = new Float64Array(prepared.services.length);
  const total = population.weight.reduce((sum, weight) => sum + weight, 0);
  const counted = new Map<ExpectedCosts, number>();
  population.traces.forEach((trace, row) => {
    const share = total === 0 ? 0 : (population.weight[row] ?? 0) / total;
    if (share === 0) return;
    for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
      const service = costs.service[at] ?? 0;
      own[service] = (own[service] ?? 0) + share * (costs.ownMs[at] ?? 0);
      gap[service] = (gap[service] ?? 0) + share * (costs.gapMs[at] ?? 0);
    }
    const against = expected.of(trace);
    counted.set(against, (counted.get(against) ?? 0) + share);
  });
  for (const [against, share] of counted) {
    for (let service = 0; service < own.length; service += 1) {
      own[service] = (own[service] ?? 0) - share * (against.own[service] ?? 0);
      gap[service] = (gap[service] ?? 0) - share * (against.gap[service] ?? 0);
    }
  }
  return { own, gap };
}
