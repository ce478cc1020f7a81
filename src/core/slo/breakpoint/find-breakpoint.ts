// Finds where a rising load broke a requirement: the last step that held and the first that did not.
import type { Breakpoint, BreakpointStep, StepState } from '../../model/breakpoint.ts';
import type { LoadResult } from '../../model/load.ts';
import type { Requirement } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import { meetsAsMeasured } from '../as-measured.ts';
import { phasesOf } from '../evidence/scope.ts';
import { type JudgeInput, judgePart, type Part } from '../judge.ts';
import { validityIssues } from '../validity.ts';
import { type RiseStep, riseSteps } from './rise-steps.ts';
import { searchedId } from './searched-requirement.ts';

/**
 * Many steps are looked at, and each of them again and again while it lasts: a failure that ends the search is judged at a tenth of the usual risk
 * (REQUIREMENTS.md 1.3, repeated looks).
 */
const riskOfEnding = 0.1;

/**
 * Judges `searched` (of `searchedRequirement`) on every step that was begun. A step holds when it passes as the document asks; it is broken when it fails even at a tenth of the risk of
 * a false alarm; all else is undecided.
 */
export function findBreakpoint(searched: Requirement, input: JudgeInput): Breakpoint {
  const { load } = input.observations;
  const found = load === undefined ? [] : stepsOf(searched, input, load).map((step) => judged(step, searched, input));
  const steps = load?.endedEarly === undefined ? found : withWhatEndedIt(found);
  const brokenAt = steps.findIndex(({ state }) => state === 'broke');
  const firstBroken = steps[brokenAt];
  const lastHeld = steps.slice(0, brokenAt < 0 ? steps.length : brokenAt).findLast(({ isMet }) => isMet === true);
  return {
    requirement: searchedId(searched),
    rule: searched.require.text,
    steps,
    ...(lastHeld === undefined ? {} : { lastHeld }),
    ...(firstBroken === undefined ? {} : { firstBroken }),
  };
}

/**
 * The load was ended because one of the last two steps was broken for certain when it was looked at. Replies that came in afterwards may leave the whole step just undecided; they do not take
 * back what ended the rise. It is the one of the two that missed its limit on more requests.
 */
function withWhatEndedIt(steps: readonly BreakpointStep[]): readonly BreakpointStep[] {
  if (steps.some(({ state }) => state === 'broke')) return steps;
  const missed = steps.slice(-2).filter(({ isMet }) => isMet === false);
  const ending = missed.toSorted((a, b) => b.samples - a.samples)[0];
  return steps.map((step) => (step === ending ? brokenFor(step) : step));
}

function brokenFor({ reason: _, ...step }: BreakpointStep): BreakpointStep {
  return { ...step, state: 'broke' };
}

/**
 * Whether what was measured so far breaks the requirement: only the last two steps are looked at, and of them only slices that were over a slice ago, because requests that
 * have not ended yet are not counted yet. While the generator itself is in trouble both must be broken: its lateness counts as latency, but a hiccup passes, and an
 * overload does not.
 */
export function isBroken(searched: Requirement, input: JudgeInput): boolean {
  const { load } = input.observations;
  if (load === undefined) return false;
  const settled = (load.endedEarly?.atMs ?? load.durationMs) - searched.slice;
  const broken = stepsOf(searched, input, load)
    .slice(-2)
    .map((step) => {
      const slices = Math.floor((Math.min(step.endMs, settled) - step.startMs) / searched.slice);
      const stretch = { startMs: step.startMs, endMs: step.startMs + slices * searched.slice };
      return slices > 0 && judgePart(strict(searched), stretch, input).verdict === 'fail';
    });
  const isUnfit = validityIssues(input.observations, input.limits).some((issue) => !issue.keepsFail);
  return isUnfit ? broken.length > 1 && broken.every(Boolean) : broken.some(Boolean);
}

function stepsOf(searched: Requirement, input: JudgeInput, load: LoadResult): readonly RiseStep[] {
  return riseSteps(load, phasesOf(searched, input), searched.slice);
}

function judged({ isPhase, ...step }: RiseStep, searched: Requirement, input: JudgeInput): BreakpointStep {
  const part: Part = isPhase ? { phase: step.phase } : { startMs: step.startMs, endMs: step.endMs };
  const verdict = judgePart(searched, part, input);
  const strictly = verdict.verdict === 'fail' ? judgePart(strict(searched), part, input) : verdict;
  const [clause] = verdict.clauses;
  const value = clause?.observed?.value;
  const isMet = meetsAsMeasured(verdict, searched);
  return {
    ...step,
    state: stateOf(strictly),
    ...(isMet === undefined ? {} : { isMet }),
    ...(strictly.reason === undefined ? {} : { reason: strictly.reason }),
    samples: clause?.decision?.samples ?? 0,
    ...(clause?.observed === undefined
      ? {}
      : { clause: clause.clause, unit: clause.observed.unit, ...(value === undefined ? {} : { value }) }),
    ...(clause?.limit === undefined ? {} : { limit: clause.limit }),
  };
}

function stateOf({ verdict }: Verdict): StepState {
  if (verdict === 'pass' || verdict === 'warn') return 'held';
  return verdict === 'fail' ? 'broke' : 'undecided';
}

const strict = (searched: Requirement): Requirement => ({
  ...searched,
  confidence: ratio(1 - (1 - searched.confidence) * riskOfEnding),
});
