// Starts runs at their times: every so often with jitter, or by cron.
import { Cron } from 'croner';
import type { Verification } from '../core/model/verification.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';

export interface Scheduler {
  /** Epoch milliseconds of a verification's next run; undefined when it has no schedule. */
  readonly nextRunAt: (name: string) => number | undefined;
  readonly stop: () => void;
}

export interface SchedulerOptions {
  readonly verifications: readonly Verification[];
  readonly store: RunStore;
  readonly clock: Clock;
  readonly onDue: (verification: Verification) => void;
}

/** setTimeout cannot wait longer; a longer wait is made of several. */
const longestTimerMs = 2 ** 31 - 1;
/** After a start, runs that are overdue do not all begin in the same second. */
const startSpreadMs = 2_000;

/** After a restart a schedule goes on from the last recorded run: one run is made up for, not all that were missed. */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const next = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  const arm = (verification: Verification, at: number): void => {
    next.set(verification.name, at);
    const wait = Math.max(0, at - options.clock.now());
    timers.set(
      verification.name,
      setTimeout(
        () => {
          if (wait > longestTimerMs) return arm(verification, at);
          options.onDue(verification);
          // A timer may wake a little before its time: counted from there, the same time would come again.
          arm(verification, nextTime(verification, Math.max(at, options.clock.now()), options.clock));
        },
        Math.min(wait, longestTimerMs),
      ),
    );
  };
  for (const verification of options.verifications) {
    if (verification.schedule === undefined) continue;
    const last = await options.store.list({
      verification: verification.name,
      environment: verification.environment,
      limit: 1,
    });
    const lastAt = last.ok ? last.value[0]?.startedAt : undefined;
    const now = options.clock.now();
    const due =
      lastAt === undefined && verification.schedule.every !== undefined
        ? now
        : nextTime(verification, lastAt ?? now, options.clock);
    arm(verification, Math.max(due, now + startSpreadMs));
  }
  return {
    nextRunAt: (name) => next.get(name),
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function nextTime(verification: Verification, after: number, clock: Clock): number {
  const { schedule } = verification;
  const jitter = (schedule?.jitter ?? 0) * (Number.parseInt(clock.randomHex(2), 16) / 0xffff);
  if (schedule?.cron !== undefined) {
    const next = new Cron(schedule.cron, { paused: true }).nextRun(new Date(after));
    return (next?.getTime() ?? Number.POSITIVE_INFINITY) + jitter;
  }
  return after + (schedule?.every ?? Number.POSITIVE_INFINITY) + jitter;
}
