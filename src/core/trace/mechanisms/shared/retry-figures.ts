// Attempts and logical calls of every edge, on both sides of the comparison.

import { callFactsOf } from '../../calls/call-facts.ts';
import { logicalCallsOf } from '../../calls/logical-calls.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { type Add, type Tally, tally } from './tally.ts';

/** Figures of one edge. Means are per request; ratios of nothing are 0, amplifications 1. */
export interface RetryFigures {
  /** Attempts beyond the first in the violating traces, counted. */
  readonly retries: number;
  readonly amplification: number;
  readonly referenceAmplification: number;
  /** Attempts per request that uses the edge, over the same in the reference; infinite when the reference does not use it. */
  readonly attemptsRise: number;
  /** Attempts at this edge for each call that nobody above repeats: the product of the layers' amplifications. */
  readonly layers: number;
  readonly retryRatio: number;
  /** Share of repeated calls whose last attempt failed too. */
  readonly exhausted: number;
  /** Share of attempts that timed out. */
  readonly timedOut: number;
  /** Time from first to last attempts, milliseconds per request; calls side by side count once. */
  readonly delayMs: number;
  readonly referenceDelayMs: number;
  /** A violating trace's failed attempt on the edge: of the most repeated call. -1 without retries. */
  readonly example: number;
}

export interface RetryTable {
  readonly at: (edge: number) => RetryFigures;
}

export const retryFiguresOf: (context: MechanismContext) => RetryTable = remember(count);

/** Columns of the tally; each edge has one of each. */
const column = { logical: 0, attempts: 1, repeated: 2, exhausted: 3, timedOut: 4, delay: 5, roots: 6 } as const;
const columns = 7;

function count(context: MechanismContext): RetryTable {
  const { prepared } = context;
  const sums = tally(context, prepared.edges.length * columns, (trace, add) => addTrace(prepared, trace, add));
  const examples = findExamples(context);
  return { at: (edge) => figuresAt(context, sums, edge, examples[edge] ?? -1) };
}

function addTrace(prepared: PreparedTraces, trace: number, add: Add): void {
  const { first, attempts, last, layers } = logicalCallsOf(prepared);
  const { failed, timedOut } = callFactsOf(prepared);
  const { firstSpan } = prepared.set;
  const delayedUntil = new Map<number, number>();
  for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
    const head = first[span] ?? -1;
    if (head < 0) continue;
    const edge = prepared.edge[head] ?? -1;
    if (edge < 0) continue;
    const key = edge * columns;
    add(key + column.attempts, 1);
    add(key + column.roots, 1 / (layers[span] ?? 1));
    if (timedOut[span] === 1) add(key + column.timedOut, 1);
    if (head !== span) continue;
    add(key + column.logical, 1);
    if ((attempts[span] ?? 1) < 2) continue;
    const final = last[span] ?? span;
    add(key + column.repeated, 1);
    if (failed[final] === 1) add(key + column.exhausted, 1);
    const from = Math.max(prepared.start[span] ?? 0, delayedUntil.get(edge) ?? Number.NEGATIVE_INFINITY);
    const until = prepared.start[final] ?? 0;
    if (until > from) {
      add(key + column.delay, (until - from) / 1e6);
      delayedUntil.set(edge, until);
    }
  }
}

function figuresAt(context: MechanismContext, sums: Tally, edge: number, example: number): RetryFigures {
  const at = (what: number): number => sums.violating[edge * columns + what] ?? 0;
  const before = (what: number): number => sums.reference[edge * columns + what] ?? 0;
  const attempts = at(column.attempts);
  const logical = at(column.logical);
  return {
    retries: Math.round((attempts - logical) * context.violating.traces.length),
    amplification: over(attempts, logical, 1),
    referenceAmplification: over(before(column.attempts), before(column.logical), 1),
    attemptsRise: attemptsRise(context, sums, edge),
    layers: over(attempts, at(column.roots), 1),
    retryRatio: over(attempts - logical, attempts, 0),
    exhausted: over(at(column.exhausted), at(column.repeated), 0),
    timedOut: over(at(column.timedOut), attempts, 0),
    delayMs: at(column.delay),
    referenceDelayMs: before(column.delay),
    example,
  };
}

function attemptsRise(context: MechanismContext, sums: Tally, edge: number): number {
  const key = edge * columns + column.attempts;
  const users = (sums.violatingTraces[key] ?? 0) / Math.max(1, context.violating.traces.length);
  const usersBefore = (sums.referenceTraces[key] ?? 0) / Math.max(1, context.reference.traces.length);
  const before = over(sums.reference[key] ?? 0, usersBefore, 0);
  return before > 0 ? over(sums.violating[key] ?? 0, users, 0) / before : Number.POSITIVE_INFINITY;
}

const over = (part: number, whole: number, otherwise: number): number => (whole > 0 ? part / whole : otherwise);

/** Per edge: the first attempt of the most repeated call among the violating traces. */
function findExamples({ prepared, violating }: MechanismContext): Int32Array {
  const { attempts } = logicalCallsOf(prepared);
  const examples = new Int32Array(prepared.edges.length).fill(-1);
  const { firstSpan } = prepared.set;
  for (const trace of violating.traces) {
    for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
      const edge = prepared.edge[span] ?? -1;
      const made = attempts[span] ?? 0;
      if (edge < 0 || made < 2) continue;
      if (made > (attempts[examples[edge] ?? -1] ?? 0)) examples[edge] = span;
    }
  }
  return examples;
}
