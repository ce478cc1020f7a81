// Opens a server on a port and says which one it got.
import type { AddressInfo, Server } from 'node:net';

/** Resolves with the port once the server accepts connections; rejects when the port is taken. Port 0 takes any free one. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
