// The faults the shop can be switched to: a closed list, each with what it is in one sentence.

const FAULT_LIST = {
  none: 'the healthy shop',
  'slow-dependency': 'fraud needs 350 ms more of its own time for most scores',
  'retry-storm': 'the bank is slow, payments times out, and three layers retry without back-off',
  metastable: 'the bank stops scaling; the next rush starts a retry storm that outlives it',
  'cascading-timeout': 'fraud is slow and every caller gives up sooner than the service it calls',
  'n-plus-one': 'inventory asks the database once per basket line instead of once per basket',
  'sequential-fanout': 'checkout makes its pricing and inventory calls one after another',
  'pool-wait': 'checkout has too few connections to pricing',
  cpu: 'pricing computes promotions in a busy loop',
  lock: 'inventory holds its write lock far too long',
  'network-delay': 'the network between checkout and payments delays every packet',
  error: 'fraud answers one score in five with an internal error',
  leak: 'cart keeps an audit trail for ever and searches it on every request',
} as const;

export type FaultName = keyof typeof FAULT_LIST;

/** Every fault with its one-sentence description, `none` first. */
export const FAULTS: Readonly<Record<FaultName, string>> = Object.freeze(FAULT_LIST);

export const faultNames: readonly FaultName[] = Object.freeze(Object.keys(FAULT_LIST) as FaultName[]);

/** Whether `name` is one of FAULTS; anything else must be refused where it came in. */
export const isFault = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(FAULT_LIST, name);
