// /api/v1/verifications: what is verified, how it stands, and the gate for deployment tools.
import { type Request, type Response, Router } from 'express';
import { ok, type Result } from '../core/model/result.ts';
import type { RunSummary } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import type { StoreError } from '../ports/run-store.ts';
import { parseDuration } from '../spec/grammar/duration.ts';
import { authorize } from './authorize.ts';
import { documentRuns, isOfDocument, lastEndedRun } from './document-runs.ts';
import type { Service } from './service.ts';
import type { Standing } from './standing.ts';
import type { Token } from './tokens.ts';

const runsShown = 50;
const mostRuns = 1_000;
const defaultMaxAgeMs = 60 * 60_000;

export function verificationRoutes(service: Service, tokens: readonly Token[]): Router {
  const router = Router();
  router.get('/', authorize(tokens, 'viewer'), async (_request, response) => {
    const entries: Readonly<Record<string, unknown>>[] = [];
    for (const verification of service.verifications) {
      const newest = await newestOf(verification, service);
      if (!newest.ok) return refuse(response, newest.error);
      entries.push(summarize(verification, service, newest.value));
    }
    response.json({ verifications: entries });
  });
  router.get('/:name', authorize(tokens, 'viewer'), async (request: Request<{ name: string }>, response) => {
    const verification = find(request.params.name, service, response);
    if (verification === undefined) return;
    const before = typeof request.query['before'] === 'string' ? { before: request.query['before'] } : {};
    const limit = limitOf(request.query['limit']);
    if (limit === undefined) {
      const message = `limit: wanted a whole number from 1 to ${mostRuns}`;
      response.status(400).json({ error: 'bad-request', message });
      return;
    }
    const { name, environment } = verification;
    const runs = await service.store.list({ verification: name, environment, limit, ...before });
    if (!runs.ok) return refuse(response, runs.error);
    const newest = await newestOf(verification, service);
    if (!newest.ok) return refuse(response, newest.error);
    response.json({
      ...summarize(verification, service, newest.value),
      requirements: requirementsOf(verification, newest.value.standing),
      runs: runs.value.map((run) => ({ ...run, isOfDocument: isOfDocument(run, verification) })),
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
    if (verification === undefined) return;
    const maxAgeMs = maxAgeOf(request.query['maxAge']);
    if (maxAgeMs === undefined) {
      response.status(400).json({ error: 'bad-request', message: 'maxAge: wanted a duration such as 30m or 1h' });
      return;
    }
    const runs = await documentRuns(verification, service.store);
    if (runs.ok) response.json(gate(runs.value, service.clock.now() - maxAgeMs));
    else refuse(response, runs.error);
  });
  return router;
}

/** Undefined for what is no such number. */
function limitOf(given: unknown): number | undefined {
  if (given === undefined) return runsShown;
  const limit = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : 0;
  return limit >= 1 && limit <= mostRuns ? limit : undefined;
}

/** Undefined for what is no duration. */
function maxAgeOf(given: unknown): number | undefined {
  if (given === undefined) return defaultMaxAgeMs;
  const parsed = typeof given === 'string' ? parseDuration(given) : undefined;
  return parsed?.ok ? parsed.value : undefined;
}

/** For Argo Rollouts and others: the verdict of the newest of the document's runs that came to an end, or inconclusive when there is none young enough. */
function gate(runs: readonly RunSummary[], oldest: number): unknown {
  const newest = lastEndedRun(runs);
  if (newest === undefined) return { verdict: 'inconclusive', message: 'no finished run judged this document' };
  if ((newest.endedAt ?? 0) < oldest)
    return { verdict: 'inconclusive', message: 'the newest run is older than maxAge', runId: newest.runId };
  return { verdict: newest.verdict, runId: newest.runId, endedAt: newest.endedAt, failed: newest.failed };
}

/** A store that cannot be read is no store without runs. */
function refuse(response: Response, { kind, message }: StoreError): void {
  response.status(503).json({ error: kind, message });
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

async function newestOf(verification: Verification, service: Service): Promise<Result<Newest, StoreError>> {
  const runs = await documentRuns(verification, service.store);
  if (!runs.ok) return runs;
  const lastRun = lastEndedRun(runs.value) ?? runs.value.find((run) => run.status !== 'running');
  const standing = lastRun?.verdict === undefined ? undefined : await service.standing(lastRun);
  return ok({ lastRun, standing });
}

function summarize(
  verification: Verification,
  service: Service,
  { lastRun, standing }: Newest,
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
