// What is really wrong with the shop under each fault, for the score alone: nothing here reaches the analyser.
import type { FaultName } from '../../demo/faults.ts';
import type { Mechanism } from '../../src/core/model/finding.ts';

export interface Truth {
  /** The service to be named. */
  readonly service: string;
  /** The mechanism to be named; several where two names are equally true. */
  readonly mechanisms: readonly Mechanism[];
  /** The only service whose spans show what goes wrong in front of the culprit. When it records nothing, the time is lost in a call to it: nobody can see more. */
  readonly seenBy?: string;
}

/** Every fault but `none`. */
export const truths: Readonly<Record<Exclude<FaultName, 'none'>, Truth>> = {
  'slow-dependency': { service: 'fraud', mechanisms: ['slow-dependency'] },
  'retry-storm': { service: 'bank', mechanisms: ['retry-storm'], seenBy: 'payments' },
  metastable: { service: 'bank', mechanisms: ['metastable'], seenBy: 'payments' },
  'cascading-timeout': { service: 'fraud', mechanisms: ['cascading-timeout'] },
  'n-plus-one': { service: 'inventory', mechanisms: ['n-plus-one'] },
  'sequential-fanout': { service: 'checkout', mechanisms: ['sequential-fanout'] },
  'pool-wait': { service: 'pricing', mechanisms: ['pool-wait'], seenBy: 'checkout' },
  cpu: { service: 'pricing', mechanisms: ['cpu-starvation'], seenBy: 'checkout' },
  lock: { service: 'inventory', mechanisms: ['lock-contention'] },
  'network-delay': { service: 'payments', mechanisms: ['network-delay'], seenBy: 'checkout' },
  error: { service: 'fraud', mechanisms: ['error-origin'] },
  leak: { service: 'cart', mechanisms: ['memory-growth'], seenBy: 'checkout' },
};
