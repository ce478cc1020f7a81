// The life of a shop process without any telemetry: the third-party bank and the wire.
import type { Server } from 'node:net';
import type { FaultName } from '../faults.ts';
import { type ShopSettings, settingsFor } from '../shop-settings.ts';
import { listen } from './listen.ts';
import { managementServer } from './management-server.ts';
import { openParentLink } from './parent-link.ts';
import type { Addresses } from './service-names.ts';

export interface PlainContext {
  settings(): ShopSettings;
  /** Undefined until the whole shop is up. */
  services(): Addresses | undefined;
}

export interface PlainParts {
  readonly server: Server;
  faultSwitched?(): void;
}

/** Serves until the parent stops the process. */
export async function runPlainProcess(build: (context: PlainContext) => PlainParts): Promise<void> {
  const parent = openParentLink();
  const order = await parent.start;
  let fault: FaultName = order.fault;
  let settings = settingsFor(fault);
  let services: Addresses | undefined;

  void parent.stop.then(() => process.exit(0));

  const parts = build({ settings: () => settings, services: () => services });
  const management = managementServer({
    isReady: () => services !== undefined,
    currentFault: () => fault,
    switchTo: async (next) => {
      fault = next;
      settings = settingsFor(next);
      parts.faultSwitched?.();
    },
  });
  parent.announce({
    port: await listen(parts.server, order.port, order.host),
    managementPort: await listen(management, order.managementPort, order.managementHost),
  });
  services = (await parent.peers).services;
}
