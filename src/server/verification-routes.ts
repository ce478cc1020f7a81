// /api/v1/verifications: what is verified, how it stands, and the gate for deployment tools.
import { type Request, type Response, Router } from 'express';
import type { RunSummary } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import { parseDuration } from '../spec/grammar/duration.ts';
import { authorize } from './authorize.ts';
import type { Service } from './service.ts';
import type { Token } from './tokens.ts';

const runsShown = 50;
const defaultMaxAgeMs = 60 * 60_000;

export function verificationRoutes(service: Service, tokens: readonly Token[]): Router {
  const router = Router();
  router.get('/', authorize(tokens, 'viewer'), async (_request, response) => {
    response.json({ verifications: await Promise.all(service.verifications.map((each) => summarize(each, service))) });
  });
  router.get('/:name', authorize(tokens, 'viewer'), async (request: Request<{ name: string }>, response) => {
    const verification = find(request.params.name, service, response);
    if (verification === undefined) return;
    const before = typeof request.query['before'] === 'string' ? { before: request.query['before'] } : {};
    const limit = Math.min(Math.max(1, Number(request.query['limit'] ?? runsShown) || runsShown), 1000);
    const runs = await service.store.list({ verification: verification.name, limit, ...before });
    if (!runs.ok) {
      response.status(503).json({ error: runs.error.kind, message: runs.error.message });
      return;
    }
    response.json({
      ...(await summarize(verification, service)),
      requirements: requirementsOf(verification),
      runs: runs.value,
    });
  });
  router.post('/:name/runs', authorize(tokens, 'runner'), (request: Request<{ name: string }>, response) => {
    const started = service.start(request.params.name, 'api');
    if (started.ok) {
      response.status(202).location(`/api/v1/runs/${started.value.runId}`).json(started.value);
      return;
    }
    const { kind, message } = started.error;
    response.status(kind === 'unknown' ? 404 : 409).json({ error: kind, message });
  });
  router.get('/:name/gate', authorize(tokens, 'viewer'), async (request: Request<{ name: string }>, response) => {
    const verification = find(request.params.name, service, response);
    if (verification !== undefined) response.json(await gate(verification, service, request.query['maxAge']));
  });
  return router;
}

/** For Argo Rollouts and others: the newest verdict, or inconclusive when there is none young enough. */
async function gate(verification: Verification, service: Service, maxAge: unknown): Promise<unknown> {
  const parsed = typeof maxAge === 'string' ? parseDuration(maxAge) : undefined;
  const oldest = service.clock.now() - (parsed?.ok ? parsed.value : defaultMaxAgeMs);
  const listed = await service.store.list({ verification: verification.name, limit: 20 });
  if (!listed.ok) return { verdict: 'error', message: listed.error.message };
  const newest = listed.value.find((run) => run.verdict !== undefined);
  if (newest === undefined) return { verdict: 'inconclusive', message: 'no finished run' };
  if ((newest.endedAt ?? 0) < oldest)
    return { verdict: 'inconclusive', message: 'the newest run is older than maxAge', runId: newest.runId };
  return { verdict: newest.verdict, runId: newest.runId, endedAt: newest.endedAt, failed: newest.failed };
}

function find(name: string, service: Service, response: Response): Verification | undefined {
  const found = service.verifications.find((each) => each.name === name);
  if (found === undefined) {
    const known = service.verifications.map((each) => each.name).join(', ');
    response.status(404).json({ error: 'not-found', message: `no verification named ${name}; there are: ${known}` });
  }
  return found;
}

async function summarize(verification: Verification, service: Service): Promise<Readonly<Record<string, unknown>>> {
  const listed = await service.store.list({ verification: verification.name, limit: 1 });
  const lastRun: RunSummary | undefined = listed.ok ? listed.value[0] : undefined;
  const active = service.queue.active().find((run) => run.verification.name === verification.name);
  const nextRunAt = service.scheduler.nextRunAt(verification.name);
  return {
    name: verification.name,
    service: verification.service,
    environment: verification.environment,
    labels: verification.labels,
    requirementCount: verification.requirements.length,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(nextRunAt === undefined ? {} : { nextRunAt }),
    ...(active === undefined ? {} : { active: { runId: active.runId, snapshot: active.snapshot } }),
    waiting: service.queue.waiting().some((run) => run.verification.name === verification.name),
  };
}

function requirementsOf(verification: Verification): readonly unknown[] {
  return verification.requirements.map(({ id, title, type, priority, require, definedAt }) => ({
    id,
    title,
    type,
    priority,
    rule: require.text,
    definedAt: { file: definedAt.file, line: definedAt.line },
  }));
}
