// A bounded set of HTTP connections to one peer; requests beyond it wait in line on the connection with the shortest line.
//
// undici's own Pool keeps waiting requests in front of its clients, where no instrumentation sees them: the client span
// would start only when a connection is free. Here a request belongs to a client from the start, so its span covers the wait.
import { Client } from 'undici';

export interface ConnectionPool {
  /** The client to send the next request on, or undefined when the lines are full. */
  pick(): Client | undefined;
  /** A smaller pool lets surplus connections finish what they have; a larger one opens more as they are needed. */
  resize(connections: number): void;
  /** `waiting`: requests in line, not yet on the wire. */
  usage(): { readonly open: number; readonly active: number; readonly waiting: number; readonly max: number };
  close(): Promise<void>;
}

const MAX_WAITING = 2_000;
/** Below the servers' keep-alive time, so that no request is sent on a connection its server is just closing. */
const KEEP_ALIVE_MS = 20_000;

export function connectionPool(origin: string, connections: number): ConnectionPool {
  let max = connections;
  let clients: Client[] = [];

  const usage = (): ReturnType<ConnectionPool['usage']> => {
    const stats = clients.map((client) => client.stats);
    const running = stats.reduce((sum, each) => sum + each.running, 0);
    const size = stats.reduce((sum, each) => sum + each.size, 0);
    return { open: stats.filter((each) => each.connected).length, active: running, waiting: size - running, max };
  };

  return {
    usage,
    pick: () => {
      const idle = clients.find((client) => client.stats.size === 0);
      if (idle !== undefined) return idle;
      if (clients.length < max) {
        const client = new Client(origin, { pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS });
        clients.push(client);
        return client;
      }
      return usage().waiting < MAX_WAITING ? shortestLine(clients) : undefined;
    },
    resize: (wanted) => {
      max = wanted;
      const surplus = clients.slice(wanted);
      clients = clients.slice(0, wanted);
      for (const client of surplus) void client.close();
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}

function shortestLine(clients: readonly Client[]): Client | undefined {
  let best = clients[0];
  for (const client of clients) if (best === undefined || client.stats.size < best.stats.size) best = client;
  return best;
}
