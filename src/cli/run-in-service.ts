// One run of the service: opens its back ends, carries it out, records it whatever happens.
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Run } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import type { RunStore } from '../ports/run-store.ts';
import { targetRefusal } from '../server/allowed-targets.ts';
import type { Execute } from '../server/run-queue.ts';
import { failedRun } from '../verify/conclude.ts';
import { planRun } from '../verify/plan-run.ts';
import { verify } from '../verify/verify.ts';
import { definedVariables } from './defined-variables.ts';
import { readCommit } from './read-commit.ts';
import { readFeeds } from './read-feeds.ts';
import type { ReceiverPool } from './receiver-pool.ts';
import { openBackends } from './wire.ts';

export interface RunInServiceOptions {
  readonly store: RunStore;
  readonly receivers: ReceiverPool;
  readonly allowedTargets: readonly string[];
  /** OTLP/HTTP base URL for the service's own spans. */
  readonly telemetryEndpoint: string | undefined;
}

/** Each run has its own back ends, receivers apart; what cannot be opened becomes a failed run in the store. */
export function runInService(service: RunInServiceOptions): Execute {
  const { store, receivers, telemetryEndpoint } = service;
  return async ({ verification, runId, trigger }, { signal, onSnapshot }) => {
    const traceIdPrefix = randomBytes(8).toString('hex');
    const options = {
      signal,
      trigger,
      runId,
      traceIdPrefix,
      environment: definedVariables(process.env),
      feeds: {},
      ...(await readCommit(process.env)),
    };
    const refusal = targetRefusal(verification, service.allowedTargets);
    if (refusal !== undefined) return recordFailure(verification, refusal, options, store);
    const opened = await openBackends(verification, { traceIdPrefix, store, receivers, telemetryEndpoint });
    if (!opened.ok) return recordFailure(verification, opened.error.message, options, store);
    try {
      const feeds = await readFeeds(verification);
      if (!feeds.ok) {
        const problems = feeds.error.map(({ message }) => message).join('; ');
        return await recordFailure(verification, problems, options, store);
      }
      return await verify(verification, opened.value.backends, {
        ...options,
        feeds: feeds.value,
        onProgress: (progress) => {
          if (progress.kind === 'load') onSnapshot(progress.snapshot);
        },
      });
    } finally {
      await opened.value.close();
    }
  };
}

async function recordFailure(
  verification: Verification,
  message: string,
  options: Parameters<typeof planRun>[2],
  store: RunStore,
): Promise<Run> {
  const plan = planRun(verification, systemClock, options);
  const run = failedRun(plan, systemClock.now(), message);
  await store.begin(plan);
  await store.finish(run);
  return run;
}
