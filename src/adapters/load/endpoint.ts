// How to open a connection to an origin: the address that DNS gave once, and TLS settings.
import type { Origin } from './origin.ts';

export interface Endpoint {
  readonly origin: Origin;
  /** Address found once at the start; every connection of the run goes there. */
  readonly address: string;
  /** PEM certificates to trust besides the system's. */
  readonly ca?: string;
  /** False accepts any certificate. */
  readonly verifyCertificate: boolean;
}
