// A small HTTP server in its own process that writes down when each request arrives, and can stand still for a while. Forked by the benchmarks.
import { createServer } from 'node:net';

/** What the parent may ask of the server. */
export type ToRecorder =
  | { readonly kind: 'reset' }
  /** Sleep, all of the process, `afterMs` from the next request on, for `forMs`. */
  | { readonly kind: 'freeze'; readonly afterMs: number; readonly forMs: number }
  | { readonly kind: 'report' };

export type FromRecorder =
  | { readonly kind: 'listening'; readonly port: number }
  /** Arrival times in milliseconds of the machine's monotonic clock. */
  | { readonly kind: 'arrivals'; readonly atMs: Float64Array };

const REPLY = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
const arrivals = new Float64Array(2_000_000);
let count = 0;
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
      socket.write(REPLY);
    }
  });
  socket.on('error', () => socket.destroy());
});

process.on('message', (message: ToRecorder) => {
  if (message.kind === 'reset') count = 0;
  else if (message.kind === 'freeze') freeze = message;
  else send({ kind: 'arrivals', atMs: arrivals.slice(0, Math.min(count, arrivals.length)) });
});

function send(message: FromRecorder): void {
  process.send?.(message);
}

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') send({ kind: 'listening', port: address.port });
});
