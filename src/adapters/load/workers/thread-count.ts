// How many worker threads a plan gets when it does not say.
import type { LoadPlan } from '../../../ports/load-engine.ts';

/** Requests a second that one thread carries with room to spare (measured ceiling: about 100,000). */
const RATE_PER_THREAD = 20_000;
const USERS_PER_THREAD = 512;

/** As many as the plan says, or one for modest loads and more for large ones, always leaving a core to the rest; never more than connections. */
export function threadCount({ workload, threads }: LoadPlan, cores: number): number {
  const most = Math.max(1, workload.safety.maxConnections);
  if (threads !== undefined) return Math.min(threads, most);
  const stepsPerJourney = Math.max(...workload.scenarios.map(({ steps }) => steps.length));
  const wanted = workload.phases.map(({ pace }) =>
    pace.kind === 'rate'
      ? (Math.max(pace.from, pace.to) * stepsPerJourney) / RATE_PER_THREAD
      : pace.users / USERS_PER_THREAD,
  );
  return Math.max(1, Math.min(cores - 1, most, Math.ceil(Math.max(...wanted))));
}
