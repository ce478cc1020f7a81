// Evidence from the load engine: exact counts at the document's limits, histograms for everything shown.
import { countAbove, mergeHistograms, smallestValues, valueAtRank, withoutValues } from '../../model/histogram-data.ts';
import type { HistogramData, LoadGroup, LoadSlice, Watch, WatchResult, WatchSlice } from '../../model/load.ts';
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { SliceTotal } from '../statistics/mean-interval.ts';
import { sayCount } from '../wording.ts';
import type { BeyondLimit, Evidence, NoEvidence, SliceMeans } from './evidence.ts';
import { groupsOf, phasesOf, slicesOf } from './scope.ts';

/** Reads what `watch` asked for. Values and limits are milliseconds. */
export function watchEvidence(
  requirement: Requirement,
  watch: Watch,
  context: JudgeContext,
  noun = 'requests',
): Evidence | NoEvidence {
  const { load } = context.observations;
  if (load === undefined)
    return { reason: 'no-data', message: 'no load was driven, and the client is the only clock asked for' };
  const result = load.watches.find((each) => each.id === watch.id);
  const phases = phasesOf(requirement, context);
  const slices = result === undefined ? [] : slicesOf(result.slices, phases);
  const requests = total(slices, (slice) => slice.requests);
  if (result === undefined || requests === 0)
    return { reason: 'no-data', message: `no ${noun} were sent${inWords(requirement, phases)}` };
  if (watch.bounds !== undefined && result.boundsApplied !== true)
    return { reason: 'no-data', message: 'the load engine did not count the bounds asked for' };
  const excluded = context.evaluation.failuresCountAs === 'excluded';
  if (excluded && total(slices, (slice) => slice.failed) >= requests)
    return { reason: 'no-data', message: `all ${sayCount(requests)} ${noun} failed, and failed ones are left out` };
  const groups = groupsOf(load, requirement, phases);
  return evidenceOf({
    watch,
    result,
    slices,
    groups,
    noun,
    excluded,
  });
}

interface Found {
  readonly watch: Watch;
  readonly result: WatchResult;
  readonly slices: readonly WatchSlice[];
  readonly groups: readonly LoadGroup[];
  readonly noun: string;
  /** Failed requests count neither as bad nor as samples. */
  readonly excluded: boolean;
}

function evidenceOf(found: Found): Evidence {
  const { watch, slices, groups, noun, excluded } = found;
  const failed = total(slices, (slice) => slice.failed);
  const samples = total(slices, (slice) => slice.requests) - (excluded ? failed : 0);
  const histogram = histogramOf(found);
  const quick = failed === 0 ? 0 : Math.min(failed, quickFailures(found, histogram));
  // Some measures are not recorded of a failed request: then it is not among the fast ones either.
  const hidden = Math.max(0, quick - Math.max(0, samples - histogram.count));
  return {
    unit: 'ms',
    noun,
    samples,
    failed: excluded ? 0 : failed,
    sliceMs: watch.slice,
    beyond: ({ limit, above }) =>
      exact(found, limit, (slice, index) =>
        above ? (slice.over[index] ?? 0) - (excluded ? slice.failed : 0) : slice.requests - (slice.over[index] ?? 0),
      ),
    valueAt: (rank) => {
      if (histogram.count === 0) return undefined;
      // What failed quickly has no time that counts; what failed slowly took at least as long as it was waited for.
      if (rank > samples - quick) return Number.POSITIVE_INFINITY;
      // The histogram may hold failures that do not count: then ranks are stretched over all of it.
      const stretched = excluded && samples > 0 ? (rank * histogram.count) / samples : rank;
      const bounds = valueAtRank(histogram, Math.min(histogram.count, stretched + hidden));
      return bounds && (bounds[0] + bounds[1]) / 2000;
    },
    bursts: (count) => (watch.measure === 'response' ? commoner(groups, count) : undefined),
    means: () => (watch.measure === 'response' ? sliceMeans(groups) : undefined),
    notes: failed > 0 && excluded ? [`${failed} failed ${noun} were left out (failuresCountAs: excluded)`] : [],
  };
}

function exact(
  found: Found,
  limit: number,
  bad: (slice: WatchSlice, index: number) => number,
): BeyondLimit | undefined {
  const index = found.watch.thresholds.indexOf(limit as Watch['thresholds'][number]);
  if (index < 0) return undefined;
  const counts = found.slices.map((slice) => ({
    requests: slice.requests - (found.excluded ? slice.failed : 0),
    bad: bad(slice, index),
    stratum: slice.phase,
  }));
  return { least: counts, most: counts };
}

