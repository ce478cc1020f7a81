// What a breakpoint search found, in words: the knee, the first step that broke, and the steps around them.
import type { Breakpoint, BreakpointStep } from '../core/model/breakpoint.ts';
import type { Run } from '../core/model/run.ts';
import { attributionOf } from './attribution-of.ts';
import { formatCount, formatQuantity } from './format-quantity.ts';
import { formatDuration } from './format-time.ts';
import { mechanismAt } from './mechanism-words.ts';
import { chain, effectText } from './terminal-where.ts';
import { reasonWords } from './verdict-words.ts';

/** One step of the rise, ready for a table. */
export interface StepText {
  readonly step: BreakpointStep;
  readonly load: string;
  readonly state: string;
  /** Why the step is undecided; empty where it is not, or where nobody knows. */
  readonly why: string;
  readonly value: string;
  readonly limit: string;
  readonly requests: string;
  readonly lasted: string;
}

/** Steps shown on either side of the knee. */
const neighbours = 2;

/** One sentence that names the breaking point. */
export function breakpointSentence({ requirement, lastHeld, firstBroken, steps }: Breakpoint): string {
  const end = steps.at(-1);
  if (firstBroken === undefined)
    return `${requirement} did not break${end === undefined ? '' : ` up to ${loadText(end)}: the breaking point lies beyond, or is not certain`}`;
  const broke = `${requirement} broke at ${loadText(firstBroken)}`;
  return lastHeld === undefined ? `${broke} and held at no step before` : `${broke}; the knee is ${loadText(lastHeld)}`;
}

/**
 * Where it broke, when the search told: a requirement that passed on what held is not explained elsewhere in a report. Undefined when nothing broke, or nobody is blamed.
 */
export function gaveWayText(run: Run): string | undefined {
  const { breakpoint } = run;
  const finding = breakpoint?.firstBroken && attributionOf(run, breakpoint.requirement).findings[0];
  if (finding === undefined) return undefined;
  const cause = `${mechanismAt(finding.mechanism)} ${finding.service} ${finding.operation}`.trim();
  return `What gave way: ${chain(finding)}; ${cause}, ${effectText(finding)}, ${finding.confidence} confidence (trace ${finding.traces[0] ?? 'unknown'})`;
}

/** The knee and the first broken step, two steps before and one after, and all between; the last steps of a rise that broke nothing. */
export function stepsAroundKnee(breakpoint: Breakpoint): readonly StepText[] {
  const { steps, lastHeld, firstBroken } = breakpoint;
  const at = (step: BreakpointStep | undefined): number =>
    step === undefined ? -1 : steps.findIndex(({ startMs }) => startMs === step.startMs);
  const broken = at(firstBroken);
  const last = broken < 0 ? steps.length - 1 : broken;
  const first = lastHeld === undefined ? last : Math.min(last, at(lastHeld));
  return steps.slice(Math.max(0, first - neighbours), last + 2).map(stepText);
}

function stepText(step: BreakpointStep): StepText {
  const { unit = '' } = step;
  return {
    step,
    load: loadText(step),
    state: stateText(step),
    why: step.reason === undefined || step.reason === 'no-data' ? '' : reasonWords[step.reason],
    value: step.value === undefined ? '' : formatQuantity(step.value, unit),
    limit: step.limit === undefined ? '' : formatQuantity(step.limit, unit),
    requests: step.samples === 0 ? '' : formatCount(step.samples),
    lasted: formatDuration(step.endMs - step.startMs),
  };
}

function loadText({ level, levelUnit }: BreakpointStep): string {
  return levelUnit === 'users' ? `${formatCount(level)} users` : formatQuantity(level, '/s');
}

function stateText({ state, isMet }: BreakpointStep): string {
  if (state !== 'undecided') return state;
  return isMet === undefined ? 'not seen' : isMet ? 'held as measured' : 'missed as measured';
}
