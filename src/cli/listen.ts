// Opens the service's port; why it cannot be had comes back as words.
import { createServer, type RequestListener, type Server } from 'node:http';
import { err, ok, type Result } from '../core/model/result.ts';

export interface Listening {
  readonly port: number;
  /** From now on requests go to the listener; before, they are answered with 503. */
  readonly serve: (listener: RequestListener) => void;
  readonly close: () => void;
}

/** The port is taken before anything else is opened, so that a service that cannot be reached starts no run. Port 0: any free one. */
export async function listen(host: string, port: number): Promise<Result<Listening, string>> {
  let listener: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end('starting');
  };
  const server = createServer((request, response) => listener(request, response));
  const problem = await bind(server, host, port);
  if (problem !== undefined) return err(problem);
  const address = server.address();
  return ok({
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (given) => {
      listener = given;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

function bind(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('listening', () => resolve(undefined));
    server.once('error', (cause: NodeJS.ErrnoException) => {
      resolve(problems[cause.code ?? ''] ?? cause.message);
    });
    server.listen(port, host);
  });
}

const elsewhere = '--host names an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all';

const problems: Readonly<Record<string, string>> = {
  EACCES: 'no permission to listen there; choose another port with --port',
  EADDRINUSE: 'the port is taken; choose another with --port',
  EADDRNOTAVAIL: `this machine does not have that address; ${elsewhere}`,
  EAI_AGAIN: `there is no such host; ${elsewhere}`,
  ENOTFOUND: `there is no such host; ${elsewhere}`,
};
