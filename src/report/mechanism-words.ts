// Each mechanism in the words of an on-call engineer.
import type { Mechanism } from '../core/model/finding.ts';

/** `retry-storm` reads `retry storm`; the closed list of DESIGN.md 6. */
export const mechanismWords: Readonly<Record<Mechanism, string>> = {
  'slow-dependency': 'slow dependency',
  'network-delay': 'network delay',
  'pool-wait': 'wait for a pool',
  'lock-contention': 'lock contention',
  'cpu-starvation': 'CPU starvation',
  pause: 'pause of the process',
  saturation: 'saturation',
  'memory-growth': 'memory growth',
  'cold-start': 'cold start',
  'retry-storm': 'retry storm',
  'hidden-retries': 'hidden retries',
  metastable: 'metastable overload',
  'cascading-timeout': 'cascading timeout',
  'n-plus-one': 'N+1 calls',
  chatty: 'chatty calls',
  'sequential-fanout': 'sequential fan-out',
  'uninstrumented-dependency': 'uninstrumented dependency',
  'error-origin': 'origin of errors',
};

/** `slow dependency in pricing`; of what happens on the way there, `wait for a pool before pricing`: the service itself is not slow. */
export function mechanismAt(mechanism: Mechanism): string {
  const isOnTheWay = mechanism === 'pool-wait' || mechanism === 'network-delay';
  return `${mechanismWords[mechanism]} ${isOnTheWay ? 'before' : 'in'}`;
}
