// A server that answers with given bytes, whole or cut in two.
import { createServer, type Socket } from 'node:net';

export interface RawAnswer {
  readonly bytes: Buffer;
  /** Cut here; the rest follows a moment later. */
  readonly cut?: number;
  readonly closes: boolean;
}

export interface RawHttpServer {
  readonly url: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Long enough for the first piece to be read alone on loopback. */
const BETWEEN_PIECES_MS = 2;

/** `answer` gets the request's head; undefined leaves the request unanswered. */
export async function startRawServer(
  answer: (head: string, socket: Socket) => RawAnswer | undefined,
): Promise<RawHttpServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const found = answer(text.slice(0, end), socket);
        text = text.slice(end + 4);
        if (found !== undefined) write(socket, found);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function write(socket: Socket, { bytes, cut, closes }: RawAnswer): void {
  const finish = (rest: Buffer): void => {
    if (socket.destroyed) return;
    if (closes) socket.end(rest);
    else socket.write(rest);
  };
  if (cut === undefined) {
    finish(bytes);
    return;
  }
  if (cut > 0) socket.write(bytes.subarray(0, cut));
  setTimeout(() => finish(bytes.subarray(cut)), BETWEEN_PIECES_MS);
}
