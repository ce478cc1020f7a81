// Every knob of the shop, its healthy value, and which of them each fault turns: the one place where faults are defined.
// Services only obey these settings; whatever a fault does to latency, errors and retries emerges from there.
import type { FaultName } from './faults.ts';

/** How a caller treats one peer. `attempts` counts the first try; `backoffMs` 0 means the next try follows at once. */
export interface CallPolicy {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
}

/** Extra time that `share` (0..1) of the requests need. */
export interface SlowShare {
  readonly share: number;
  readonly extraMs: number;
}

export interface ShopSettings {
  readonly gateway: { readonly checkout: CallPolicy };
  readonly checkout: {
    readonly payments: CallPolicy;
    readonly fanOut: 'parallel' | 'sequential';
    readonly pricingConnections: number;
  };
  readonly cart: { readonly auditTrail: 'off' | 'unbounded' };
  /** `busyMs`: event loop time one promotion search burns; `busyShare`: share of promotion searches that burn it. */
  readonly pricing: { readonly ruleMs: number; readonly busyMs: number; readonly busyShare: number };
  readonly payments: { readonly fraud: CallPolicy; readonly bank: CallPolicy };
  readonly fraud: { readonly scoreMs: number; readonly slow: SlowShare; readonly brokenShare: number };
  /** `writeMs`: how long the stock update runs while the write lock is held; `slowWrite` adds to it. */
  readonly inventory: {
    readonly stockLookUp: 'one-query' | 'query-per-line';
    readonly writeMs: number;
    readonly slowWrite: SlowShare;
  };
  /** `capacity: contracted` caps charges per second at what the bank saw in its first seconds plus some headroom. */
  readonly bank: {
    readonly chargeMs: number;
    readonly slow: SlowShare;
    readonly capacity: 'elastic' | 'contracted';
  };
  /** One-way delay of the wire between checkout and payments, drawn evenly from the range for every packet. */
  readonly network: { readonly delayFromMs: number; readonly delayToMs: number };
}

const NO_SLOW_SHARE: SlowShare = { share: 0, extraMs: 0 };

const HEALTHY: ShopSettings = {
  gateway: { checkout: { timeoutMs: 20_000, attempts: 1, backoffMs: 0 } },
  checkout: {
    payments: { timeoutMs: 4_000, attempts: 2, backoffMs: 50 },
    fanOut: 'parallel',
    pricingConnections: 200,
  },
  cart: { auditTrail: 'off' },
  pricing: { ruleMs: 50, busyMs: 0, busyShare: 0 },
  payments: {
    fraud: { timeoutMs: 1_500, attempts: 1, backoffMs: 0 },
    bank: { timeoutMs: 2_000, attempts: 2, backoffMs: 100 },
  },
  fraud: { scoreMs: 7, slow: NO_SLOW_SHARE, brokenShare: 0 },
  inventory: { stockLookUp: 'one-query', writeMs: 2, slowWrite: NO_SLOW_SHARE },
  bank: { chargeMs: 10, slow: NO_SLOW_SHARE, capacity: 'elastic' },
  network: { delayFromMs: 0, delayToMs: 0 },
};

const NAIVE_RETRIES = { attempts: 3, backoffMs: 0 };

/** What each fault changes: whole sections, so that a reader sees the complete state of a service it touches. */
const CHANGES: Readonly<Record<FaultName, Partial<ShopSettings>>> = {
  none: {},
  'slow-dependency': { fraud: { ...HEALTHY.fraud, slow: { share: 0.7, extraMs: 350 } } },
  'retry-storm': {
    bank: { ...HEALTHY.bank, slow: { share: 0.76, extraMs: 900 } },
    payments: { ...HEALTHY.payments, bank: { ...NAIVE_RETRIES, timeoutMs: 300 } },
    checkout: { ...HEALTHY.checkout, payments: { ...NAIVE_RETRIES, timeoutMs: 1_500 } },
    gateway: { checkout: { ...NAIVE_RETRIES, timeoutMs: 6_000 } },
  },
  metastable: {
    bank: { ...HEALTHY.bank, capacity: 'contracted' },
    payments: { ...HEALTHY.payments, bank: { ...NAIVE_RETRIES, timeoutMs: 500 } },
    checkout: { ...HEALTHY.checkout, payments: { attempts: 2, backoffMs: 0, timeoutMs: 2_000 } },
  },
  'cascading-timeout': {
    fraud: { ...HEALTHY.fraud, slow: { share: 0.5, extraMs: 1_200 } },
    payments: { ...HEALTHY.payments, fraud: { timeoutMs: 900, attempts: 1, backoffMs: 0 } },
    checkout: { ...HEALTHY.checkout, payments: { timeoutMs: 600, attempts: 1, backoffMs: 0 } },
    gateway: { checkout: { timeoutMs: 420, attempts: 1, backoffMs: 0 } },
  },
  'n-plus-one': { inventory: { ...HEALTHY.inventory, stockLookUp: 'query-per-line' } },
  'sequential-fanout': { checkout: { ...HEALTHY.checkout, fanOut: 'sequential' } },
  'pool-wait': { checkout: { ...HEALTHY.checkout, pricingConnections: 5 } },
  cpu: { pricing: { ...HEALTHY.pricing, busyMs: 140, busyShare: 0.34 } },
  lock: { inventory: { ...HEALTHY.inventory, writeMs: 12, slowWrite: { share: 0.22, extraMs: 180 } } },
  'network-delay': { network: { delayFromMs: 20, delayToMs: 340 } },
  error: { fraud: { ...HEALTHY.fraud, brokenShare: 0.2 } },
  leak: { cart: { auditTrail: 'unbounded' } },
};

/** The settings of the whole shop under `fault`. */
export function settingsFor(fault: FaultName): ShopSettings {
  return { ...HEALTHY, ...CHANGES[fault] };
}
