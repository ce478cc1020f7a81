// How to open a connection to an origin: the address that DNS gave once, and the workload's transport settings.
import type { Transport } from '../../../core/model/workload.ts';
import type { Origin } from './origin.ts';

export interface Endpoint {
  readonly origin: Origin;
  /** Address found once at the start; every connection of the run goes there. */
  readonly address: string;
  readonly transport: Transport;
  /** What `transport.caFile` holds. */
  readonly ca?: string | undefined;
}

/** Whether the fast lane declines an endpoint: HTTP/2, a proxy or a unix socket is wanted. */
export function needsGeneralLane({ transport }: Endpoint): boolean {
  return transport.httpVersion === '2' || transport.proxy !== undefined || transport.unixSocket !== undefined;
}
