// Runs in one SQLite file: needs no server, survives a killed process.
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { lostRun } from '../../core/model/lost-run.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Run, RunPlan, RunStatus, RunSummary } from '../../core/model/run.ts';
import { unixMillis } from '../../core/model/units.ts';
import type { VerdictName } from '../../core/model/verdict.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { RunFilter, RunStore, StoreError } from '../../ports/run-store.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { sqliteAlertOutbox } from './alert-outbox.ts';
import { attempt } from './attempt.ts';
import { isAlive, thisOwner } from './owner.ts';
import { migrate } from './schema.ts';

/** How long a writer waits for another process's write. */
const busyTimeoutMs = 5_000;

export interface SqliteStore {
  readonly runs: RunStore;
  readonly outbox: AlertOutbox;
}

/** Opens or creates the file (`:memory:` for tests); runs of processes that are gone become `interrupted`. */
export function openSqliteStore(path: string): Result<SqliteStore, StoreError> {
  try {
    if (path !== ':memory:') makeFolder(dirname(path));
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database);
    closeLostRuns(database);
    return ok({ runs: sqliteRunStore(database), outbox: sqliteAlertOutbox(database) });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isCorrupt = /malformed|not a database/.test(message);
    const help = isCorrupt ? '; move the file away to start a new store' : '';
    return err({ kind: isCorrupt ? 'corrupt' : 'unavailable', message: `${path}: ${message}${help}`, cause });
  }
}

function closeLostRuns(database: DatabaseSync): void {
  const running = database.prepare("SELECT run_id, owner FROM runs WHERE status = 'running'").all();
  const close = database.prepare("UPDATE runs SET status = 'interrupted' WHERE run_id = ? AND status = 'running'");
  for (const row of running) if (!isAlive(String(row['owner']))) close.run(String(row['run_id']));
}

