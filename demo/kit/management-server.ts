// The management port every shop process has beside its business port: /healthz, /metrics and the fault switch.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FAULTS, type FaultName, faultNames, isFault } from '../faults.ts';

export interface Management {
  isReady(): boolean;
  currentFault(): FaultName;
  /** Resolves when the fault is in force, in the gateway's case everywhere. */
  switchTo(fault: FaultName): Promise<void>;
  /** Prometheus text; absent for processes without metrics. */
  metrics?(): Promise<string>;
}

const MAX_BODY_BYTES = 4_096;

/** Not listening yet. */
export function managementServer(management: Management): Server {
  return createServer((request, response) => {
    answer(management, request, response).catch((error: unknown) =>
      reply(response, 500, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function answer(management: Management, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url?.split('?')[0]}`;
  switch (route) {
    case 'GET /healthz':
      return reply(response, management.isReady() ? 200 : 503, { ready: management.isReady() });
    case 'GET /metrics':
      if (management.metrics === undefined) return reply(response, 404, { error: 'this process has no metrics' });
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(await management.metrics());
      return;
    case 'GET /admin/fault':
      return reply(response, 200, { fault: management.currentFault(), faults: FAULTS });
    case 'POST /admin/fault':
      return switchFault(management, request, response);
    default:
      return reply(response, 404, { error: `no such management route: ${route}` });
  }
}

async function switchFault(management: Management, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fault = faultIn(await bodyOf(request));
  if (fault === undefined) {
    const wanted = faultNames.join(', ');
    return reply(response, 400, { error: `expected {"fault": NAME} with one of: ${wanted}` });
  }
  await management.switchTo(fault);
  reply(response, 200, { fault });
}

function faultIn(body: string): FaultName | undefined {
  try {
    const fault = (JSON.parse(body) as { fault?: unknown } | null)?.fault;
    return isFault(fault) ? fault : undefined;
  } catch {
    return undefined; // not JSON: answered as a bad request
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY_BYTES) throw new Error(`body larger than ${MAX_BODY_BYTES} bytes`);
  }
  return body;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
