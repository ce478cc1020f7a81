// What the service tells Prometheus about its runs. No run id is ever a label but on the one info series.
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import type { Run } from '../core/model/run.ts';
import type { VerdictName } from '../core/model/verdict.ts';

const verdictNames: readonly VerdictName[] = ['pass', 'warn', 'fail', 'inconclusive', 'error'];

export interface ServiceMetrics {
  readonly registry: Registry<OpenMetricsContentType>;
  readonly runEnded: (run: Run) => void;
  readonly notificationTried: (target: string, result: string) => void;
  readonly runsActive: (active: number, waiting: number) => void;
}

export function serviceMetrics(): ServiceMetrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const requirement = ['verification', 'requirement', 'service', 'priority'] as const;
  const gauge = (name: string, help: string): Gauge<(typeof requirement)[number]> =>
    new Gauge({ name, help, labelNames: requirement, registers });
  const verdict = new Gauge({
    name: 'faultline_requirement_verdict',
    help: '1 for the verdict of the newest run, 0 for the others',
    labelNames: [...requirement, 'verdict'],
    registers,
  });
  const value = gauge(
    'faultline_requirement_value',
    'Observed value in the base unit of the requirement (seconds, ratio, per second)',
  );
  const limit = gauge('faultline_requirement_limit', 'Limit in the unit of the value');
  const low = gauge('faultline_requirement_ci_low', 'Lower bound of the value');
  const high = gauge('faultline_requirement_ci_high', 'Upper bound of the value');
  const margin = gauge(
    'faultline_requirement_margin_ratio',
    'Distance to the limit as a share of it; negative beyond it',
  );
  const samples = gauge('faultline_requirement_samples', 'Samples that decided');
  const events = new Counter({
    name: 'faultline_events_total',
    help: 'Events judged by share requirements',
    labelNames: ['verification', 'requirement'],
    registers,
  });
  const badEvents = new Counter({
    name: 'faultline_bad_events_total',
    help: 'Bad events among them',
    labelNames: ['verification', 'requirement'],
    registers,
  });
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
  const lastIds = new Map<string, { run_id: string; verdict: string }>();

  return {
    registry,
    notificationTried: (target, result) => notifications.inc({ target, result }),
    runsActive: (activeNow, waitingNow) => {
      active.set(activeNow);
      queued.set(waitingNow);
    },
    runEnded: (run) => {
      const { verification, service } = run.plan;
      runs.inc({ verification, verdict: run.verdict });
      lastRun.set({ verification }, run.endedAt / 1000);
      duration.observe({ verification }, (run.endedAt - run.plan.startedAt) / 1000);
      const before = lastIds.get(verification);
      if (before !== undefined) lastRunInfo.remove({ verification, ...before });
      const info = { run_id: run.plan.runId, verdict: run.verdict };
      lastIds.set(verification, info);
      lastRunInfo.set({ verification, ...info }, 1);
      for (const gap of run.gaps) sourceErrors.inc({ verification, source: gap.source, reason: gap.reason });
      for (const each of run.verdicts) {
        const labels = { verification, requirement: each.requirement, service, priority: each.priority };
        for (const name of verdictNames) verdict.set({ ...labels, verdict: name }, name === each.verdict ? 1 : 0);
        const [clause] = each.clauses;
        setOrRemove(value, labels, inBaseUnit(clause?.observed?.value, clause?.observed?.unit));
        setOrRemove(limit, labels, inBaseUnit(clause?.limit, clause?.observed?.unit));
        setOrRemove(low, labels, inBaseUnit(clause?.observed?.interval?.[0], clause?.observed?.unit));
        setOrRemove(high, labels, inBaseUnit(clause?.observed?.interval?.[1], clause?.observed?.unit));
        setOrRemove(margin, labels, each.margin);
        setOrRemove(samples, labels, clause?.decision?.samples);
        if (clause?.decision !== undefined) {
          events.inc({ verification, requirement: each.requirement }, clause.decision.samples);
          badEvents.inc({ verification, requirement: each.requirement }, clause.decision.bad);
        }
      }
      replaceSeries(
        blame,
        verification,
        run.attribution.services.map(({ service: dependency, share }) => ({
          labels: { verification, dependency },
          value: share,
        })),
      );
      replaceSeries(amplification, verification, amplifications(run));
    },
  };
}

/** A value that is unknown now must not keep showing the last known one. */
function setOrRemove<L extends string>(gauge: Gauge<L>, labels: Record<L, string>, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) gauge.remove(labels);
  else gauge.set(labels, value);
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

/** Prometheus counts time in seconds. */
function inBaseUnit(value: number | undefined, unit: string | undefined): number | undefined {
  return value !== undefined && (unit === 'ms' || unit === 'ms/h') ? value / 1000 : value;
}
