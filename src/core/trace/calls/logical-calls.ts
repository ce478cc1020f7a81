// Puts attempts back together into the calls that the code meant: one logical call is the first try and its retries.
import { spanKind } from '../../model/trace-set.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { linkChildren } from '../prepare/span-tree.ts';
import { remember } from '../spans/remember.ts';
import { callFactsOf } from './call-facts.ts';

/** Per span; spans that are no CLIENT spans have -1 and 0. */
export interface LogicalCalls {
  /** The first attempt of the logical call that this attempt belongs to; itself when it is the first or only one. */
  readonly first: Int32Array;
  /** The attempt after this one, or -1. */
  readonly next: Int32Array;
  /** At first attempts: how many attempts were made and which was the last. */
  readonly attempts: Uint32Array;
  readonly last: Int32Array;
  /** Attempts per logical call, multiplied along the chain of callers: 3 layers of 3 attempts give 27 at the bottom. 1 where nobody retries. */
  readonly layers: Float64Array;
}

/** A retry may start this much before the end of the attempt it follows: clocks and callbacks. */
const slackNs = 1e6;
/** How many earlier failures of one caller are considered; parallel calls that all fail leave several open. */
const openFailures = 16;

/**
 * An attempt repeats an earlier one of the same caller (parent, INTERNAL spans around each attempt looked through) when it asks the same callee for the same thing, starts after the earlier one ended, and that
 * one failed in a way that may pass, without asking for another request (ANALYSIS.md 1.6). `http.request.resend_count` confirms; its absence proves
 * nothing. Linear.
 *
 *     parent   |----------------------------------|
 *     call      |--fail--| |--fail--|   |--ok--|        one logical call, 3 attempts
 */
export const logicalCallsOf: (prepared: PreparedTraces) => LogicalCalls = remember(reconstruct);

function reconstruct(prepared: PreparedTraces): LogicalCalls {
  const size = prepared.set.start.length;
  const calls = {
    first: new Int32Array(size).fill(-1),
    next: new Int32Array(size).fill(-1),
    attempts: new Uint32Array(size),
    last: new Int32Array(size).fill(-1),
    layers: new Float64Array(size).fill(1),
  };
  const { identity, identities } = requestIdentities(prepared);
  const callers = callersOf(prepared);
  const { firstChild, nextSibling } = linkChildren(callers, undefined);
  // Open failures by identity, as lists through `older`; valid only for the caller that `owner` names.
  const newest = new Int32Array(identities).fill(-1);
  const owner = new Int32Array(identities).fill(-1);
  const older = new Int32Array(size).fill(-1);
  for (const caller of prepared.order) {
    for (let span = firstChild[caller] ?? -1; span >= 0; span = nextSibling[span] ?? -1) {
      const id = identity[span] ?? -1;
      if (owner[id] !== caller) {
        owner[id] = caller;
        newest[id] = -1;
      }
      const before = takeFailure(prepared, { newest, older }, id, span);
      if (before < 0) startCall(calls, span);
      else continueCall(calls, before, span);
      older[span] = newest[id] ?? -1;
      newest[id] = span;
    }
  }
  for (let span = 0; span < size; span += 1) {
    if ((identity[span] ?? -1) >= 0 && (calls.first[span] ?? -1) < 0) startCall(calls, span);
  }
  multiplyLayers(prepared, calls);
  return calls;
}

/** Per CLIENT span: the nearest span above it that is no INTERNAL one of its service, or the topmost of those; -1 for roots and all other spans. */
function callersOf({ set, order, parent, service }: PreparedTraces): Int32Array {
  const outermost = new Int32Array(order.length);
  const callers = new Int32Array(order.length).fill(-1);
  for (const span of order) {
    const above = parent[span] ?? -1;
    const isInner = set.kind[span] === spanKind.internal && above >= 0 && service[above] === service[span];
    outermost[span] = isInner ? (outermost[above] ?? above) : span;
    if (set.kind[span] === spanKind.client && above >= 0) callers[span] = outermost[above] ?? above;
  }
  return callers;
}

interface OpenFailures {
  readonly newest: Int32Array;
  readonly older: Int32Array;
}

/** The earliest earlier attempt that `span` may be the retry of, taken out of the list; -1 when it is a call of its own. */
function takeFailure(prepared: PreparedTraces, { newest, older }: OpenFailures, id: number, span: number): number {
  const { failed, asksAgain, isFinal, isResend } = callFactsOf(prepared);
  let found = -1;
  let afterFound = -1;
  let after = -1;
  let seen = 0;
  for (let earlier = newest[id] ?? -1; earlier >= 0 && seen < openFailures; earlier = older[earlier] ?? -1) {
    const hasEnded = (prepared.end[earlier] ?? 0) <= (prepared.start[span] ?? 0) + slackNs;
    const mayPass = failed[earlier] === 1 && isFinal[earlier] === 0;
    if (hasEnded && asksAgain[earlier] === 0 && (mayPass || isResend[span] === 1)) {
      found = earlier;
      afterFound = after;
    }
    after = earlier;
    seen += 1;
  }
  if (found < 0) return -1;
  if (afterFound < 0) newest[id] = older[found] ?? -1;
  else older[afterFound] = older[found] ?? -1;
  return found;
}

type Columns = { -readonly [Key in keyof LogicalCalls]: LogicalCalls[Key] };

function startCall(calls: Columns, span: number): void {
  calls.first[span] = span;
  calls.last[span] = span;
  calls.attempts[span] = 1;
}

function continueCall(calls: Columns, before: number, span: number): void {
  const first = calls.first[before] ?? before;
  calls.first[span] = first;
  calls.next[before] = span;
  calls.last[first] = span;
  calls.attempts[first] = (calls.attempts[first] ?? 0) + 1;
}

/** What a call asks for: callee, name and, where known, the very URL or statement; a loop over different items is no retry. */
function requestIdentities(prepared: PreparedTraces): { readonly identity: Int32Array; readonly identities: number } {
  const { set, payer } = prepared;
  const { target, statement } = callFactsOf(prepared);
  const identity = new Int32Array(set.start.length).fill(-1);
  const known = new Map<number, number>();
  for (let span = 0; span < identity.length; span += 1) {
    if (set.kind[span] !== spanKind.client) continue;
    const asked = Math.max(target[span] ?? -1, statement[span] ?? -1) + 1;
    const key = ((payer[span] ?? 0) * set.strings.length + (set.name[span] ?? 0)) * (set.values.length + 1) + asked;
    let id = known.get(key);
    if (id === undefined) {
      id = known.size;
      known.set(key, id);
    }
    identity[span] = id;
  }
  return { identity, identities: known.size };
}

function multiplyLayers(prepared: PreparedTraces, calls: Columns): void {
  for (const span of prepared.order) {
    const above = prepared.parent[span] ?? -1;
    const inherited = above < 0 ? 1 : (calls.layers[above] ?? 1);
    const first = calls.first[span] ?? -1;
    calls.layers[span] = inherited * (first < 0 ? 1 : (calls.attempts[first] ?? 1));
  }
}
