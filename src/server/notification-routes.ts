// /api/v1/notifications: what could not be delivered, and sending it again.
import { type Request, Router } from 'express';
import type { OutboxEntry } from '../ports/alert-outbox.ts';
import { authorize } from './authorize.ts';
import type { Service } from './service.ts';
import type { Token } from './tokens.ts';

const states: readonly OutboxEntry['state'][] = ['waiting', 'delivered', 'dead'];
const listed = 100;

export function notificationRoutes(service: Service, tokens: readonly Token[]): Router {
  const router = Router();
  router.get('/', authorize(tokens, 'viewer'), async (request, response) => {
    const state = states.find((each) => each === (request.query['state'] ?? 'dead'));
    if (state === undefined) {
      response.status(400).json({ error: 'bad-request', message: `state must be one of ${states.join(', ')}` });
      return;
    }
    const entries = await service.outbox.list(state, listed);
    if (entries.ok) response.json({ notifications: entries.value.map(summarize) });
    else response.status(503).json({ error: entries.error.kind, message: entries.error.message });
  });
  router.post('/:id/redeliver', authorize(tokens, 'admin'), async (request: Request<{ id: string }>, response) => {
    const put = await service.outbox.redeliver(request.params.id, service.clock.now());
    if (put.ok) response.status(202).json({ id: request.params.id, state: 'waiting' });
    else {
      const { kind, message } = put.error;
      response.status(kind === 'not-found' ? 404 : 503).json({ error: kind, message });
    }
  });
  return router;
}

/** Target URLs are secrets: the target's name stands for them. */
function summarize(entry: OutboxEntry): unknown {
  const { alert } = entry;
  return {
    id: alert.id,
    key: alert.key,
    status: alert.status,
    target: alert.target.name,
    runId: alert.plan.runId,
    state: entry.state,
    attempts: entry.attempts,
    queuedAt: entry.queuedAt,
    nextAttemptAt: entry.nextAttemptAt,
    ...(entry.lastError === undefined ? {} : { lastError: entry.lastError }),
  };
}
