// Who is who in the shop.

/** The services the shop's team owns: instrumented, with metrics. */
export const OWN_SERVICES = ['gateway', 'checkout', 'cart', 'pricing', 'payments', 'fraud', 'inventory'] as const;

export type OwnService = (typeof OWN_SERVICES)[number];

/** Every process of the shop: its services, the third-party bank (no telemetry) and the wire between checkout and payments. */
export const SHOP_PROCESSES: readonly ShopProcess[] = [...OWN_SERVICES, 'bank', 'network'];

export type ShopProcess = OwnService | 'bank' | 'network';

/** Base URLs by process. */
export type Addresses = Readonly<Record<ShopProcess, string>>;
