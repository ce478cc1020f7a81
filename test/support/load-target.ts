// A target for load: answers as its paths say and remembers every request.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createH2cServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface LoadTarget {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Requests that are being answered now, and the most there ever were. */
  readonly inFlight: () => number;
  readonly maxInFlight: () => number;
  readonly openConnections: () => number;
  readonly stop: () => Promise<void>;
}

type Answer = (request: SeenRequest, response: ServerResponse, number: number) => void;

/**
 * `/status/503`, `/slow/200` (ms), `/hang`, `/reset`, `/echo` (JSON of the request), `/cookie` (sets s=<n>), `/session/...` (the same without a path),
 * `/large` (`{"n":<number>}` and 5 MB), `/flaky` (every second is 500),
 * anything else: 200 and `{"n":<number of the request>}`.
 */
const answers: Readonly<Record<string, Answer>> = {
  status: ({ path }, response) => response.writeHead(Number(path.split(/[/?]/)[2])).end('x'),
  slow: ({ path }, response) => void setTimeout(() => response.end('slow'), Number(path.split(/[/?]/)[2])),
  hang: () => undefined,
  reset: (_, response) => response.destroy(),
  echo: (request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request)),
  cookie: (_, response, number) => response.writeHead(200, { 'set-cookie': `s=${number}; Path=/` }).end('{}'),
  session: (_, response, number) => response.writeHead(200, { 'set-cookie': `s=${number}` }).end('{}'),
  large: (_, response, number) => response.end(JSON.stringify({ n: number, filler: 'x'.repeat(5_000_000) })),
  flaky: (_, response, number) => response.writeHead(number % 2 === 0 ? 200 : 500).end('x'),
};

export async function startLoadTarget(protocol: 'http/1.1' | 'h2c' = 'http/1.1'): Promise<LoadTarget> {
  const requests: SeenRequest[] = [];
  let inFlight = 0;
  let maxInFlight = 0;

  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    response.on('close', () => {
      inFlight -= 1;
    });
    const atMs = performance.now();
    let body = '';
    incoming.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { atMs, method, path, headers, body };
      requests.push(request);
      const answer = answers[path.split(/[/?]/)[1] ?? ''];
      if (answer === undefined) response.end(JSON.stringify({ n: requests.length }));
      else answer(request, response, requests.length);
    });
  };
  // Node's own bound of 10 MB a session would refuse streams while two large bodies are under way.
  const server: Server =
    protocol === 'h2c'
      ? createH2cServer({ maxSessionMemory: 500 }, listener as unknown as RequestListener as never)
      : createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    inFlight: () => inFlight,
    maxInFlight: () => maxInFlight,
    openConnections: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
