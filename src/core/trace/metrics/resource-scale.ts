// In what unit a resource metric counts, what its capacity is, and how much of a change is worth telling.
import type { SaturationSignal } from '../../model/observations.ts';
import { isPoolShare } from './pool-utilisation.ts';

export interface ResourceScale {
  /** Whether the metric only ever grows, so that its rate per second is what matters. */
  readonly isCounter: boolean;
  /** The value at which the resource is used up, where the unit tells. */
  readonly capacity: number | undefined;
  /** Changes below are noise, whatever the reference's range: in the metric's unit (after the rate), and as a share of the reference's level. */
  readonly leastSpread: number;
  readonly leastRelativeSpread: number;
}

const relative = 0.1;

/**
 * Whether its users stand in line for a resource, so that a rise counts by what it does to waiting (wait-inflation.ts). Nobody waits for a share of the
 * time in collection: it stops the program that often, and every second of it is lost.
 */
export const isQueuedFor = (signal: SaturationSignal): boolean => signal !== 'gc';

/** By the metric's name; a unit that nobody can guess gets no capacity and is judged by its own level. */
export function resourceScale(metric: string, signal: SaturationSignal): ResourceScale {
  const name = metric.replaceAll('.', '_').toLowerCase();
  const isCounter = /_(total|sum|count)$/.test(name) && signal !== 'pool-used' && signal !== 'in-flight';
  const capacity = capacityOf(name, signal);
  if (capacity !== undefined)
    return { isCounter, capacity, leastSpread: 0.02 * capacity, leastRelativeSpread: relative };
  return {
    isCounter,
    capacity,
    leastSpread: leastSpreadOf(name, signal),
    leastRelativeSpread: signal === 'cpu' || signal === 'memory' ? 0.25 : relative,
  };
}

function capacityOf(name: string, signal: SaturationSignal): number | undefined {
  if (isPoolShare(name)) return 1;
  if (/percent|_pct|_perc$/.test(name)) return /usage_perc$/.test(name) ? 1 : 100;
  if (/ratio|utili[sz]ation/.test(name)) return 1;
  // A second of collection per second of time leaves nothing for the program.
  if (signal === 'gc' && /seconds_(sum|total)$/.test(name)) return 1;
  return undefined;
}

function leastSpreadOf(name: string, signal: SaturationSignal): number {
  switch (signal) {
    case 'cpu':
      return /millicores/.test(name) ? 50 : 0.05;
    case 'event-loop':
    case 'gc':
      return /milli|_ms(_|$)/.test(name) ? 5 : 0.005;
    case 'pool-used':
    case 'pool-size':
    case 'pool-waiting':
    case 'queue':
    case 'in-flight':
    case 'retries':
      return 1;
    case 'throttling':
      return 0.05;
    case 'memory':
      return /bytes/.test(name) && !/mebi|mega/.test(name) ? 2 ** 22 : 4;
    case 'kv-cache':
    case 'other':
      return Number.MIN_VALUE;
  }
}