/** The distribution in scope: the groups' when the watch covers more than that. */
function histogramOf({ watch, result, groups }: Found): HistogramData {
  const parts = groups.flatMap((group) => group.histograms[watch.measure] ?? []);
  return parts.length > 0 ? mergeHistograms(parts) : result.histogram;
}

/**
 * Failed requests that the histogram does not hold among the slow ones: they count as slowest, so the ranks of all others move up by the number of them it holds.
 * Told from the exact counts at the highest limit.
 */
function quickFailures({ watch, slices, excluded }: Found, histogram: HistogramData): number {
  const last = watch.thresholds.length - 1;
  const limit = watch.thresholds[last];
  if (limit === undefined || excluded) return 0;
  const over = total(slices, (slice) => slice.over[last] ?? 0);
  return Math.max(0, over - countAbove(histogram, limit * 1000).most);
}

/** Requests slower than a level that at least `count` exceed, in each slice of the groups. Buckets are 0.8% wide: good enough to see bursts. */
function commoner(groups: readonly LoadGroup[], count: number): readonly SliceCount[] | undefined {
  const slices = alignedSlices(groups);
  const whole = mergeHistograms(slices.map((slice) => slice.response));
  if (whole.count < 2 * count) return undefined;
  const bounds = valueAtRank(whole, whole.count - count);
  if (bounds === undefined) return undefined;
  const level = bounds[0] - 1;
  return slices.map((slice) => ({
    requests: slice.response.count,
    bad: countAbove(slice.response, level).least,
    stratum: slice.phase,
  }));
}

/** Of the requests that were answered. */
function sliceMeans(groups: readonly LoadGroup[]): SliceMeans {
  const filled = alignedSlices(groups).filter((slice) => slice.answered.count > 0);
  return {
    slices: filled.map(answeredTotal),
    sliceMs: filled.reduce((longest, slice) => Math.max(longest, slice.durationMs), 0),
  };
}

export interface AlignedSlice {
  readonly startMs: number;
  readonly durationMs: number;
  readonly phase: string;
  readonly requests: number;
  readonly failed: number;
  readonly response: HistogramData;
  /** `response` without the failed requests. */
  readonly answered: HistogramData;
}

/** Milliseconds that its answers took together, and how many they are. */
export const answeredTotal = ({ answered, phase }: AlignedSlice): SliceTotal => ({
  total: answered.sum / 1000,
  weight: answered.count,
  stratum: phase,
});

/** The slices of several steps laid over each other, in time order. */
export function alignedSlices(groups: readonly LoadGroup[]): readonly AlignedSlice[] {
  const byStart = new Map<number, { readonly phase: string; readonly parts: LoadSlice[] }>();
  for (const group of groups) {
    for (const slice of group.slices) {
      const at = byStart.get(slice.startMs);
      if (at === undefined) byStart.set(slice.startMs, { phase: group.phase, parts: [slice] });
      else at.parts.push(slice);
    }
  }
  return [...byStart.entries()]
    .sort(([a], [b]) => a - b)
    .map(([startMs, { phase, parts }]) => ({
      startMs,
      durationMs: parts[0]?.durationMs ?? 0,
      phase,
      requests: total(parts, (part) => part.requests),
      failed: total(parts, (part) => part.failed),
      response: mergeHistograms(parts.map((part) => part.response)),
      answered: mergeHistograms(parts.map(answeredIn)),
    }));
}

/** Where nobody told the failed requests apart, they count as the quickest: nothing looks fast because of them. */
function answeredIn({ response, failed, failedResponse }: LoadSlice): HistogramData {
  return failed === 0 ? response : withoutValues(response, failedResponse ?? smallestValues(response, failed));
}

function inWords(requirement: Requirement, phases: readonly string[]): string {
  const { scenario, route } = requirement.where;
  const what = [
    ...(route === undefined ? [] : [`to ${route}`]),
    ...(scenario === undefined ? [] : [`in scenario ${scenario}`]),
    ...(phases.length === 0 ? [] : [`in ${phases.length === 1 ? 'phase' : 'phases'} ${phases.join(', ')}`]),
  ];
  return what.length === 0 ? '' : ` ${what.join(' ')}`;
}

const total = <T>(items: readonly T[], pick: (item: T) => number): number =>
  items.reduce((sum, item) => sum + pick(item), 0);
