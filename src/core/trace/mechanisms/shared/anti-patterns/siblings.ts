// Walks the children of one parent, with the durations that anti-patterns are made of.
import { spanKind } from '../../../../model/trace-set.ts';
import { callFactsOf } from '../../../calls/call-facts.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';

/** CLIENT children of `parent` in order of start. */
export function callsBelow(prepared: PreparedTraces, parent: number): readonly number[] {
  const calls: number[] = [];
  for (let child = prepared.firstChild[parent] ?? -1; child >= 0; child = prepared.nextSibling[child] ?? -1) {
    if (prepared.set.kind[child] === spanKind.client) calls.push(child);
  }
  return calls;
}

/** A database call, but not one to a cache that is made to be asked often. */
export function isQuery(prepared: PreparedTraces, span: number): boolean {
  const { database } = callFactsOf(prepared);
  const system = database[span] ?? -1;
  return system >= 0 && !/^(?:redis|memcached|valkey)$/i.test(String(prepared.set.values[system]));
}

/** The statement as recorded; the span's name when there is none. */
export function statementOf(prepared: PreparedTraces, span: number): string {
  const { statement } = callFactsOf(prepared);
  const at = statement[span] ?? -1;
  return at >= 0 ? String(prepared.set.values[at]) : (prepared.set.strings[prepared.set.name[span] ?? 0] ?? '');
}

export function durationMs(prepared: PreparedTraces, span: number): number {
  return ((prepared.end[span] ?? 0) - (prepared.start[span] ?? 0)) / 1e6;
}

export function totalMs(prepared: PreparedTraces, spans: readonly number[]): number {
  return spans.reduce((sum, span) => sum + durationMs(prepared, span), 0);
}

export function longestMs(prepared: PreparedTraces, spans: readonly number[]): number {
  return spans.reduce((longest, span) => Math.max(longest, durationMs(prepared, span)), 0);
}

/** Splits calls into runs in which each starts no earlier than the one before ended, and no later than `maxGapMs` after it. */
export function runsInTurn(
  prepared: PreparedTraces,
  spans: readonly number[],
  maxGapMs: number,
): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const span of spans) {
    const run = runs[runs.length - 1];
    const last = run?.[run.length - 1];
    const gap = last === undefined ? 0 : ((prepared.start[span] ?? 0) - (prepared.end[last] ?? 0)) / 1e6;
    if (run === undefined || gap < 0 || gap > maxGapMs) runs.push([span]);
    else run.push(span);
  }
  return runs;
}
