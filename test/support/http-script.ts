// An HTTP server that plays a script: one step for each request, the last one again and again.
import { createServer, type IncomingMessage } from 'node:http';

export interface ScriptStep {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `hang`: no answer at all; `reset`: the connection is cut before the answer. */
  readonly instead?: 'hang' | 'reset';
}

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];
  readonly stop: () => Promise<void>;
}

export async function startScript(...steps: readonly ScriptStep[]): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const step = steps[Math.min(requests.length, steps.length - 1)] as ScriptStep;
    requests.push(request);
    if (step.instead === 'reset') request.socket.destroy();
    else if (step.instead !== 'hang') response.writeHead(step.status, step.headers).end(step.body ?? '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
