// /api/v1/verifications: what is verified, how it stands, and the gate for deployment tools.
import { type Request, type Response, Router } from 'express';
import type { RunSummary } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import { parseDuration } from '../spec/grammar/duration.ts';
import { authorize } from './authorize.ts';
import { lastEndedRun, lookedThrough } from './last-ended-run.ts';
import type { Service } from './service.ts';
import type { Standing } from './standing.ts';
import type { Token } from './tokens.ts';

const runsShown = 50;
const defaultMaxAgeMs = 60 * 60_000;

export function verificationRoutes(service: Service, tokens: readonly Token[]): Router {
  const router = Router();
  router.get('/', authorize(tokens, 'viewer'), async (_request, response) => {
    const entries = service.verifications.map(async (each) => {
      const { lastRun, standing } = await newestOf(each, service);
      return summarize(each, service, lastRun, standing);
    });
    response.json({ verifications: await Promise.all(entries) });
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
    const { lastRun, standing } = await newestOf(verification, service);
    response.json({
      ...summarize(verification, service, lastRun, standing),
      requirements: requirementsOf(verification, standing),
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

/** For Argo Rollouts and others: the newest verdict of a run that came to an end, or inconclusive when there is none young enough. */
async function gate(verification: Verification, service: Service, maxAge: unknown): Promise<unknown> {
  const parsed = typeof maxAge === 'string' ? parseDuration(maxAge) : undefined;
  const oldest = service.clock.now() - (parsed?.ok ? parsed.value : defaultMaxAgeMs);
  const listed = await service.store.list({ verification: verification.name, limit: lookedThrough });
  if (!listed.ok) return { verdict: 'error', message: listed.error.message };
  const newest = lastEndedRun(listed.value);
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

interface Newest {
  readonly lastRun: RunSummary | undefined;
  readonly standing: Standing | undefined;
}

async function newestOf(verification: Verification, service: Service): Promise<Newest> {
  const listed = await service.store.list({ verification: verification.name, limit: lookedThrough });
  const runs = listed.ok ? listed.value : [];
  const lastRun = lastEndedRun(runs) ?? runs.find((run) => run.status !== 'running');
  const standing = lastRun?.verdict === undefined ? undefined : await service.standing(lastRun);
  return { lastRun, standing };
}

function summarize(
  verification: Verification,
  service: Service,
  lastRun: RunSummary | undefined,
  standing: Standing | undefined,
): Readonly<Record<string, unknown>> {
  const active = service.queue.active().find((run) => run.verification.name === verification.name);
  const nextRunAt = service.scheduler.nextRunAt(verification.name);
  return {
    name: verification.name,
    service: verification.service,
    environment: verification.environment,
    labels: verification.labels,
    requirementCount: verification.requirements.length,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(standing?.cause === undefined ? {} : { cause: standing.cause }),
    ...(standing?.message === undefined ? {} : { message: standing.message }),
    ...(nextRunAt === undefined ? {} : { nextRunAt }),
    ...(active === undefined ? {} : { active: { runId: active.runId, snapshot: active.snapshot } }),
    waiting: service.queue.waiting().some((run) => run.verification.name === verification.name),
  };
}

function requirementsOf(verification: Verification, standing: Standing | undefined): readonly unknown[] {
  return verification.requirements.map(({ id, title, type, priority, require, definedAt }) => ({
    id,
    title,
    type,
    priority,
    rule: require.text,
    definedAt: { file: definedAt.file, line: definedAt.line },
    ...(standing?.verdicts[id] === undefined ? {} : { last: standing.verdicts[id] }),
  }));
}
