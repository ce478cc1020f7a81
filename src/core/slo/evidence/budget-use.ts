// How much bad an SLO's window held, read from the answers to its queries.
import type { Requirement } from '../../model/requirement.ts';
import type { Slo } from '../../model/verification.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { sayCount, sayDuration } from '../wording.ts';
import { type BudgetPart, budgetKey, hasTimeSlices, timeSlice } from './budget-queries.ts';
import type { NoEvidence } from './evidence.ts';

export interface BudgetUse {
  readonly badShare: number;
  /** Events (or slices) that the share is taken of; undefined when the indicator gives a ratio alone. */
  readonly events?: number;
  readonly noun: string;
}

export function budgetUse(
  requirement: Requirement,
  slo: Slo,
  windowMs: number,
  context: JudgeContext,
): BudgetUse | NoEvidence {
  const read = (part: BudgetPart) => lastValue(budgetKey(requirement, windowMs, part), context);
  const total = read('total');
  if (total !== undefined) return fromCounts(total, read('good'), read('bad'), eventsFactor(slo, windowMs));
  const good = read('share');
  const bad = read('badShare');
  const badShare = bad ?? (good === undefined ? undefined : 1 - good);
  if (badShare === undefined || badShare < 0 || badShare > 1)
    return { reason: 'no-data', message: `the queries of SLO ${slo.name} gave no value` };
  return hasTimeSlices(slo) ? fromSlices(slo, badShare, read('slices'), windowMs) : { badShare, noun: 'events' };
}

/** Share of a window's slices that may be missing. */
const mostMissing = 0.1;

/** A mean over the slices that exist says nothing of those that do not. */
function fromSlices(slo: Slo, badShare: number, seen: number | undefined, windowMs: number): BudgetUse | NoEvidence {
  const wanted = windowMs / timeSlice(slo);
  if (seen === undefined)
    return { reason: 'no-data', message: `how many slices SLO ${slo.name} has values for is not known` };
  if (seen < (1 - mostMissing) * wanted) {
    const slices = `${sayCount(seen)} of ${sayCount(Math.round(wanted))} slices of ${sayDuration(timeSlice(slo))}`;
    return { reason: 'stale-data', message: `the queries of SLO ${slo.name} have a value for ${slices} only` };
  }
  const countsSlices = slo.method === 'Timeslices' || slo.indicator.kind === 'threshold';
  return countsSlices ? { badShare, events: seen, noun: 'slices' } : { badShare, noun: 'slices' };
}

function fromCounts(
  total: number,
  good: number | undefined,
  bad: number | undefined,
  factor: number,
): BudgetUse | NoEvidence {
  if (!(total > 0)) return { reason: 'no-data', message: 'the SLO counted no events' };
  const wrong = bad ?? (good === undefined ? undefined : total - good);
  if (wrong === undefined)
    return { reason: 'no-data', message: 'one side of the ratio has no value: an absent series is not a zero' };
  // More good than all: the two queries do not fit together, or a counter was lost in between.
  if (wrong < -1e-6 * total || wrong > total * (1 + 1e-6))
    return { reason: 'stale-data', message: 'good and total do not fit together' };
  return { badShare: Math.min(1, Math.max(0, wrong / total)), events: total * factor, noun: 'events' };
}

/** `rate(...)` gives events a second: times the window, events. Anything else is taken as a count. */
function eventsFactor(slo: Slo, windowMs: number): number {
  const { indicator } = slo;
  const total = 'total' in indicator ? indicator.total : '';
  return /\bi?rate\s*\(/.test(total) ? windowMs / 1000 : 1;
}

/** The newest number of a one-series answer; undefined for none, NaN, or several series. */
function lastValue(key: string, context: JudgeContext): number | undefined {
  const observation = context.observations.series.find((each) => each.key === key);
  if (observation === undefined || observation.series.length !== 1) return undefined;
  const series = observation.series[0];
  const value = series?.values.at(-1);
  const time = series?.times.at(-1) ?? 0;
  // Older than two steps or a minute before the window's end: the series has died.
  const isStale = time < observation.window.end - Math.max(2 * observation.step, 60_000);
  return value === undefined || isStale || !Number.isFinite(value) ? undefined : value;
}
