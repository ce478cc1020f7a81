// The life of one instrumented service: tracing first, then express, then its peers; flushed and gone when the parent says so.
import type { Express } from 'express';
import type { FaultName } from '../faults.ts';
import { type ShopSettings, settingsFor } from '../shop-settings.ts';
import { expressServer } from './express-server.ts';
import { listen } from './listen.ts';
import { type Management, managementServer } from './management-server.ts';
import { openParentLink } from './parent-link.ts';
import { type PeerClient, peerClient } from './peer-client.ts';
import { type ServiceMetrics, serviceMetrics } from './service-metrics.ts';
import type { Addresses, OwnService, ShopProcess } from './service-names.ts';
import { startTelemetry } from './telemetry.ts';

export interface ServiceContext {
  /** The settings in force now; read them per request. */
  settings(): ShopSettings;
  /** The client for a peer, made on first use with a pool of `connections`. Throws before the shop is complete. */
  peer(name: ShopProcess, connections?: number): PeerClient;
  readonly metrics: ServiceMetrics;
}

export interface ServiceParts {
  routes(app: Express): void;
  /** Told after each switch of the fault, for what a service must resize or forget. */
  faultSwitched?(settings: ShopSettings): void;
  /** For a service whose management port does more than its own. `peers` are the others' management ports. */
  management?(own: Management, peers: () => Addresses): Management;
  close?(): void;
}

interface KnownAddresses {
  readonly services: Addresses;
  readonly management: Addresses;
}

/** Never the bottleneck: a pool that is too small is a fault of its own (`pool-wait`). */
const DEFAULT_CONNECTIONS = 200;

/** Serves until the parent stops the process. `build` is called once, before the first request. */
export async function runService(service: OwnService, build: (context: ServiceContext) => ServiceParts): Promise<void> {
  const parent = openParentLink();
  const order = await parent.start;
  const telemetry = startTelemetry(service, order.otlpEndpoint);
  const metrics = serviceMetrics(service);
  let fault: FaultName = order.fault;
  let settings = settingsFor(fault);
  let addresses: KnownAddresses | undefined;
  const known = (): KnownAddresses => {
    if (addresses === undefined) throw new Error(`${service} was called before it knew its peers`);
    return addresses;
  };

  const peer = peers(metrics, (name) => known().services[name]);
  const parts = build({ settings: () => settings, peer, metrics });
  void parent.stop.then(async () => {
    await telemetry.stop();
    parts.close?.();
    process.exit(0); // open keep-alive connections would hold the process for a minute
  });

  const own: Management = {
    isReady: () => addresses !== undefined,
    currentFault: () => fault,
    metrics: () => metrics.registry.metrics(),
    switchTo: async (next) => {
      fault = next;
      settings = settingsFor(next);
      parts.faultSwitched?.(settings);
    },
  };
  const management = managementServer(parts.management?.(own, () => known().management) ?? own);
  parent.announce({
    port: await listen(expressServer(metrics, parts.routes), order.port, order.host),
    managementPort: await listen(management, order.managementPort, order.managementHost),
  });
  const introduced = await parent.peers;
  telemetry.namePeer(introduced.services.bank, 'bank');
  addresses = introduced;
}

function peers(metrics: ServiceMetrics, originOf: (name: ShopProcess) => string): ServiceContext['peer'] {
  const clients = new Map<ShopProcess, PeerClient>();
  return (name, connections = DEFAULT_CONNECTIONS) => {
    const known = clients.get(name);
    if (known !== undefined) return known;
    const client = peerClient({
      peer: name,
      origin: originOf(name),
      connections,
      onRetry: () => metrics.retried(name),
    });
    metrics.watchConnections(name, client.pool);
    clients.set(name, client);
    return client;
  };
}
