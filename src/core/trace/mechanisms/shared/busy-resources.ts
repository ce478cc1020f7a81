// Which services ran short of a resource, as far as metrics tell.
import type { SaturationSignal } from '../../../model/observations.ts';
import type { ResourceChange } from '../../metrics/metric-corroboration.ts';
import { isQueuedFor } from '../../metrics/resource-scale.ts';
import { waitInflation } from '../../metrics/wait-inflation.ts';
import type { MechanismContext } from '../mechanism.ts';

/** A rise beyond the reference's range (ResourceChange.score), and one that is more than a wobble. */
const clearRise = 3;
const leastFactor = 1.3;
/** A share of capacity counts by what it does to waiting: this many times as long. */
const leastInflation = 1.5;
/** A resource that is nearly used up speaks for itself: without a healthy time to compare with, or when it makes the wait so many times as long. */
const usedUp = { share: 0.85, inflation: 3 };

/** The clearest rise of one of `signals` at `service`; undefined when none rose, or none is measured. */
export function risenResource(
  { resources }: MechanismContext,
  service: string,
  ...signals: readonly SaturationSignal[]
): ResourceChange | undefined {
  return resources
    .filter((each) => each.service === service && signals.includes(each.signal) && hasRisen(each))
    .sort((a, b) => b.score - a.score)[0];
}

/**
 * A late event loop delays what it serves by about as much as it is late; less than this part of the effect explains nothing. A tail says less about
 * the typical request than a mean or a median, and a maximum nothing.
 */
const leastPartOfEffect = { middle: 0.2, tail: 0.4 };

/** The process had less CPU than it wanted, enough to cost `effectMs` per request: CPU time, throttling or a late event loop. */
export function cpuRise(context: MechanismContext, service: string, effectMs: number): ResourceChange | undefined {
  const resources = context.resources.filter(
    (each) => each.signal !== 'event-loop' || each.utilisation !== undefined || isLateBy(each, effectMs),
  );
  return risenResource({ ...context, resources }, service, 'cpu', 'throttling', 'event-loop');
}

function isLateBy(change: ResourceChange, effectMs: number): boolean {
  const name = change.metric.toLowerCase();
  if (/(^|[_.])max([_.]|$)/.test(name)) return false;
  const isTail = /(^|[_.])p?(9[5-9]|99\d)([_.]|$)/.test(name);
  return lateMs(change) >= (isTail ? leastPartOfEffect.tail : leastPartOfEffect.middle) * effectMs;
}

/** How much later an event loop became, for metrics in seconds or milliseconds. */
function lateMs({ metric, observed, reference }: ResourceChange): number {
  const rise = observed - (Number.isNaN(reference) ? 0 : reference);
  return /milli|_ms(_|$)/.test(metric) ? rise : rise * 1000;
}

/** Whether any of `signals` is measured at `service`: only then its silence means something. */
export function isMeasured(
  { resources }: MechanismContext,
  service: string,
  ...signals: readonly SaturationSignal[]
): boolean {
  return resources.some((each) => each.service === service && signals.includes(each.signal));
}

function hasRisen({ signal, score, reference, observed, utilisation }: ResourceChange): boolean {
  const isUsedUp = (utilisation?.observed ?? 0) >= usedUp.share;
  if (Number.isNaN(reference)) return isUsedUp;
  if (isUsedUp && utilisation !== undefined && inflationOf(utilisation) >= usedUp.inflation) return true;
  if (score <= clearRise) return false;
  if (utilisation !== undefined && isQueuedFor(signal)) return inflationOf(utilisation) >= leastInflation;
  return observed >= leastFactor * Math.max(0, reference);
}

const inflationOf = ({ reference, observed }: NonNullable<ResourceChange['utilisation']>): number =>
  waitInflation(reference, observed);
