// A /metrics page that shows one moment of given series after another, one at each scrape, with the times at which they were.
import { createServer } from 'node:http';
import type { GivenSeries } from '../contract/metric-source.ts';
import { exposition } from './exposition.ts';

export interface ReplayTarget {
  /** host:port */
  readonly address: string;
  /** Resolves when every moment was scraped. */
  readonly done: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** All series must have equally many samples. After the last moment the page shows it again. */
export async function startReplayTarget(series: readonly GivenSeries[]): Promise<ReplayTarget> {
  const moments = series[0]?.samples.length ?? 0;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let shown = 0;
  const server = createServer((_request, response) => {
    const at = Math.min(shown, moments - 1);
    shown += 1;
    // The scrape after the last moment proves that the last one was taken.
    if (shown > moments) resolve();
    const page = series.map(({ labels, samples }) => ({ labels, samples: samples.slice(at, at + 1) }));
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(exposition(page, 'text'));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    done,
    stop() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
