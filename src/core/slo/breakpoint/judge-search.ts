// Judges a run that looked for a breaking point: the requirement that was to break is judged on what held.
import type { Breakpoint, BreakpointStep } from '../../model/breakpoint.ts';
import type { Requirement } from '../../model/requirement.ts';
import { restrict } from '../evidence/restrict.ts';
import { type Judged, type JudgeInput, judgeAll } from '../judge.ts';
import { sayQuantity } from '../wording.ts';
import { findBreakpoint } from './find-breakpoint.ts';

export interface JudgedSearch extends Judged {
  readonly breakpoint: Breakpoint;
}

/**
 * That the load rose until something broke is what the search was for, not a failure of the system: the searched requirement gets the verdict of the steps up to the last that held, or fails
 * when none did. Every other requirement is judged on all that was driven; `capacity >= 300/s while [A]` says how far it must hold. Phases that were not reached do not count.
 */
export function judgeSearch(
  requirements: readonly Requirement[],
  searched: Requirement,
  input: JudgeInput,
): JudgedSearch {
  const reached = onPhases(input, reachedPhases(input));
  const breakpoint = findBreakpoint(searched, reached);
  const elsewhere = judgedOn(breakpoint, reached);
  const judged = judgeAll(requirements, {
    ...reached,
    rise: breakpoint,
    ...(elsewhere === undefined
      ? {}
      : { elsewhere: { requirement: breakpoint.requirement, as: searched, input: elsewhere } }),
  });
  const verdicts = judged.verdicts.map((verdict) =>
    verdict.requirement === breakpoint.requirement
      ? { ...verdict, notes: [...verdict.notes, sayBreakpoint(breakpoint)] }
      : verdict,
  );
  return { ...judged, verdicts, breakpoint };
}

function reachedPhases({ evaluation, observations: { load } }: JudgeInput): readonly string[] {
  const endMs = load?.endedEarly?.atMs;
  if (load === undefined || endMs === undefined) return evaluation.phases;
  const reached = load.phases.filter(({ startMs }) => startMs < endMs).map(({ name }) => name);
  return evaluation.phases.filter((name) => reached.includes(name));
}

const onPhases = (input: JudgeInput, phases: readonly string[]): JudgeInput => ({
  ...input,
  phases,
  evaluation: { ...input.evaluation, phases },
});

/** What the searched requirement's own verdict looks at; undefined where nothing broke, and all counts. */
function judgedOn({ steps, lastHeld, firstBroken }: Breakpoint, input: JudgeInput): JudgeInput | undefined {
  if (firstBroken === undefined) return undefined;
  const last = lastHeld ?? firstBroken;
  const first = lastHeld === undefined ? firstBroken : (steps[0] ?? firstBroken);
  const within = onPhases(
    input,
    input.evaluation.phases.filter((name) =>
      steps.some(({ phase, startMs, endMs }) => phase === name && startMs >= first.startMs && endMs <= last.endMs),
    ),
  );
  // A ramp broke on its way up: only its beginning counts, and distributions over time are known of response times only.
  const isCut = steps.some(
    ({ phase, startMs, endMs }) =>
      (phase === last.phase && endMs > last.endMs) || (phase === first.phase && startMs < first.startMs),
  );
  const stretch = { startMs: first.startMs, endMs: last.endMs };
  return isCut ? { ...within, observations: restrict(input.observations, stretch) } : within;
}

function sayBreakpoint({ lastHeld, firstBroken, steps }: Breakpoint): string {
  const end = steps.at(-1);
  if (firstBroken === undefined)
    return end === undefined
      ? 'the load never began to rise'
      : `nothing broke up to ${sayLevel(end)}: the breaking point, if there is one, lies beyond`;
  const broke = `broke at ${sayLevel(firstBroken)}${sayValue(firstBroken)}`;
  return lastHeld === undefined
    ? `${broke}, and held at no step before`
    : `judged on what held, up to ${sayLevel(lastHeld)}${sayValue(lastHeld)}; ${broke}`;
}

const sayLevel = ({ level, levelUnit }: BreakpointStep): string =>
  levelUnit === 'users' ? `${sayQuantity(level, '')} users` : sayQuantity(level, '/s');

const sayValue = ({ value, unit }: BreakpointStep): string =>
  value === undefined || unit === undefined ? '' : ` (${sayQuantity(value, unit)})`;
