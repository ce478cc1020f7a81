// The running service: documents, schedule, queue, notifications and metrics, tied together.
import type { Alert } from '../core/model/alert.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Run, RunSummary } from '../core/model/run.ts';
import { millis } from '../core/model/units.ts';
import type { Verification } from '../core/model/verification.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { RunStore } from '../ports/run-store.ts';
import { attributionOf } from '../report/attribution-of.ts';
import { type ReportLinks, traceLink } from '../report/report-links.ts';
import { verificationLinks } from '../report/verification-links.ts';
import { alertDelivery } from '../verify/deliver-alerts.ts';
import { notify } from '../verify/notify.ts';
import { newRunId } from '../verify/plan-run.ts';
import { documentRuns, lastEndedRun } from './document-runs.ts';
import { recordedExecute } from './recorded-execute.ts';
import { type Execute, type RunQueue, runQueue } from './run-queue.ts';
import { type Scheduler, startScheduler } from './scheduler.ts';
import { type ServiceMetrics, serviceMetrics } from './service-metrics.ts';
import { type Standing, standings } from './standing.ts';

export interface ServiceOptions {
  readonly verifications: readonly Verification[];
  readonly store: RunStore;
  readonly outbox: AlertOutbox;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly execute: Execute;
  /** Base URL that links in notifications begin with. */
  readonly publicUrl: string;
  /** Runs at the same time, against different targets. */
  readonly concurrency: number;
  /** Ended runs kept for each verification. */
  readonly keep: number;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Service {
  readonly verifications: readonly Verification[];
  readonly store: RunStore;
  readonly outbox: AlertOutbox;
  readonly queue: RunQueue;
  readonly scheduler: Scheduler;
  readonly metrics: ServiceMetrics;
  /** Brings the gauges up to what the store says now. */
  readonly refreshMetrics: () => Promise<void>;
  readonly clock: Clock;
  /** What a finished run said; undefined when it cannot be read. */
  readonly standing: (run: RunSummary) => Promise<Standing | undefined>;
  /** Where a reader of the run's reports can go. */
  readonly links: (run: Run) => ReportLinks;
  /** Queues a run; the id it will have. */
  readonly start: (
    name: string,
    trigger: 'schedule' | 'api',
  ) => Result<
    { readonly runId: string; readonly position: number },
    { readonly kind: 'unknown' | 'busy'; readonly message: string }
  >;
  readonly stop: () => Promise<void>;
}

const deliveryEvery = millis(1_000);

export async function startService(options: ServiceOptions): Promise<Service> {
  const { store, outbox, clock, log } = options;
  const metrics = serviceMetrics(options.verifications);
  const standingMetrics = newestRunShown(options, metrics);
  await standingMetrics.refresh();
  const stopping = new AbortController();
  const links = (run: Run): ReportLinks => {
    const report = `${options.publicUrl}/runs/${run.plan.runId}`;
    const verification = options.verifications.find((each) => each.name === run.plan.verification);
    return verification === undefined ? { report } : verificationLinks(verification, report);
  };
  const queue: RunQueue = runQueue(recordedExecute(options), {
    concurrency: options.concurrency,
    onEnd: (run, request) => {
      standingMetrics.ended(run);
      metrics.runsActive(queue.active().length, queue.waiting().length);
      log('run ended', {
        runId: run.plan.runId,
        verification: run.plan.verification,
        verdict: run.verdict,
        status: run.status,
        message: run.message,
      });
      void tell(request.verification, run)
        .then(() => removeOldRuns(request.verification))
        .catch((cause: unknown) => log('notifications lost', { runId: run.plan.runId, error: String(cause) }));
    },
  });
  const removeOldRuns = async ({ name }: Verification): Promise<void> => {
    const removed = await store.removeOld(name, options.keep);
    if (!removed.ok) log('old runs not removed', { verification: name, error: removed.error.message });
    else if (removed.value > 0) log('old runs removed', { verification: name, count: removed.value });
  };
  const tell = async (verification: Verification, run: Run): Promise<void> => {
    const told = await notify(verification, run, { store, outbox, links: alertLinks(verification, links) });
    if (!told.ok) log('notifications lost', { runId: run.plan.runId, error: told.error.message });
    else
      for (const alert of told.value)
        log('alert queued', { alertId: alert.id, target: alert.target.name, status: alert.status });
  };
  const start: Service['start'] = (name, trigger) => {
    const verification = options.verifications.find((each) => each.name === name);
    if (verification === undefined) return err({ kind: 'unknown', message: `no verification named ${name}` });
    const runId = newRunId(clock);
    const added = queue.add({ runId, verification, trigger });
    metrics.runsActive(queue.active().length, queue.waiting().length);
    return added.ok ? ok({ runId, position: added.value.position }) : err({ kind: 'busy', message: added.error });
  };
  const scheduler = await startScheduler({
    verifications: options.verifications,
    store,
    clock,
    onDue: (verification) => {
      const started = start(verification.name, 'schedule');
      if (!started.ok) log('scheduled run skipped', { verification: verification.name, reason: started.error.message });
    },
  });
  for (const verification of options.verifications) await removeOldRuns(verification);
  const delivery = deliveryLoop(options, metrics, stopping.signal);
  return {
    verifications: options.verifications,
    store,
    outbox,
    queue,
    scheduler,
    metrics,
    refreshMetrics: standingMetrics.refresh,
    clock,
    standing: standings(store),
    links,
    start,
    stop: async () => {
      scheduler.stop();
      await queue.close();
      stopping.abort(new Error('stopping'));
      await delivery;
    },
  };
}

/**
 * The gauges show what gate and pages tell: after a restart the newest recorded run, for silence would look like health, and a newer one of another process that
 * shares the store.
 */
function newestRunShown({ verifications, store }: ServiceOptions, metrics: ServiceMetrics) {
  const shownUntil = new Map<string, number>();
  return {
    refresh: async (): Promise<void> => {
      for (const verification of verifications) {
        const runs = await documentRuns(verification, store);
        const last = runs.ok ? lastEndedRun(runs.value) : undefined;
        if (last === undefined || (last.endedAt ?? 0) <= (shownUntil.get(verification.name) ?? 0)) continue;
        const run = await store.get(last.runId);
        if (!run.ok) continue;
        shownUntil.set(verification.name, run.value.endedAt);
        metrics.runRestored(run.value);
      }
    },
    ended: (run: Run): void => {
      if (run.status !== 'interrupted') shownUntil.set(run.plan.verification, run.endedAt);
      metrics.runEnded(run);
    },
  };
}

async function deliveryLoop(options: ServiceOptions, metrics: ServiceMetrics, signal: AbortSignal): Promise<void> {
  const { outbox, notifier, clock, log } = options;
  const delivery = alertDelivery({
    outbox,
    notifier,
    clock,
    onAttempt: ({ alert }, result, reason) => {
      metrics.notificationTried(alert.target.name, result);
      log('notification tried', { alertId: alert.id, target: alert.target.name, result, reason });
    },
    onUnrecorded: ({ alert }, error) => {
      log('notification not recorded', { alertId: alert.id, target: alert.target.name, error });
    },
  });
  let trouble: string | undefined;
  while (!signal.aborted) {
    const started = await delivery.start({ signal });
    const found = started.ok ? undefined : started.error.message;
    if (found !== undefined && found !== trouble) log('notifications cannot be read', { error: found });
    trouble = found;
    await clock.sleep(deliveryEvery, { signal }).catch(() => undefined);
  }
  await delivery.settled();
}

function alertLinks(
  verification: Verification,
  linksOf: (run: Run) => ReportLinks,
): (run: Run, requirement: string) => Alert['links'] {
  return (run, id) => {
    const { report, dashboard } = linksOf(run);
    const runbook =
      verification.requirements.find((each) => each.id === id)?.runbook ??
      verification.annotations['faultline/runbook'];
    const violating = attributionOf(run, id).findings[0]?.traces[0];
    const trace = violating === undefined ? undefined : traceLink(linksOf(run), violating);
    return {
      ...(report === undefined ? {} : { report }),
      ...(runbook === undefined ? {} : { runbook }),
      ...(dashboard === undefined ? {} : { dashboard }),
      ...(trace === undefined ? {} : { trace }),
    };
  };
}
