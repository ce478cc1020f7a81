// The uncounted ramp before the first phase: opens connections and lets the generator's code be compiled.
import type { TimedPhase } from '../../../core/load/timeline.ts';
import { millis, perSecond } from '../../../core/model/units.ts';
import type { Pace } from '../../../core/model/workload.ts';

// Connections opened ahead of need: enough for replies of 20 ms at the highest rate, never a crowd.
const SECONDS_OF_RATE = 0.02;
const FEWEST = 2;
const MOST = 128;

/** The warm-up as a phase from 0 to `durationMs`: a tenth of the first phase's starting rate up to all of it. Undefined when there is nothing to ramp. */
export function warmUpPhase(first: TimedPhase | undefined, durationMs: number): TimedPhase | undefined {
  if (first === undefined || durationMs <= 0) return undefined;
  const { pace } = first;
  const warm: Pace =
    pace.kind === 'concurrency'
      ? pace
      : { kind: 'rate', from: perSecond(pace.from / 10), to: pace.from, arrivals: 'constant' };
  return { name: 'warm-up', role: 'warm-up', pace: warm, startMs: 0, endMs: millis(durationMs) };
}

/** How many connections a run with these phases should have before its first counted request. */
export function connectionsAhead(phases: readonly TimedPhase[], maxConnections: number): number {
  let wanted = FEWEST;
  for (const { pace } of phases) {
    if (pace.kind === 'concurrency') wanted = Math.max(wanted, pace.users);
    else wanted = Math.max(wanted, Math.min(MOST, Math.ceil(Math.max(pace.from, pace.to) * SECONDS_OF_RATE)));
  }
  return Math.min(wanted, maxConnections);
}
