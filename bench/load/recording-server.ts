// A small HTTP server in its own process that writes down when each request arrives, and can stand still or be slow. Forked by the benchmarks.
import { createServer } from 'node:net';

/** What the parent may ask of the server. */
export type ToRecorder =
  | { readonly kind: 'reset' }
  /** Sleep, all of the process, `afterMs` from the next request on, for `forMs`. */
  | { readonly kind: 'freeze'; readonly afterMs: number; readonly forMs: number }
  /** From now on reply so much later than asked, each request for itself; 0: at once. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'report' };

export type FromRecorder =
  | { readonly kind: 'listening'; readonly port: number }
  /** Arrival times in milliseconds of the machine's monotonic clock. */
  | { readonly kind: 'arrivals'; readonly atMs: Float64Array };

const REPLY = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
const arrivals = new Float64Array(2_000_000);
let count = 0;
let delayMs = 0;
let freeze: { readonly afterMs: number; readonly forMs: number } | undefined;

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

function answer(): void {
  if (count < arrivals.length) arrivals[count] = now();
  count += 1;
  if (freeze === undefined) return;
  const { afterMs, forMs } = freeze;
  freeze = undefined;
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs), afterMs);
}

const server = createServer({ noDelay: true }, (socket) => {
  // The benchmarks send requests without bodies, one at a time on a connection: each ends with an empty line.
  let tail = '';
  socket.on('data', (piece) => {
    tail = (tail + piece.toString('latin1')).slice(-4 - piece.length);
    for (let at = tail.indexOf('\r\n\r\n'); at >= 0; at = tail.indexOf('\r\n\r\n')) {
      tail = tail.slice(at + 4);
      answer();
      if (delayMs === 0) socket.write(REPLY);
      else setTimeout(() => socket.write(REPLY), delayMs);
    }
  });
  socket.on('error', () => socket.destroy());
});

process.on('message', (message: ToRecorder) => {
  if (message.kind === 'reset') count = 0;
  else if (message.kind === 'freeze') freeze = message;
  else if (message.kind === 'delay') delayMs = message.ms;
  else send({ kind: 'arrivals', atMs: arrivals.slice(0, Math.min(count, arrivals.length)) });
});

function send(message: FromRecorder): void {
  process.send?.(message);
}

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') send({ kind: 'listening', port: address.port });
});
