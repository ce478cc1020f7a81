// Finds the moments at which nothing moved in one instance of a service although it had work.
import { spanKind } from '../../../model/trace-set.ts';
import type { MechanismContext } from '../mechanism.ts';
import { earliestStart } from './earliest-start.ts';
import { sidesOf } from './sides.ts';

export interface Pause {
  /** Milliseconds since the earliest trace of the set. */
  readonly startMs: number;
  readonly durationMs: number;
  /**
   * By trace: how long its request stood still, in milliseconds: all the time for those in the instance that waited for nobody else, from their call on
   * for those that it did not let in.
   */
  readonly stood: ReadonlyMap<number, number>;
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
 *     call d           ======|----|            those that call meanwhile are let in when it is over
 */
export function pausesOf(context: MechanismContext, service: number): readonly Pause[] {
  return [...instancesOf(context, service).values()].flatMap(findPauses);
}

/**
 * Something of one instance that starts or ends. `ask`: somebody calls it, and it has yet to take the call up. `call`: it asks somebody else, and until
 * the `return` standing still is normal.
 */
interface Moment {
  readonly at: number;
  readonly span: number;
  readonly trace: number;
  readonly change: 'ask' | 'enter' | 'leave' | 'call' | 'return' | 'step';
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
      const caller = prepared.parent[span] ?? -1;
      if (start === 'enter' && prepared.serverChild[caller] === span) {
        // Clocks may disagree: nobody is let in before asking.
        const asked = Math.min(prepared.start[caller] ?? 0, prepared.start[span] ?? 0);
        moments.push({ at: (offset + asked) / 1e6, span, trace, change: 'ask' });
      }
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
  // Stable: of one span's moments at one time, asking stays before entering.
  for (const moments of instances.values()) moments.sort((a, b) => a.at - b.at || a.span - b.span);
  return instances;
}

function changesOf(kind: number): readonly [Moment['change'], Moment['change']] {
  if (kind === spanKind.server || kind === spanKind.consumer) return ['enter', 'leave'];
  if (kind === spanKind.client) return ['call', 'return'];
  return ['step', 'step'];
}

/** What happens elsewhere changes who waits, but it is no sign of life of this instance. */
const isSignOfLife = ({ change }: Moment): boolean => change !== 'ask' && change !== 'return';

function findPauses(moments: readonly Moment[]): readonly Pause[] {
  const inside = new Map<number, number>();
  const calling = new Map<number, number>();
  /** By span that will take the call up. */
  const asking = new Map<number, Moment>();
  const pauses: Pause[] = [];
  let lastSign = Number.NEGATIVE_INFINITY;
  moments.forEach((moment, index) => {
    if (isSignOfLife(moment)) {
      if (moment.at - lastSign >= shortestMs && inside.size + asking.size >= fewestStuck) {
        const stuck = [...inside.keys()].filter((trace) => (calling.get(trace) ?? 0) === 0);
        const pause = pauseBetween(lastSign, moment.at, stuck, [...asking.values()]);
        if (pause !== undefined && goOnTogether(pause, moments, index)) pauses.push(pause);
      }
      lastSign = moment.at;
    }
    if (moment.change === 'ask') asking.set(moment.span, moment);
    if (moment.change === 'enter') {
      asking.delete(moment.span);
      count(inside, moment.trace, 1);
    }
    if (moment.change === 'leave') count(inside, moment.trace, -1);
    if (moment.change === 'call') count(calling, moment.trace, 1);
    if (moment.change === 'return') count(calling, moment.trace, -1);
  });
  return pauses;
}

/** With nobody inside an instance is idle until the first call comes; who has waited less than any pause lasts was not held up by one. */
function pauseBetween(
  lastSign: number,
  until: number,
  inside: readonly number[],
  asking: readonly Moment[],
): Pause | undefined {
  const firstAsk = asking.reduce((least, { at }) => Math.min(least, at), until);
  const startMs = inside.length > 0 ? lastSign : Math.max(lastSign, firstAsk);
  const durationMs = until - startMs;
  const heldUp = asking.filter(({ at }) => until - at >= shortestMs);
  // Calls that come together and are let in together have the same way, not the same pause.
  const lastAsk = heldUp.reduce((most, { at }) => Math.max(most, at), firstAsk);
  if (inside.length === 0 && lastAsk - firstAsk < burstOf(durationMs)) return undefined;
  const stood = new Map(heldUp.map(({ trace, at }) => [trace, until - Math.max(at, startMs)]));
  for (const trace of inside) stood.set(trace, durationMs);
  return stood.size < fewestStuck || durationMs < shortestMs ? undefined : { startMs, durationMs, stood };
}

const burstOf = (durationMs: number): number => Math.max(burst.ms, burst.part * durationMs);

/** Whether several of those that stood show a sign of life right after the pause, from moment `from` on. */
function goOnTogether({ startMs, durationMs, stood }: Pause, moments: readonly Moment[], from: number): boolean {
  const until = startMs + durationMs + burstOf(durationMs);
  const moving = new Set<number>();
  for (let index = from; index < moments.length; index += 1) {
    const moment = moments[index];
    if (moment === undefined || moment.at > until) break;
    if (isSignOfLife(moment) && stood.has(moment.trace)) moving.add(moment.trace);
  }
  return moving.size >= fewestStuck;
}

function count(counts: Map<number, number>, trace: number, change: number): void {
  const now = (counts.get(trace) ?? 0) + change;
  if (now > 0) counts.set(trace, now);
  else counts.delete(trace);
}
