// Opens everything the service needs, runs it until it is told to stop, and closes it in order.
import process from 'node:process';
import { pino } from 'pino';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { targetProblem, webhookNotifier } from '../adapters/webhook/webhook-notifier.ts';
import type { Verification } from '../core/model/verification.ts';
import { targetRefusal } from '../server/allowed-targets.ts';
import { createApp } from '../server/app.ts';
import { startService } from '../server/service.ts';
import type { Console } from './console.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { webFolder } from './html-template.ts';
import { interruptSignal } from './interrupt.ts';
import { type Listening, listen } from './listen.ts';
import { loadVerifications } from './load-verifications.ts';
import { receiverPool } from './receiver-pool.ts';
import { runInService } from './run-in-service.ts';
import type { ServeSettings } from './serve-settings.ts';
import { type ServiceTokens, serviceTokens } from './service-tokens.ts';
import { version } from './version.ts';
import { openStore } from './wire.ts';

export async function runService(settings: ServeSettings, console: Console): Promise<ExitCode> {
  const tokens = await serviceTokens(process.env, settings.tokensFile);
  if (!tokens.ok) {
    console.error(`faultline: ${tokens.error}`);
    return exitCode.invalid;
  }
  // A document whose variables are not set is left out with a warning; the others run.
  const verifications = await loadVerifications([settings.slos], { set: [], only: [] }, console, 'skip');
  if (verifications === undefined) return exitCode.invalid;
  const listening = await listen(settings.host, settings.port);
  if (!listening.ok) {
    console.error(`faultline: ${settings.host}:${settings.port}: ${listening.error}`);
    return exitCode.couldNotRun;
  }
  try {
    return await serve({ settings, tokens: tokens.value, verifications, listening: listening.value }, console);
  } finally {
    listening.value.close();
  }
}

interface ServeOptions {
  readonly settings: ServeSettings;
  readonly tokens: ServiceTokens;
  readonly verifications: readonly Verification[];
  readonly listening: Listening;
}

async function serve(
  { settings, tokens, verifications, listening }: ServeOptions,
  console: Console,
): Promise<ExitCode> {
  const store = openStore(settings.data);
  if (!store.ok) {
    console.error(`faultline: ${store.error}`);
    return exitCode.couldNotRun;
  }
  const { runs, outbox } = store.value;
  const logger = pino({ base: null });
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => logger.info(fields, event);
  for (const verification of verifications) {
    const refusal = targetRefusal(verification, settings.allowedTargets);
    if (refusal !== undefined) console.error(`faultline: ${verification.name}: ${refusal}`);
  }
  const secret = (name: string): string | undefined => process.env[name];
  for (const { name, targets } of verifications) {
    for (const problem of targets.map((target) => targetProblem(target, { secret })))
      if (problem !== undefined) console.error(`faultline: ${name}: notifications cannot be sent to ${problem}`);
  }
  const receivers = receiverPool(verifications);
  for (const problem of await receivers.openAll()) console.error(`faultline: ${problem.message}`);
  const address = `http://${reachableHost(settings.host)}:${listening.port}`;
  const service = await startService({
    verifications,
    store: runs,
    outbox,
    notifier: webhookNotifier({ secret, now: () => systemClock.now() }),
    clock: systemClock,
    execute: runInService({
      store: runs,
      receivers,
      allowedTargets: settings.allowedTargets,
      telemetryEndpoint: settings.otlpEndpoint,
    }),
    publicUrl: settings.publicUrl ?? address,
    concurrency: settings.concurrency,
    keep: settings.keep,
    log,
  });
  const interrupt = interruptSignal(console);
  try {
    listening.serve(
      await createApp({ service, tokens: tokens.tokens, webFolder: await webFolder(), version: version(), log }),
    );
    console.error(`faultline: serving ${verifications.length} verification(s) at ${address}`);
    if (tokens.made !== undefined) {
      console.error(`faultline: no tokens configured; for this start the admin token is ${tokens.made}`);
    }
    await untilAborted(interrupt.signal);
    listening.close();
    return exitCode.ok;
  } finally {
    await service.stop();
    await receivers.close();
    await runs.close();
    interrupt.release();
  }
}

/** "Any address" is none that a link can lead to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
