// Opens everything the service needs, runs it until it is told to stop, and closes it in order.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import process from 'node:process';
import { pino } from 'pino';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { webhookNotifier } from '../adapters/webhook/webhook-notifier.ts';
import type { Run } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import { createApp } from '../server/app.ts';
import type { Execute } from '../server/run-queue.ts';
import { startService } from '../server/service.ts';
import { failedRun } from '../verify/conclude.ts';
import { planRun } from '../verify/plan-run.ts';
import { verify } from '../verify/verify.ts';
import type { Console } from './console.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { webFolder } from './html-template.ts';
import { interruptSignal } from './interrupt.ts';
import { loadVerifications } from './load-verifications.ts';
import { readCommit } from './read-commit.ts';
import { readFeeds } from './read-feeds.ts';
import type { ServeSettings } from './serve-settings.ts';
import { serviceTokens } from './service-tokens.ts';
import { version } from './version.ts';
import { openBackends, openStore } from './wire.ts';

export async function runService(settings: ServeSettings, console: Console): Promise<ExitCode> {
  const tokens = await serviceTokens(process.env, settings.tokensFile);
  if (!tokens.ok) {
    console.error(`faultline: ${tokens.error}`);
    return exitCode.invalid;
  }
  // A document whose variables are not set is left out with a warning; the others run.
  const verifications = await loadVerifications([settings.slos], { set: [], only: [] }, console, 'skip');
  if (verifications === undefined) return exitCode.invalid;
  const store = openStore(settings.data);
  if (!store.ok) {
    console.error(`faultline: ${store.error}`);
    return exitCode.couldNotRun;
  }
  const logger = pino({ base: null });
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => logger.info(fields, event);
  const service = await startService({
    verifications,
    store: store.value.runs,
    outbox: store.value.outbox,
    notifier: webhookNotifier({ secret: (name) => process.env[name], now: () => systemClock.now() }),
    clock: systemClock,
    execute: executor(settings, store.value.runs),
    publicUrl: settings.publicUrl ?? `http://${settings.host}:${settings.port}`,
    concurrency: settings.concurrency,
    log,
  });
  const app = await createApp({
    service,
    tokens: tokens.value.tokens,
    webFolder: await webFolder(),
    version: version(),
    log,
  });
  const interrupt = interruptSignal(console);
  try {
    const server = await listen(app.listen(settings.port, settings.host));
    if (!server.ok) {
      console.error(`faultline: ${settings.host}:${settings.port}: ${server.error}; choose another with --port`);
      return exitCode.couldNotRun;
    }
    console.error(
      `faultline: serving ${verifications.length} verification(s) at http://${settings.host}:${server.port}`,
    );
    if (tokens.value.made !== undefined) {
      console.error(`faultline: no tokens configured; for this start the admin token is ${tokens.value.made}`);
    }
    await untilAborted(interrupt.signal);
    server.server.close();
    server.server.closeAllConnections();
    return exitCode.ok;
  } finally {
    await service.stop();
    await store.value.runs.close();
    interrupt.release();
  }
}

/** One run with its own back ends; whatever cannot be opened becomes a failed run in the store. */
function executor(settings: ServeSettings, store: Parameters<typeof verify>[1]['store']): Execute {
  return async (request, { signal, onSnapshot }) => {
    const { verification } = request;
    const traceIdPrefix = randomBytes(8).toString('hex');
    const options = {
      signal,
      trigger: request.trigger,
      runId: request.runId,
      traceIdPrefix,
      environment: process.env as Readonly<Record<string, string>>,
      feeds: {},
      ...(await readCommit(process.env)),
    };
    const opened = await openBackends(verification, { traceIdPrefix, store, telemetryEndpoint: settings.otlpEndpoint });
    if (!opened.ok) return recordFailure(verification, opened.error.message, options, store);
    try {
      const feeds = await readFeeds(verification);
      if (!feeds.ok) return await recordFailure(verification, feeds.error, options, store);
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
  store: Parameters<typeof verify>[1]['store'],
): Promise<Run> {
  const plan = planRun(verification, systemClock, options);
  const run = failedRun(plan, systemClock.now(), message);
  await store.begin(plan);
  await store.finish(run);
  return run;
}

type Listening =
  | { readonly ok: true; readonly server: Server; readonly port: number }
  | { readonly ok: false; readonly error: string };

async function listen(server: Server): Promise<Listening> {
  return new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      resolve({ ok: true, server, port: typeof address === 'object' && address !== null ? address.port : 0 });
    });
    server.once('error', (cause: NodeJS.ErrnoException) => {
      resolve({ ok: false, error: cause.code === 'EADDRINUSE' ? 'the port is taken' : cause.message });
    });
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
