// /api/v1/runs: one run as the result document, its whole record, or its report; live while it runs.
import { type Request, type Response, Router } from 'express';
import type { Run } from '../core/model/run.ts';
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
function streamEvents(request: Request<{ id: string }>, response: Response, service: Service): void {
  response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const send = (): void => {
    const { id } = request.params;
    const active = service.queue.active().find((run) => run.runId === id);
    if (active !== undefined) {
      response.write(`event: progress\ndata: ${JSON.stringify(active.snapshot ?? {})}\n\n`);
    } else if (!service.queue.waiting().some((run) => run.runId === id)) {
      response.end('event: end\ndata: {}\n\n');
      clearInterval(timer);
    }
  };
  const timer = setInterval(send, eventEveryMs);
  response.on('close', () => clearInterval(timer));
  send();
}

async function find(id: string, service: Service, response: Response): Promise<Run | undefined> {
  const stored = await service.store.get(id);
  if (stored.ok) return stored.value;
  const active = service.queue.active().find((run) => run.runId === id);
  if (active !== undefined) {
    response.status(202).json({ runId: id, status: 'running', snapshot: active.snapshot });
  } else if (service.queue.waiting().some((run) => run.runId === id)) {
    response.status(202).json({ runId: id, status: 'waiting' });
  } else {
    response
      .status(stored.error.kind === 'not-found' ? 404 : 503)
      .json({ error: stored.error.kind, message: stored.error.message });
  }
  return undefined;
}
