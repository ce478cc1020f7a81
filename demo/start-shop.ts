// Starts the whole demo shop as separate processes on free loopback ports, and stops it without leaving one behind.
import type { FaultName } from './faults.ts';
import type { FromParent, StartOrder } from './kit/parent-link.ts';
import {
  type Addresses,
  OWN_SERVICES,
  type OwnService,
  SHOP_PROCESSES,
  type ShopProcess,
} from './kit/service-names.ts';
import { type ShopChild, startChild } from './shop-child.ts';

export interface ShopOptions {
  readonly fault: FaultName;
  /** Base URL of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  readonly otlpEndpoint: string;
  /** Port of the gateway; 0 or absent: any free one. Otherwise the management ports follow it: gateway at port + 1, and so on. */
  readonly port?: number;
  /** Where the gateway and the services' management ports listen; absent: 127.0.0.1. */
  readonly host?: '127.0.0.1' | '0.0.0.0';
  /** Stops the start, or the running shop. */
  readonly signal?: AbortSignal;
}

export interface Shop {
  readonly gatewayUrl: string;
  /** Prometheus text, by service; the bank has none. */
  readonly metricsUrls: Readonly<Record<OwnService, string>>;
  /** `POST {"fault": NAME}` switches the fault, `GET` tells which is on. */
  readonly adminUrl: string;
  /** Resolves with the reason when a process of the shop ends without having been asked to; never rejects. */
  readonly died: Promise<string>;
  /** Resolves when every process of the shop obeys the fault. Throws when one does not answer. */
  setFault(fault: FaultName): Promise<void>;
  /** Flushes spans and ends every process; kills what has not ended after five seconds. Safe to call twice. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const START_TIMEOUT_MS = 30_000;
const HEALTH_POLL_MS = 25;
const SWITCH_TIMEOUT_MS = 5_000;

/** Ready when every process answers /healthz. Throws, with what the processes wrote to stderr, when one dies or none answers in 30 s. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const children = new Map(SHOP_PROCESSES.map((name) => [name, startChild(name, startOrder(name, options))]));
  const all = [...children.values()];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= Promise.all(all.map((child) => child.stop())).then(() => undefined);
    return stopping;
  };
  const died = Promise.race(all.map((child) => child.died));
  const limit = AbortSignal.timeout(START_TIMEOUT_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  try {
    const shop = await Promise.race([ready(children, signal), deathAsError(died), abortAsError(signal, all)]);
    options.signal?.addEventListener('abort', () => void stop(), { once: true });
    return { ...shop, died, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startOrder(name: ShopProcess, { fault, otlpEndpoint, port = 0, host = LOOPBACK }: ShopOptions): StartOrder {
  const own = (OWN_SERVICES as readonly string[]).indexOf(name); // -1 for the bank and the wire
  return {
    kind: 'start',
    fault,
    otlpEndpoint,
    host: name === 'gateway' ? host : LOOPBACK,
    port: name === 'gateway' ? port : 0,
    managementHost: own === -1 ? LOOPBACK : host,
    managementPort: own === -1 || port === 0 ? 0 : port + 1 + own,
  };
}

async function ready(
  children: ReadonlyMap<ShopProcess, ShopChild>,
  signal: AbortSignal,
): Promise<Omit<Shop, 'died' | 'stop'>> {
  const ports = await Promise.all([...children].map(async ([name, child]) => [name, await child.listening] as const));
  const urls = (pick: (each: { port: number; managementPort: number }) => number): Addresses =>
    Object.fromEntries(ports.map(([name, each]) => [name, `http://${LOOPBACK}:${pick(each)}`])) as unknown as Addresses;
  const services = urls((each) => each.port);
  const management = urls((each) => each.managementPort);

  for (const [name, child] of children) child.send(introduction(name, services, management));
  await Promise.all(SHOP_PROCESSES.map((name) => untilHealthy(management[name], signal)));

  const adminUrl = `${management.gateway}/admin/fault`;
  return {
    gatewayUrl: services.gateway,
    metricsUrls: Object.fromEntries(
      OWN_SERVICES.map((name) => [name, `${management[name]}/metrics`]),
    ) as Shop['metricsUrls'],
    adminUrl,
    setFault: (fault) => switchFault(adminUrl, fault),
  };
}

/** Everyone learns where the others are. checkout reaches payments over the wire, and is none the wiser. */
function introduction(name: ShopProcess, services: Addresses, management: Addresses): FromParent {
  const seen = name === 'checkout' ? { ...services, payments: services.network } : services;
  return { kind: 'peers', services: seen, management };
}

async function untilHealthy(management: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const reply = await fetch(`${management}/healthz`, { signal }).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, HEALTH_POLL_MS));
  }
}

async function switchFault(adminUrl: string, fault: FaultName): Promise<void> {
  const reply = await fetch(adminUrl, {
    method: 'POST',
    body: JSON.stringify({ fault }),
    signal: AbortSignal.timeout(SWITCH_TIMEOUT_MS),
  });
  const answer = await reply.text();
  if (!reply.ok) throw new Error(`the shop did not switch to ${fault}: ${answer}`);
}

async function deathAsError(died: Promise<string>): Promise<never> {
  throw new Error(`the demo shop did not start: ${await died}`);
}

function abortAsError(signal: AbortSignal, children: readonly ShopChild[]): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => {
      const words = children.map((child) => child.errorOutput()).join('');
      reject(new Error(`the demo shop did not start: ${String(signal.reason)}${words === '' ? '' : `\n${words}`}`));
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
