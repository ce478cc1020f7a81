// The life of one instrumented service: tracing first, then express, then its peers; flushed and gone when the parent says so.
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Express } from 'express';
import type { FaultName } from '../faults.ts';
import { type ShopSettings, settingsFor } from '../shop-settings.ts';
import { failureHandler, requestObserver } from './express-layers.ts';
import { listen } from './listen.ts';
import { type Management, managementServer } from './management-server.ts';
import { openParentLink } from './parent-link.ts';
import { type PeerClient, peerClient } from './peer-client.ts';
import type { Addresses, OwnService, ShopProcess } from './service-names.ts';
import { type ServiceMetrics, serviceMetrics } from './service-metrics.ts';
import { startTelemetry } from './telemetry.ts';

export interface ServiceContext {
  /** The settings in force now; read them per request. */
  settings(): ShopSettings;
  /** The client for a peer, made on first use with a pool of `connections`. Only callable once requests arrive. */
  peer(name: ShopProcess, connections?: number): PeerClient;
  readonly metrics: ServiceMetrics;
}

export interface ServiceParts {
  routes(app: Express): void;
  /** Told after each switch of the fault, for what a service must resize or forget. */
  faultSwitched?(settings: ShopSettings): void;
  close?(): void;
}

const DEFAULT_CONNECTIONS = 32;
const KEEP_ALIVE_MS = 65_000;

/** Runs until the parent stops the process. `build` is called once, before the first request. */
export async function runService(
  service: OwnService,
  build: (context: ServiceContext) => ServiceParts,
  extend?: (management: Management, peers: () => Addresses) => Management,
): Promise<void> {
  const parent = openParentLink();
  const order = await parent.start;
  const telemetry = startTelemetry(service, order.otlpEndpoint);
  const metrics = serviceMetrics(service);
  let fault: FaultName = order.fault;
  let settings = settingsFor(fault);
  let addresses: { services: Addresses; management: Addresses } | undefined;
  const clients = new Map<ShopProcess, PeerClient>();

  const peer = (name: ShopProcess, connections: number = DEFAULT_CONNECTIONS): PeerClient => {
    const known = clients.get(name);
    if (known !== undefined) return known;
    if (addresses === undefined) throw new Error(`${service} was called before it knew its peers`);
    const client = peerClient({
      peer: name,
      origin: addresses.services[name],
      connections,
      onRetry: () => metrics.retried(name),
    });
    metrics.watchConnections(name, client.pool);
    clients.set(name, client);
    return client;
  };

  const parts = build({ settings: () => settings, peer, metrics });
  const server = serve(parts, metrics);
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
  const management = managementServer(extend?.(own, () => (addresses as { management: Addresses }).management) ?? own);

  parent.announce({
    port: await listen(server, order.port, order.host),
    managementPort: await listen(management, order.managementPort, order.managementHost),
  });
  const { services, management: managementAddresses } = await parent.peers;
  telemetry.namePeer(services.bank, 'bank');
  addresses = { services, management: managementAddresses };

  await parent.stop;
  server.close();
  management.close();
  await telemetry.stop();
  parts.close?.();
  process.exit(0); // open keep-alive connections would hold the process for a minute
}

/** express is loaded here, after tracing has started, and through `require`, because the instrumentation hooks that. */
function serve(parts: ServiceParts, metrics: ServiceMetrics): Server {
  const express = createRequire(import.meta.url)('express') as typeof import('express');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestObserver(metrics));
  app.use(express.json({ limit: '64kb' }));
  parts.routes(app);
  app.use(failureHandler());
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return Object.assign(server, {
    // Like most servers, do not notice that a caller hung up: finish the work, then fail to deliver it.
    httpAllowHalfOpen: true,
  });
}
