// Finds the moments at which nothing moved in one instance of a service although it had work.
import { spanKind } from '../../../model/trace-set.ts';
import type { MechanismContext } from '../../mechanism.ts';
import { earliestStart } from './earliest-start.ts';
import { sidesOf } from './sides.ts';

export interface Pause {
  /** Milliseconds since the earliest trace of the set. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Traces whose requests were in the instance all the time, not waiting for anybody else. */
  readonly traces: readonly number[];
}

/** Shorter standstills are the scheduler's. */
const shortestMs = 20;
const fewestStuck = 3;
/** All that stood still go on within this part of the pause. */
const burst = { ms: 3, part: 0.1 };

/**
 *     request a  |--|========|---|
 *     request b   |-|========|--------|        no span of the instance starts or ends for a while,
 *     request c     |========|-|               then several do at once
 */
export function pausesOf(context: MechanismContext, service: number): readonly Pause[] {
  return [...instancesOf(context, service).values()].flatMap(findPauses);
}

/** Something of one instance that starts or ends. Waiting: a call to somebody else, during which standing still is normal. */
interface Moment {
  readonly at: number;
  readonly span: number;
  readonly trace: number;
  readonly change: 'enter' | 'leave' | 'call' | 'return' | 'step';
}

function instancesOf(context: MechanismContext, service: number): ReadonlyMap<number, readonly Moment[]> {
  const { prepared } = context;
  const { set } = prepared;
  const origin = earliestStart(set);
  const instances = new Map<number, Moment[]>();
  for (const trace of sidesOf(context).traces) {
    const offset = Number((set.startUnixNanos[trace] ?? origin) - origin);
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (prepared.service[span] !== service) continue;
      const instance = set.resource[span] ?? 0;
      const moments = instances.get(instance) ?? [];
      instances.set(instance, moments);
      const [start, end] = changesOf(set.kind[span] ?? 0);
      moments.push({ at: (offset + (prepared.start[span] ?? 0)) / 1e6, span, trace, change: start });
      // The answer was there when the callee had ended; what follows is this instance's own delay.
      const server = prepared.serverChild[span] ?? -1;
      const answered = end === 'return' && server >= 0 ? (prepared.end[server] ?? 0) : (prepared.end[span] ?? 0);
      if (end === 'return') moments.push({ at: (offset + answered) / 1e6, span, trace, change: 'return' });
      moments.push({
        at: (offset + (prepared.end[span] ?? 0)) / 1e6,
        span,
        trace,
        change: end === 'return' ? 'step' : end,
      });
    }
  }
  for (const moments of instances.values()) moments.sort((a, b) => a.at - b.at || a.span - b.span);
  return instances;
}

function changesOf(kind: number): readonly [Moment['change'], Moment['change']] {
  if (kind === spanKind.server || kind === spanKind.consumer) return ['enter', 'leave'];
  if (kind === spanKind.client) return ['call', 'return'];
  return ['step', 'step'];
}

function findPauses(moments: readonly Moment[]): readonly Pause[] {
  const inside = new Map<number, number>();
  const calling = new Map<number, number>();
  const pauses: Pause[] = [];
  // `return` happens elsewhere: it changes who waits, but it is no sign of life of this instance.
  let lastSign = Number.NEGATIVE_INFINITY;
  moments.forEach((moment, index) => {
    if (moment.change !== 'return') {
      const durationMs = moment.at - lastSign;
      if (durationMs >= shortestMs && inside.size >= fewestStuck) {
        const traces = [...inside.keys()].filter((trace) => (calling.get(trace) ?? 0) === 0);
        const until = moment.at + Math.max(burst.ms, burst.part * durationMs);
        if (traces.length >= fewestStuck && countMoving(moments, index, until, traces) >= fewestStuck) {
          pauses.push({ startMs: lastSign, durationMs, traces });
        }
      }
      lastSign = moment.at;
    }
    if (moment.change === 'enter') count(inside, moment.trace, 1);
    if (moment.change === 'leave') count(inside, moment.trace, -1);
    if (moment.change === 'call') count(calling, moment.trace, 1);
    if (moment.change === 'return') count(calling, moment.trace, -1);
  });
  return pauses;
}

function count(counts: Map<number, number>, trace: number, change: number): void {
  const now = (counts.get(trace) ?? 0) + change;
  if (now > 0) counts.set(trace, now);
  else counts.delete(trace);
}

/** How many of `traces` show a sign of life from moment `from` until `until`. */
function countMoving(moments: readonly Moment[], from: number, until: number, traces: readonly number[]): number {
  const stuck = new Set(traces);
  const moving = new Set<number>();
  for (let at = from; at < moments.length && (moments[at]?.at ?? until) <= until; at += 1) {
    const trace = moments[at]?.trace ?? -1;
    if (stuck.has(trace)) moving.add(trace);
  }
  return moving.size;
}
