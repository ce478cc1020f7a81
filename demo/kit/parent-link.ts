// A shop process's line to the process that started it: orders in, addresses out, and the end when the parent is gone.
import type { FaultName } from '../faults.ts';
import type { Addresses } from './service-names.ts';

/** The first message a process gets. Port 0 means any free port. */
export interface StartOrder {
  readonly kind: 'start';
  readonly fault: FaultName;
  readonly otlpEndpoint: string;
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  readonly managementPort: number;
}

export type FromParent =
  | StartOrder
  | {
      readonly kind: 'peers';
      /** Where each process serves its callers. */
      readonly services: Addresses;
      /** Where each process answers /healthz, /metrics and /admin/fault. */
      readonly management: Addresses;
    }
  | { readonly kind: 'stop' };

export interface FromChild {
  readonly kind: 'listening';
  readonly port: number;
  readonly managementPort: number;
}

export interface ParentLink {
  readonly start: Promise<StartOrder>;
  readonly peers: Promise<Extract<FromParent, { kind: 'peers' }>>;
  /** Resolves once, when the parent says stop, dies, or the process is terminated. */
  readonly stop: Promise<void>;
  announce(ports: { readonly port: number; readonly managementPort: number }): void;
}

/** Opens the link. Throws when the process was not started by the shop: it would never be told where its peers are. */
export function openParentLink(): ParentLink {
  if (process.send === undefined)
    throw new Error('this is one process of the demo shop: start the whole shop with `npm run demo:shop`');
  const start = Promise.withResolvers<StartOrder>();
  const peers = Promise.withResolvers<Extract<FromParent, { kind: 'peers' }>>();
  const stop = Promise.withResolvers<void>();
  process.on('message', (message: FromParent) => {
    if (message.kind === 'start') start.resolve(message);
    else if (message.kind === 'peers') peers.resolve(message);
    else stop.resolve();
  });
  process.on('disconnect', () => stop.resolve());
  process.on('SIGTERM', () => stop.resolve());
  // Ctrl-C reaches the whole process group; the parent decides the order in which things end.
  process.on('SIGINT', () => undefined);
  return {
    start: start.promise,
    peers: peers.promise,
    stop: stop.promise,
    announce: (ports) => {
      const message: FromChild = { kind: 'listening', ...ports };
      process.send?.(message);
    },
  };
}
