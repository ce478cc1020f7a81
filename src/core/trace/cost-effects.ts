// Difference of per-service costs between two populations, cohort by cohort, with bootstrap intervals.
import { resample } from './bootstrap.ts';
import type { Population } from './population.ts';
import type { PreparedTraces } from './prepared-traces.ts';
import { type TraceCosts, traceCosts } from './trace-costs.ts';

export interface CostEffect {
  /** Index into PreparedTraces.services. */
  readonly service: number;
  readonly effectMs: number;
  readonly ownMs: number;
  readonly gapMs: number;
  readonly errorMs: number;
  readonly interval: readonly [number, number];
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
  // One column per service, and one more for the whole request.
  const columns = prepared.services.length + 1;
  const residuals = {
    violating: groupedResiduals({ prepared, population: violating, costs: costs.violating, expected, columns }),
    reference: groupedResiduals({ prepared, population: reference, costs: costs.reference, expected, columns }),
  };
  const estimates = resample(residuals.violating, residuals.reference, { columns, resamples, seed });
  const parts = meanParts(prepared, violating, costs.violating, expected);
  const used = new Set([...costs.violating.service, ...costs.reference.service]);
  const total = estimates(columns - 1);
  return {
    excessMs: total.mean,
    excessErrorMs: total.error,
    services: [...used]
      .sort((a, b) => a - b)
      .map((service) => {
        const { mean, error, interval } = estimates(service);
        return {
          service,
          effectMs: mean,
          ownMs: parts.own[service] ?? 0,
          gapMs: parts.gap[service] ?? 0,
          errorMs: error,
          interval,
          excessOf: (row) =>
            costOf(costs.violating, row, service) - expected.of(violating.traces[row] ?? 0).sum(service),
        };
      }),
  };
}

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
  readonly prepared: PreparedTraces;
  readonly population: Population;
  readonly costs: TraceCosts;
  readonly expected: ReferenceMeans;
  readonly columns: number;
}

/** Sums of weighted residuals (cost minus expected cost) of groups of traces: row-major, `columns` numbers and the group's weight. */
function groupedResiduals({ prepared, population, costs, expected, columns }: ResidualInput): {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
} {
  const groups = Math.min(mostGroups, population.traces.length);
  const sums = new Float64Array(groups * columns);
  const weights = new Float64Array(groups);
  const counted = new Map<ExpectedCosts, Float64Array>();
  population.traces.forEach((trace, row) => {
    const weight = population.weight[row] ?? 0;
    if (weight === 0) return;
    const group = row % groups;
    weights[group] = (weights[group] ?? 0) + weight;
    const base = group * columns;
    for (let at = costs.first[row] ?? 0; at < (costs.first[row + 1] ?? 0); at += 1) {
      const cell = base + (costs.service[at] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + weight * ((costs.ownMs[at] ?? 0) + (costs.gapMs[at] ?? 0));
    }
    const last = base + columns - 1;
    sums[last] = (sums[last] ?? 0) + weight * (costs.durationMs[row] ?? 0);
    const against = expected.of(trace);
    const counts = counted.get(against) ?? new Float64Array(groups);
    counts[group] = (counts[group] ?? 0) + weight;
    counted.set(against, counts);
  });
  for (const [against, counts] of counted) {
    counts.forEach((weight, group) => {
      if (weight === 0) return;
      for (let service = 0; service < prepared.services.length; service += 1) {
        const cell = group * columns + service;
        sums[cell] = (sums[cell] ?? 0) - weight * against.sum(service);
      }
      const last = group * columns + columns - 1;
      sums[last] = (sums[last] ?? 0) - weight * against.durationMs;
    });
  }
  return { sums, weights };
}

/** Mean effect per service, own and gap apart. */
function meanParts(
  prepared: PreparedTraces,
  violating: Population,
  costs: TraceCosts,
  expected: ReferenceMeans,
): { readonly own: Float64Array; readonly gap: Float64Array } {
  const own = new Float64Array(prepared.services.length);
  const gap = new Float64Array(prepared.services.length);
  const total = violating.weight.reduce((sum, weight) => sum + weight, 0);
  const counted = new Map<ExpectedCosts, number>();
  violating.traces.forEach((trace, row) => {
    const share = total === 0 ? 0 : (violating.weight[row] ?? 0) / total;
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
