// Whether the generator itself was good enough for its measurements to speak about the target.

import { quantileOf } from '../model/histogram-data.ts';
import type { GeneratorHealth, HistogramData } from '../model/load.ts';
import { millis, perSecond } from '../model/units.ts';
import { type OwnLimit, ownLimitReason } from './own-limits.ts';

/** What the generator measured about itself. */
export interface GeneratorFacts {
  /** Arrivals that the plan holds and those that were sent or dropped for a stated reason, over the part of the plan that was run. */
  readonly plannedArrivals: number;
  readonly takenUp: number;
  /** Whether a rate was planned at all: users come round as often as the target lets them. */
  readonly hasPlannedRate: boolean;
  /** Arrivals whose request left: neither dropped nor given up while it waited for a connection. */
  readonly sentArrivals: number;
  /** Seconds of the part of the plan that was run, and until the last of those left where that was later. */
  readonly seconds: number;
  readonly sendingSeconds: number;
  /** Requests that failed for want of something of the generator's own. */
  readonly ownLimits: Readonly<Partial<Record<OwnLimit, number>>>;
  /** How late arrivals were taken up, in microseconds, without any wait for a connection: that is the target's doing. */
  readonly lag: HistogramData;
  readonly loopDelay: HistogramData;
  readonly cpuSeconds: number;
  /** Largest share of a core that one worker used in a second. */
  readonly peakCpuShare: number;
  /** How late requests may leave at p99, when the document says so; the default is the limit below. */
  readonly lagLimitMs?: number;
  /** Whether using a whole core is the mode's own way (`spin`). */
  readonly spins: boolean;
  readonly maxInFlight: number;
  readonly connectionsOpened: number;
  readonly connectionWaits: number;
}

/** The limits, with their reasons. A document that allows more lag allows the event loop to be held up as long: it is the same lateness. */
const HEALTH_LIMITS: Readonly<Record<'lagP99Ms' | 'loopDelayP99Ms' | 'cpuShare' | 'rateError', number>> = Object.freeze(
  {
    /** The validity limit documents start with: later than this, a latency requirement of 100 ms is judged on the generator. */
    lagP99Ms: 20,
    loopDelayP99Ms: 50,
    /** Above this a thread has no room left for the next burst. */
    cpuShare: 0.95,
    /** Share of planned arrivals that may be missing without a stated reason. */
    rateError: 0.001,
  },
);

/** The verdict on the generator; every reason says what was measured, the limit, and what follows. */
export function generatorHealth(facts: GeneratorFacts): GeneratorHealth {
  const lagP99 = (quantileOf(facts.lag, 0.99) ?? 0) / 1000;
  const loopDelayP99 = (quantileOf(facts.loopDelay, 0.99) ?? 0) / 1000;
  const lagLimitMs = facts.lagLimitMs ?? HEALTH_LIMITS.lagP99Ms;
  const loopLimitMs = Math.max(HEALTH_LIMITS.loopDelayP99Ms, lagLimitMs);
  const reasons: string[] = [];
  if (lagP99 > lagLimitMs) {
    reasons.push(
      `requests left ${lagP99.toFixed(1)} ms after their intended start at p99 (limit ${lagLimitMs} ms): the generator was late, not the target`,
    );
  }
  if (loopDelayP99 > loopLimitMs) {
    reasons.push(
      `the generator's event loop was held up ${loopDelayP99.toFixed(1)} ms at p99 (limit ${loopLimitMs} ms): replies may have been read late`,
    );
  }
  if (facts.peakCpuShare > HEALTH_LIMITS.cpuShare && !facts.spins) {
    reasons.push(
      `a generator thread used ${Math.round(facts.peakCpuShare * 100)}% of a core (limit ${HEALTH_LIMITS.cpuShare * 100}%): the rate is the generator's own ceiling and latencies include its queueing`,
    );
  }
  const missing = facts.plannedArrivals === 0 ? 0 : 1 - facts.takenUp / facts.plannedArrivals;
  if (missing > HEALTH_LIMITS.rateError) {
    reasons.push(
      `${(missing * 100).toFixed(2)}% of the planned arrivals were never taken up (limit ${HEALTH_LIMITS.rateError * 100}%): the target saw less than the plan`,
    );
  }
  for (const [limit, requests] of Object.entries(facts.ownLimits))
    reasons.push(ownLimitReason(limit as OwnLimit, requests));
  const rate = (count: number, seconds: number): number => (seconds > 0 ? count / seconds : 0);
  return {
    healthy: reasons.length === 0,
    reasons,
    ...(facts.hasPlannedRate ? { plannedRate: perSecond(rate(facts.plannedArrivals, facts.seconds)) } : {}),
    achievedRate: perSecond(rate(facts.sentArrivals, facts.sendingSeconds)),
    lagP99: millis(lagP99),
    cpuSeconds: facts.cpuSeconds,
    eventLoopDelayP99: millis(loopDelayP99),
    maxInFlight: facts.maxInFlight,
    connectionsOpened: facts.connectionsOpened,
    connectionWaits: facts.connectionWaits,
  };
}
