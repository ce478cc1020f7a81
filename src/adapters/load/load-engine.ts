// The load engine: checks the plan and the target, runs the worker threads, watches the safety limits, adds up the results.
import { availableParallelism } from 'node:os';
import { timeline } from '../../core/load/timeline.ts';
import type { LoadResult } from '../../core/model/load.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { millis } from '../../core/model/units.ts';
import type { Transport } from '../../core/model/workload.ts';
import type { LoadEngine, LoadError, LoadPlan } from '../../ports/load-engine.ts';
import { holdCompiler, isModest } from './compiler-hold.ts';
import { sharedRowCounts } from './journeys/feed-cursors.ts';
import { LiveView } from './live-view.ts';
import { mergeParts } from './merge-parts.ts';
import { type PreparedPlan, preparePlan } from './prepare-plan.ts';
import { reachTarget } from './reach-target.ts';
import type { Endpoint } from './requests/endpoint.ts';
import { threadCount } from './workers/thread-count.ts';
import { WorkerCrew } from './workers/worker-crew.ts';
import type { WorkerPart } from './workers/worker-protocol.ts';

type DriveOptions = Parameters<LoadEngine['drive']>[1];

/** How long a target may take to accept a connection before the run is called off: the run ends within three seconds, a lost SYN is sent again after one. */
const REACH_TIMEOUT_MS = 2000;
/** From the last word of a worker to the first request: enough for the message to arrive. */
const START_DELAY_MS = 2;

/** A LoadEngine on worker threads and our own HTTP/1.1 connections. */
export function loadEngine(): LoadEngine {
  return { drive };
}

async function drive(plan: LoadPlan, options: DriveOptions): Promise<Result<LoadResult, LoadError>> {
  try {
    const prepared = await preparePlan(plan);
    if (!prepared.ok) return prepared;
    const endpoints = await reachAll(plan.workload.transport ?? {}, prepared.value, options.signal);
    return endpoints.ok ? await run(plan, prepared.value, endpoints.value, options) : endpoints;
  } catch (cause) {
    return err({ kind: 'engine', message: `the load engine failed: ${(cause as Error).message}`, cause });
  }
}

async function reachAll(
  transport: Transport,
  { origins, ca }: PreparedPlan,
  signal: AbortSignal,
): Promise<Result<readonly Endpoint[], LoadError>> {
  const reached = await Promise.all(
    origins.map((origin) => reachTarget(origin, transport, { timeoutMs: REACH_TIMEOUT_MS, signal })),
  );
  const endpoints: Endpoint[] = [];
  for (const [index, origin] of origins.entries()) {
    const found = reached[index] as (typeof reached)[number];
    // An interrupted run is a short run, not an unreachable target.
    if (!found.ok && !signal.aborted) return err({ kind: 'unreachable', target: origin.key, ...found.error });
    endpoints.push({ origin, address: found.ok ? found.value : origin.host, transport, ca });
  }
  return ok(endpoints);
}

async function run(
  plan: LoadPlan,
  { files }: PreparedPlan,
  endpoints: readonly Endpoint[],
  { signal, onSnapshot, isEnough }: DriveOptions,
): Promise<Result<LoadResult, LoadError>> {
  const phases = timeline(plan.workload.phases, plan.workload.warmUp);
  const shards = threadCount(plan, availableParallelism());
  let aborted: LoadResult['aborted'];
  let interruptedAtMs: number | undefined;
  let endedEarly: LoadResult['endedEarly'];
  let startUnixMs = 0;
  let releaseCompiler: (() => void) | undefined;
  const view = new LiveView({
    phases,
    safety: plan.workload.safety,
    onSnapshot(snapshot) {
      onSnapshot?.(snapshot);
      if (isEnough !== undefined && endedEarly === undefined) crew.report((parts) => look(parts, isEnough));
    },
    onBroken(limit, atMs) {
      aborted = { limit, atMs: millis(atMs) };
      crew.stop('aborted');
    },
  });
  const rowsTaken = sharedRowCounts(plan.workload.scenarios.flatMap(({ feeds }) => feeds));
  const crew = new WorkerCrew(
    Array.from({ length: shards }, (_, shard) => ({ plan, shard, shards, endpoints, files, rowsTaken })),
    (worker, tick) => view.add(worker, tick),
  );
  const look = (parts: readonly WorkerPart[], hasSeenEnough: (soFar: LoadResult) => boolean): void => {
    const atMs = Math.min(crew.elapsedMs(), phases.at(-1)?.endMs ?? 0);
    const now = { atMs: millis(atMs) };
    const soFar = { startUnixMs, stoppedAtMs: atMs, aborted: undefined, interrupted: false, endedEarly: now };
    if (aborted !== undefined || interruptedAtMs !== undefined || !hasSeenEnough(mergeParts(plan, parts, soFar)))
      return;
    endedEarly = now;
    // As in an interruption, replies that we do not wait for say nothing about the target.
    crew.stop('interrupted');
  };
  const interrupt = (): void => {
    interruptedAtMs ??= crew.elapsedMs();
    crew.stop('interrupted');
  };
  try {
    await crew.ready();
    // Not before: code that was compiled in earlier processes is only taken by one with the same flags.
    if (isModest(plan.workload, shards)) releaseCompiler = holdCompiler();
    startUnixMs = Date.now() + START_DELAY_MS;
    crew.start(startUnixMs, START_DELAY_MS);
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    const parts = await crew.finished();
    const endMs = phases.at(-1)?.endMs ?? 0;
    const isCounted = plan.journeys !== undefined && phases.every(({ pace }) => pace.kind === 'concurrency');
    const spentAtMs = isCounted ? Math.max(...parts.map((part) => part.endedMs)) : endMs;
    const stops = [aborted?.atMs, interruptedAtMs, endedEarly?.atMs].filter((atMs) => atMs !== undefined);
    const stoppedAtMs = Math.min(endMs, spentAtMs, ...stops);
    const interrupted = interruptedAtMs !== undefined;
    return ok(mergeParts(plan, parts, { startUnixMs, stoppedAtMs, aborted, interrupted, endedEarly }));
  } finally {
    releaseCompiler?.();
    signal.removeEventListener('abort', interrupt);
    await crew.dismiss();
  }
}
