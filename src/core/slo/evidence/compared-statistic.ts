// The statistics that runs are compared by: their names, their values in a run, and what is kept of them for later runs.

import { mergeHistograms } from '../../model/histogram-data.ts';
import type { BaselineObservation } from '../../model/observations.ts';
import { percentileName } from '../../model/percentile-name.ts';
import type { Requirement, Stat } from '../../model/requirement.ts';
import type { BaselineRecord } from '../../model/run.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { effectiveSamples } from '../statistics/design-effect.ts';
import { histogramQuantile, type PhaseEstimate, phaseMean, phaseQuantile } from './phase-estimate.ts';
import { groupsOf, phasesOf } from './scope.ts';
import { clausesOf } from './watch.ts';
import { alignedSlices } from './watch-evidence.ts';

/** What has to be known of a run. */
export type ComparedRun = Pick<JudgeContext, 'evaluation' | 'observations'>;

/** As a rule writes it: `p95`, `p95(peak)`, `rate`. */
export function statisticName(stat: Stat): string {
  if (stat.kind === 'quantile') return percentileName(stat.q);
  return stat.args.length === 0 ? stat.name : `${stat.name}(${stat.args.join(', ')})`;
}

/** `p95`, also written with its phase; undefined for a mean or a rate. */
export function quantileOf(stat: Stat): number | undefined {
  if (stat.kind === 'quantile') return stat.q;
  return /^p\d/.test(stat.name) ? Number((Number(stat.name.slice(1)) / 100).toPrecision(12)) : undefined;
}

/** The phase it names, else those of the requirement. */
function comparedPhases(stat: Stat, requirement: Requirement, run: ComparedRun): readonly string[] {
  const own = stat.kind === 'named' ? stat.args[0] : undefined;
  return own === undefined ? phasesOf(requirement, run) : [own];
}

/** Response time in milliseconds; undefined with too few requests for an interval. */
export function responseEstimate(stat: Stat, requirement: Requirement, run: ComparedRun): PhaseEstimate | undefined {
  const { load } = run.observations;
  if (load === undefined) return undefined;
  const groups = groupsOf(load, requirement, comparedPhases(stat, requirement, run));
  const options = { confidence: requirement.confidence, excluded: isExcluded(run) };
  const q = quantileOf(stat);
  return q === undefined ? phaseMean(groups, options) : phaseQuantile(groups, q, options);
}

/** How many requests the statistic looks at, failed ones among them. */
export function requestsOf(stat: Stat, requirement: Requirement, run: ComparedRun): number {
  const { load } = run.observations;
  const groups = load === undefined ? [] : groupsOf(load, requirement, comparedPhases(stat, requirement, run));
  return groups.reduce((sum, group) => sum + group.requests, 0);
}

export const isErrorRate = (stat: Stat): boolean => stat.kind === 'named' && stat.name === 'rate';

/** One record for each statistic that a clause compares with earlier runs; none where it has no value. */
export function comparedRecords(requirement: Requirement, run: ComparedRun): readonly BaselineRecord[] {
  const stats = clausesOf(requirement).flatMap(({ stat, limit }) => (limit.kind === 'baseline' ? [stat] : []));
  const byName = new Map(stats.map((stat) => [statisticName(stat), stat]));
  return [...byName].flatMap(([statistic, stat]) => {
    const head = { requirement: requirement.id, statistic };
    const found = isErrorRate(stat) ? rateRecord(requirement, run) : responseRecord(stat, requirement, run);
    return found === undefined ? [] : [{ ...head, ...found }];
  });
}

type Recorded = Omit<BaselineRecord, 'requirement' | 'statistic'>;

function rateRecord(requirement: Requirement, run: ComparedRun): Recorded | undefined {
  const { load } = run.observations;
  const groups = load === undefined ? [] : groupsOf(load, requirement, phasesOf(requirement, run));
  const samples = groups.reduce((sum, group) => sum + group.requests, 0);
  return samples === 0 ? undefined : { value: groups.reduce((sum, group) => sum + group.failed, 0) / samples, samples };
}

function responseRecord(stat: Stat, requirement: Requirement, run: ComparedRun): Recorded | undefined {
  const { load } = run.observations;
  const estimate = responseEstimate(stat, requirement, run);
  if (load === undefined || estimate === undefined || !Number.isFinite(estimate.value)) return undefined;
  const { value, interval, samples } = estimate;
  const slices = alignedSlices(groupsOf(load, requirement, comparedPhases(stat, requirement, run)));
  return {
    value,
    ...(interval.every(Number.isFinite) ? { interval, confidence: requirement.confidence } : {}),
    samples,
    histogram: mergeHistograms(slices.map((slice) => slice.answered)),
  };
}

const isExcluded = (run: ComparedRun): boolean => run.evaluation.failuresCountAs === 'excluded';

/**
 * One observation a run, newest first: its value of this very statistic. Where the run did not keep that one, a percentile is read from the distribution of another over the same phases.
 */
export function earlierValues(
  stat: Stat,
  requirement: Requirement,
  { observations }: ComparedRun,
): readonly BaselineObservation[] {
  const statistic = statisticName(stat);
  const own = observations.baselines.filter((each) => each.requirement === requirement.id);
  const byRun = Map.groupBy(own, ({ runId }) => runId);
  return [...byRun.values()].flatMap((records) => {
    const exact = records.find((record) => record.statistic === statistic);
    return exact ?? fromDistribution(stat, records, requirement.confidence) ?? [];
  });
}

function fromDistribution(
  stat: Stat,
  records: readonly BaselineObservation[],
  confidence: number,
): BaselineObservation | undefined {
  const q = quantileOf(stat);
  const scope = scopeOf(statisticName(stat));
  const record = records.find(
    ({ statistic, histogram }) => statistic !== undefined && histogram !== undefined && scopeOf(statistic) === scope,
  );
  if (q === undefined || record?.histogram === undefined) return undefined;
  const { histogram, samples } = record;
  const independent = { effect: 1, slices: Number.POSITIVE_INFINITY, merged: 1, lag1: 0, steady: true };
  const effective = effectiveSamples(samples, independent, confidence);
  const value = histogramQuantile({ answered: histogram, samples }, q, effective, confidence)?.value;
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const { interval: _, confidence: __, ...rest } = record;
  return { ...rest, statistic: statisticName(stat), value };
}

/** `(peak)` of `p95(peak)`. */
const scopeOf = (statistic: string): string => /\(.*$/.exec(statistic)?.[0] ?? '';
