// What the service tells Prometheus about its runs. No run id is ever a label but on the one info series.
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import type { Run } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import { requirementMetrics, verdictNames } from './requirement-metrics.ts';

export interface ServiceMetrics {
  readonly registry: Registry<OpenMetricsContentType>;
  /** Shows and counts a run that has just ended. */
  readonly runEnded: (run: Run) => void;
  /** Shows a run that the service did not see end, without counting it. */
  readonly runRestored: (run: Run) => void;
  readonly notificationTried: (target: string, result: NotificationResult) => void;
  readonly runsActive: (active: number, waiting: number) => void;
}

const notificationResults = ['delivered', 'retry', 'dead'] as const;
type NotificationResult = (typeof notificationResults)[number];

export function serviceMetrics(verifications: readonly Verification[]): ServiceMetrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const requirements = requirementMetrics(registry, verifications);
  const runs = new Counter({
    name: 'faultline_runs_total',
    help: 'Finished runs',
    labelNames: ['verification', 'verdict'],
    registers,
  });
  const lastRun = new Gauge({
    name: 'faultline_last_run_timestamp_seconds',
    help: 'End of the newest run',
    labelNames: ['verification'],
    registers,
  });
  const lastRunInfo = new Gauge({
    name: 'faultline_last_run_info',
    help: 'The newest run of each verification',
    labelNames: ['verification', 'run_id', 'verdict'],
    registers,
  });
  const duration = new Histogram({
    name: 'faultline_run_duration_seconds',
    help: 'Duration of runs',
    labelNames: ['verification'],
    buckets: [10, 30, 60, 120, 300, 600, 1800, 3600],
    registers,
  });
  const blame = new Gauge({
    name: 'faultline_dependency_latency_share',
    help: 'Share of the newest violation that a service explains',
    labelNames: ['verification', 'dependency'],
    registers,
  });
  const amplification = new Gauge({
    name: 'faultline_retry_amplification',
    help: 'Attempts per logical call on an edge where the newest run found retries',
    labelNames: ['verification', 'edge'],
    registers,
  });
  const notifications = new Counter({
    name: 'faultline_notifications_total',
    help: 'Attempts to deliver notifications',
    labelNames: ['target', 'result'],
    registers,
  });
  const sourceErrors = new Counter({
    name: 'faultline_datasource_errors_total',
    help: 'Runs in which a trace or metric source could not be read',
    labelNames: ['verification', 'source', 'reason'],
    registers,
  });
  const active = new Gauge({ name: 'faultline_runs_active', help: 'Runs in progress', registers });
  const queued = new Gauge({ name: 'faultline_runs_waiting', help: 'Runs waiting for their turn', registers });
  const replaceSeries = seriesReplacer();

  // From 0 on: a series that appears with its first event hides that event from `increase`.
  for (const { name: verification, targets } of verifications) {
    for (const verdict of verdictNames) runs.inc({ verification, verdict }, 0);
    duration.zero({ verification });
    for (const { name: target } of targets)
      for (const result of notificationResults) notifications.inc({ target, result }, 0);
  }

  const show = (run: Run): void => {
    const { verification, runId } = run.plan;
    requirements.show(run);
    lastRun.set({ verification }, run.endedAt / 1000);
    replaceSeries(lastRunInfo, verification, [
      { labels: { verification, run_id: runId, verdict: run.verdict }, value: 1 },
    ]);
    replaceSeries(
      blame,
      verification,
      run.attribution.services.map(({ service: dependency, share }) => ({
        labels: { verification, dependency },
        value: share,
      })),
    );
    replaceSeries(amplification, verification, amplifications(run));
  };
  return {
    registry,
    notificationTried: (target, result) => notifications.inc({ target, result }),
    runsActive: (activeNow, waitingNow) => {
      active.set(activeNow);
      queued.set(waitingNow);
    },
    runRestored: show,
    runEnded: (run) => {
      const { verification } = run.plan;
      // An interrupted run says nothing about the system: what was shown before still holds.
      if (run.status !== 'interrupted') show(run);
      requirements.count(run);
      runs.inc({ verification, verdict: run.verdict });
      duration.observe({ verification }, (run.endedAt - run.plan.startedAt) / 1000);
      for (const gap of run.gaps) sourceErrors.inc({ verification, source: gap.source, reason: gap.reason });
    },
  };
}

interface LabelledValue<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

function amplifications(run: Run): readonly LabelledValue<'verification' | 'edge'>[] {
  return run.attribution.findings.flatMap((finding) => {
    const found = finding.evidence.find((each) => each.name === 'amplification');
    if (found === undefined || finding.edge === undefined) return [];
    const edge = `${finding.edge.caller} -> ${finding.edge.callee}`;
    return [{ labels: { verification: run.plan.verification, edge }, value: found.value }];
  });
}

/** Sets a verification's series and removes those that the run before had and this one has not. */
function seriesReplacer(): <L extends string>(
  gauge: Gauge<L>,
  verification: string,
  values: readonly LabelledValue<L>[],
) => void {
  const shown = new Map<object, Map<string, readonly Readonly<Record<string, string>>[]>>();
  return (gauge, verification, values) => {
    const byVerification = shown.get(gauge) ?? new Map<string, readonly Readonly<Record<string, string>>[]>();
    for (const labels of byVerification.get(verification) ?? []) gauge.remove({ ...labels } as never);
    for (const { labels, value } of values) gauge.set({ ...labels } as never, value);
    byVerification.set(
      verification,
      values.map(({ labels }) => labels),
    );
    shown.set(gauge, byVerification);
  };
}