function sqliteRunStore(database: DatabaseSync): RunStore {
  return {
    begin: (plan) => attempt(() => begin(database, plan)),
    finish: (run) => attempt(() => finish(database, run)),
    get: (runId) => attempt(() => get(database, runId)),
    list: (filter) => attempt(() => ok(list(database, filter))),
    removeOld: (verification, keep) => attempt(() => ok(removeOld(database, verification, keep))),
    readState: (key) =>
      attempt(() => {
        const row = database.prepare('SELECT value FROM states WHERE key = ?').get(key);
        return ok(row === undefined ? undefined : String(row['value']));
      }),
    writeState: (key, value) =>
      attempt(() => {
        database
          .prepare('INSERT INTO states VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
          .run(key, value);
        return ok(undefined);
      }),
    close: async () => database.close(),
  };
}

function begin(database: DatabaseSync, plan: RunPlan): Result<void, StoreError> {
  const { changes } = database
    .prepare(
      `INSERT INTO runs (run_id, verification, service, environment, status, started_at, commit_id, workload_hash, owner, plan)
       VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .run(
      plan.runId,
      plan.verification,
      plan.service,
      plan.environment,
      plan.startedAt,
      plan.commit ?? null,
      plan.workloadHash,
      thisOwner(),
      JSON.stringify(plan),
    );
  return changes === 1 ? ok(undefined) : err({ kind: 'conflict', message: `run ${plan.runId} was begun before` });
}

function finish(database: DatabaseSync, run: Run): Result<void, StoreError> {
  const failed = run.verdicts.filter((verdict) => verdict.verdict === 'fail').map((verdict) => verdict.requirement);
  const { changes } = database
    .prepare('UPDATE runs SET status = ?, verdict = ?, ended_at = ?, failed = ?, result = ? WHERE run_id = ?')
    .run(
      run.status,
      run.verdict,
      run.endedAt,
      JSON.stringify(failed),
      zstdCompressSync(Buffer.from(JSON.stringify(run))),
      run.plan.runId,
    );
  return changes === 1 ? ok(undefined) : err({ kind: 'not-found', message: `run ${run.plan.runId} was never begun` });
}

function get(database: DatabaseSync, runId: string): Result<Run, StoreError> {
  const row = database.prepare('SELECT result, status, owner, plan FROM runs WHERE run_id = ?').get(runId);
  if (row === undefined) return err({ kind: 'not-found', message: `no run ${runId}` });
  const { result, status, owner } = row;
  if (!(result instanceof Uint8Array)) {
    // Its process may have gone since the store was opened; the list tells with the next open.
    if (status === 'interrupted' || !isAlive(String(owner)))
      return ok(lostRun(JSON.parse(String(row['plan'])) as RunPlan));
    return err({ kind: 'unfinished', message: `run ${runId} has no result: it is ${String(status)}` });
  }
  return ok(JSON.parse(zstdDecompressSync(result).toString()) as Run);
}

/** As many as a search for baselines reads. */
const passedKept = 50;

/** The first query reads nothing but the index, the second the few rows beyond: each row is large. */
function removeOld(database: DatabaseSync, verification: string, keep: number): number {
  const oldest = database
    .prepare('SELECT started_at FROM runs WHERE verification = ? ORDER BY started_at DESC LIMIT 1 OFFSET ?')
    .get(verification, keep - 1);
  if (oldest === undefined) return 0;
  const { changes } = database
    .prepare(
      `DELETE FROM runs WHERE run_id IN (
         SELECT run_id FROM (
           SELECT run_id, verdict IN ('pass', 'warn') AS passed,
             row_number() OVER (PARTITION BY environment, workload_hash, verdict IN ('pass', 'warn') ORDER BY started_at DESC) AS turn
           FROM runs WHERE verification = :verification AND started_at < :oldest AND status <> 'running')
         WHERE passed IS NOT TRUE OR turn > :passedKept)`,
    )
    .run({ verification, oldest: Number(oldest['started_at']), passedKept });
  return Number(changes);
}

const mostListed = 1_000;

function list(database: DatabaseSync, filter: RunFilter): readonly RunSummary[] {
  const rows = database
    .prepare(
      `SELECT run_id, verification, service, environment, status, verdict, started_at, ended_at, commit_id, workload_hash, failed, plan FROM runs
       WHERE (:verification IS NULL OR verification = :verification)
         AND (:environment IS NULL OR environment = :environment)
         AND (:status IS NULL OR status = :status)
         AND (:before IS NULL OR (started_at, run_id) < (SELECT started_at, run_id FROM runs WHERE run_id = :before))
       ORDER BY started_at DESC, run_id DESC LIMIT :limit`,
    )
    .all({
      verification: filter.verification ?? null,
      environment: filter.environment ?? null,
      status: filter.status ?? null,
      before: filter.before ?? null,
      limit: Math.min(Math.max(1, filter.limit), mostListed),
    });
  return rows.map(toSummary);
}

function toSummary(row: Readonly<Record<string, unknown>>): RunSummary {
  const { verdict, ended_at: endedAt, commit_id: commit } = row;
  const { mode, requirements, overrides } = JSON.parse(String(row['plan'])) as RunPlan;
  return {
    runId: String(row['run_id']),
    verification: String(row['verification']),
    service: String(row['service']),
    environment: String(row['environment']),
    status: String(row['status']) as RunStatus,
    ...(typeof verdict === 'string' ? { verdict: verdict as VerdictName } : {}),
    startedAt: unixMillis(Number(row['started_at'])),
    ...(typeof endedAt === 'number' ? { endedAt: unixMillis(endedAt) } : {}),
    ...(typeof commit === 'string' ? { commit } : {}),
    workloadHash: String(row['workload_hash']),
    mode,
    ...(requirements === undefined ? {} : { requirements }),
    ...(overrides === undefined ? {} : { overrides }),
    failed: JSON.parse(String(row['failed'])) as readonly string[],
  };
}
