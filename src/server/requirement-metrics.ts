// How each requirement stands after the newest run, as gauges, and what was counted for it, as counters.
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { Run } from '../core/model/run.ts';
import type { Verdict, VerdictName } from '../core/model/verdict.ts';
import type { Verification } from '../core/model/verification.ts';

export const verdictNames: readonly VerdictName[] = ['pass', 'warn', 'fail', 'inconclusive', 'error'];

export interface RequirementMetrics {
  /** Sets the gauges. A run that could not be made leaves no old verdict standing: its requirements are in error. */
  readonly show: (run: Run) => void;
  /** Adds the run's events to the counters. */
  readonly count: (run: Run) => void;
}

const labelNames = ['verification', 'requirement', 'service', 'priority'] as const;
type Labels = Readonly<Record<(typeof labelNames)[number], string>>;

/** Counters begin at 0 for every requirement known: a series that appears with its first event hides that event from `increase`. */
export function requirementMetrics(
  registry: Registry<OpenMetricsContentType>,
  verifications: readonly Verification[],
): RequirementMetrics {
  const registers = [registry];
  const verdict = new Gauge({
    name: 'faultline_requirement_verdict',
    help: '1 for the verdict of the newest run, 0 for the others',
    labelNames: [...labelNames, 'verdict'],
    registers,
  });
  const gauge = (name: string, help: string): Gauge<(typeof labelNames)[number]> =>
    new Gauge({ name, help, labelNames, registers });
  const unit = 'in the base unit of the requirement (seconds, ratio, per second)';
  const value = gauge('faultline_requirement_value', `Observed value ${unit}`);
  const limit = gauge('faultline_requirement_limit', 'Limit in the unit of the value');
  const low = gauge('faultline_requirement_ci_low', 'Lower bound of the value');
  const high = gauge('faultline_requirement_ci_high', 'Upper bound of the value');
  const margin = gauge(
    'faultline_requirement_margin_ratio',
    'Distance to the limit as a share of it; negative beyond it',
  );
  const samples = gauge('faultline_requirement_samples', 'Samples that decided');
  const counter = (name: string, help: string): Counter<'verification' | 'requirement'> =>
    new Counter({ name, help, labelNames: ['verification', 'requirement'], registers });
  const events = counter('faultline_events_total', 'Events judged by share requirements');
  const badEvents = counter('faultline_bad_events_total', 'Bad events among them');

  const setVerdict = (labels: Labels, given: VerdictName): void => {
    for (const name of verdictNames) verdict.set({ ...labels, verdict: name }, name === given ? 1 : 0);
  };
  const showVerdict = (labels: Labels, judged: Verdict): void => {
    setVerdict(labels, judged.verdict);
    const [clause] = judged.clauses;
    const observed = clause?.observed;
    setOrRemove(value, labels, inBaseUnit(observed?.value, observed?.unit));
    setOrRemove(limit, labels, inBaseUnit(clause?.limit, observed?.unit));
    setOrRemove(low, labels, inBaseUnit(observed?.interval?.[0] ?? observed?.atLeast, observed?.unit));
    setOrRemove(high, labels, inBaseUnit(observed?.interval?.[1], observed?.unit));
    setOrRemove(margin, labels, judged.margin);
    setOrRemove(samples, labels, clause?.decision?.samples);
  };
  for (const { name: verification, requirements } of verifications) {
    for (const { id: requirement } of requirements) {
      events.inc({ verification, requirement }, 0);
      badEvents.inc({ verification, requirement }, 0);
    }
  }
  return {
    show: ({ plan: { verification, service }, status, verdicts }) => {
      for (const each of verdicts)
        showVerdict({ verification, requirement: each.requirement, service, priority: each.priority }, each);
      if (status !== 'failed' || verdicts.length > 0) return;
      const known = verifications.find((each) => each.name === verification)?.requirements ?? [];
      for (const { id: requirement, priority } of known) {
        const labels = { verification, requirement, service, priority };
        setVerdict(labels, 'error');
        for (const each of [value, limit, low, high, margin, samples]) each.remove(labels);
      }
    },
    count: ({ plan: { verification }, verdicts }) => {
      for (const { requirement, clauses } of verdicts) {
        const [clause] = clauses;
        if (clause?.decision === undefined) continue;
        events.inc({ verification, requirement }, clause.decision.samples);
        badEvents.inc({ verification, requirement }, clause.decision.bad);
      }
    },
  };
}

/** A value that is unknown now must not keep showing the last known one. */
function setOrRemove<L extends string>(gauge: Gauge<L>, labels: Record<L, string>, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) gauge.remove(labels);
  else gauge.set(labels, value);
}

/** Prometheus counts time in seconds. */
function inBaseUnit(value: number | undefined, unit: string | undefined): number | undefined {
  return value !== undefined && (unit === 'ms' || unit === 'ms/h') ? value / 1000 : value;
}
