// A server whose capacity is known: so many requests are served at a time, each for so long, the others wait in line.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LimitedServer {
  readonly url: string;
  readonly stop: () => void;
}

/** `workers` serve for `serviceMs` each: `workers / serviceMs * 1000` requests a second at most. Service ends on time whatever the event loop did meanwhile. */
export async function startLimitedServer(options: {
  readonly workers: number;
  readonly serviceMs: number;
}): Promise<LimitedServer> {
  // When each worker is free again. A reply is due at the end of its own service, not some timer's lateness later.
  const freeAt = Array.from({ length: options.workers }, () => 0);
  const server = createServer((_, response) => {
    const now = performance.now();
    const worker = freeAt.indexOf(Math.min(...freeAt));
    const doneAt = Math.max(now, freeAt[worker] ?? 0) + options.serviceMs;
    freeAt[worker] = doneAt;
    setTimeout(() => answer(response), doneAt - now);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(response: ServerResponse): void {
  if (!response.destroyed) response.end('done');
}
