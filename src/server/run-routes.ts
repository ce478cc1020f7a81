// /api/v1/runs: one run as the result document, its whole record, or its report; live while it runs.
import { type Request, type Response, Router } from 'express';
import type { LoadSnapshot } from '../core/model/load.ts';
import type { Run } from '../core/model/run.ts';
import type { StoreError } from '../ports/run-store.ts';
import { htmlReport } from '../report/html.ts';
import { jsonReport } from '../report/json.ts';
import { authorize } from './authorize.ts';
import type { Service } from './service.ts';
import type { Token } from './tokens.ts';

const eventEveryMs = 1_000;

export function runRoutes(service: Service, tokens: readonly Token[], template: string): Router {
  const router = Router();
  type ById = Request<{ id: string }>;
  router.get('/:id', authorize(tokens, 'viewer'), async (request: ById, response) => {
    const run = await find(request.params.id, service, response);
    if (run === undefined) return;
    response.json(request.query['format'] === 'full' ? run : jsonReport(run, { links: service.links(run) }));
  });
  router.get('/:id/report', authorize(tokens, 'viewer'), async (request: ById, response) => {
    const run = await find(request.params.id, service, response);
    if (run !== undefined) response.type('html').send(htmlReport(template, run, service.links(run)));
  });
  router.delete('/:id', authorize(tokens, 'runner'), (request: ById, response) => {
    const known = service.queue.cancel(request.params.id);
    response.status(known ? 202 : 404).json({ runId: request.params.id, cancelled: known });
  });
  router.get('/:id/events', authorize(tokens, 'viewer'), (request: ById, response) =>
    streamEvents(request, response, service),
  );
  return router;
}

/** Server-sent events: `progress` about once a second, then `end`. Closes with the run or the client. */
async function streamEvents(request: Request<{ id: string }>, response: Response, service: Service): Promise<void> {
  const { id } = request.params;
  const first = await whereIs(id, service);
  if (first.kind === 'unknown') return refuse(response, first.error);
  response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const send = (where: Whereabouts): void => {
    if (response.writableEnded || where.kind === 'waiting') return;
    if (where.kind === 'running') {
      response.write(`event: progress\ndata: ${JSON.stringify(where.snapshot ?? {})}\n\n`);
      return;
    }
    response.end('event: end\ndata: {}\n\n');
    clearInterval(timer);
  };
  const timer = setInterval(() => void whereIs(id, service).then(send), eventEveryMs);
  response.on('close', () => clearInterval(timer));
  send(first);
}

type Whereabouts =
  | { readonly kind: 'ended'; readonly run: Run }
  | { readonly kind: 'waiting' }
  /** Without a snapshot where another process makes the run. */
  | { readonly kind: 'running'; readonly snapshot?: LoadSnapshot }
  | { readonly kind: 'unknown'; readonly error: StoreError };

async function whereIs(id: string, service: Service): Promise<Whereabouts> {
  const stored = await service.store.get(id);
  if (stored.ok) return { kind: 'ended', run: stored.value };
  const active = service.queue.active().find((run) => run.runId === id);
  if (active !== undefined)
    return { kind: 'running', ...(active.snapshot === undefined ? {} : { snapshot: active.snapshot }) };
  if (service.queue.waiting().some((run) => run.runId === id)) return { kind: 'waiting' };
  return stored.error.kind === 'unfinished' ? { kind: 'running' } : { kind: 'unknown', error: stored.error };
}

/** Undefined when it has no result: that has been answered. */
async function find(id: string, service: Service, response: Response): Promise<Run | undefined> {
  const where = await whereIs(id, service);
  if (where.kind === 'ended') return where.run;
  if (where.kind === 'unknown') refuse(response, where.error);
  else if (where.kind === 'waiting') response.status(202).json({ runId: id, status: 'waiting' });
  else response.status(202).json({ runId: id, status: 'running', snapshot: where.snapshot });
  return undefined;
}

function refuse(response: Response, { kind, message }: StoreError): void {
  response.status(kind === 'not-found' ? 404 : 503).json({ error: kind, message });
}
