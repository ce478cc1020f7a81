// Which candidates are causes, and which of them only show what a cause does elsewhere.

import type { CandidateFinding, MechanismContext } from '../mechanisms/mechanism.ts';
import { requestMs } from '../mechanisms/shared/culprits.ts';
import { byPrecedence, isReading, isTimeReading, mostlyFailed } from './explain-precedence.ts';
import { isExplainedBy } from './explain-relations.ts';

export interface Cause {
  readonly main: CandidateFinding;
  /** Of the violation, 0..1, with what it explains at other places. */
  readonly share: number;
  readonly effectMs: number;
  /** Other things that go wrong because of it and make it worse, the greatest effect first. */
  readonly amplifiers: readonly CandidateFinding[];
}

/** By share, greatest first; ties by precedence. */
export function causesOf(candidates: readonly CandidateFinding[], context: MechanismContext): readonly Cause[] {
  const ordered = byPrecedence(candidates, shareOfFailed(context));
  const weigh = (cause: Cause): number => weightOf(cause) * accountsFor(cause, context);
  const groups: { readonly main: CandidateFinding; readonly others: CandidateFinding[] }[] = [];
  for (const each of ordered) {
    const group = groups.find(({ main }) => isExplainedBy(each, main));
    if (group === undefined) groups.push({ main: each, others: [] });
    else group.others.push(each);
  }
  return groups
    .map(({ main, others }) => causeOf(main, others))
    .map((cause, order) => ({ cause, order }))
    .sort((a, b) => weigh(b.cause) - weigh(a.cause) || b.cause.main.support - a.cause.main.support || a.order - b.order)
    .map(({ cause }) => cause);
}

/**
 * How far a cause can account for the outcome, 0..1. When most requests failed, slowness counts as far as they were slow at all: 20 ms more on 90 ms
 * are not why they failed.
 */
export function accountsFor(cause: Cause, context: MechanismContext): number {
  const isSlowness = isTimeReading(cause.main.mechanism) && shareOfFailed(context) >= mostlyFailed;
  const { reference: usualMs } = requestMs(context);
  return isSlowness && usualMs > 0 ? Math.min(1, cause.effectMs / usualMs) : 1;
}

/** A doubtful cause gives way to a sure one of about the same size. */
const trust = { high: 1, medium: 0.85, low: 0.5 } as const;

const weightOf = ({ main, share }: Cause): number => share * trust[main.confidence];

function causeOf(main: CandidateFinding, others: readonly CandidateFinding[]): Cause {
  const effects = [main, ...others];
  return {
    main,
    share: Math.min(1, Math.max(...effects.map((each) => each.share))),
    effectMs: Math.max(...effects.map((each) => each.effectMs)),
    amplifiers: others.filter((each) => !isReading(each, main)).sort((a, b) => b.effectMs - a.effectMs),
  };
}

/** Of the violating requests, those that failed rather than being slow. */
function shareOfFailed({ violating, failed }: MechanismContext): number {
  const count = violating.traces.reduce((sum, trace) => sum + (failed[trace] === 1 ? 1 : 0), 0);
  return violating.traces.length === 0 ? 0 : count / violating.traces.length;
}
