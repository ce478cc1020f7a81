// metrics.txt: the run's numbers as OpenMetrics text, for CI systems that compare it with the target branch.
import type { Run, StepSummary } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { decidingClause } from './clause-numbers.ts';
import { type WireUnit, wireUnit, wireValue } from './wire-units.ts';

/** GitLab compares values as strings: the fewer digits, the fewer changes an unchanged system shows. Three keep a value within 0.5% of what was measured. */
const digits = 3;

type Labels = Readonly<Record<string, string>>;

interface Point {
  readonly labels: Labels;
  readonly value: number | null;
}

interface Family {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
  readonly points: readonly Point[];
}

/** One gauge family a figure; values that are not finite are left out, families without a value too. No run id: it would be a new series each time. Ends in `# EOF`. */
export function openMetricsReport(run: Run): string {
  const families = [...requirementFamilies(run), ...runFamilies(run), stepFamily(run), failedFamily(run)];
  return `${[...families.flatMap(familyLines), '# EOF'].join('\n')}\n`;
}

const suffixes: Readonly<Record<WireUnit, string>> = {
  s: 'seconds',
  ratio: 'ratio',
  '/s': 'per_second',
  B: 'bytes',
  'tok/s': 'tokens_per_second',
  USD: 'usd',
  's/h': 'seconds_per_hour',
  'B/h': 'bytes_per_hour',
  '': '',
};

function requirementFamilies(run: Run): readonly Family[] {
  const units = new Set(run.verdicts.map(unitOf).filter((unit) => unit !== undefined));
  const labels = (verdict: Verdict): Labels => ({
    verification: run.plan.verification,
    requirement: verdict.requirement,
  });
  const values = [...units].map((unit) => ({
    name: 'faultline_requirement_value',
    unit: suffixes[unit],
    help: 'Observed value of the deciding clause.',
    points: run.verdicts
      .filter((verdict) => unitOf(verdict) === unit)
      .map((verdict) => ({ labels: labels(verdict), value: observedValue(verdict) })),
  }));
  return [
    {
      name: 'faultline_requirement_passed',
      unit: '',
      help: '1 when the requirement passed or warned, 0 when it failed, was undecided or could not be looked at.',
      points: run.verdicts.map((verdict) => ({
        labels: { ...labels(verdict), verdict: verdict.verdict },
        value: verdict.verdict === 'pass' || verdict.verdict === 'warn' ? 1 : 0,
      })),
    },
    ...values,
    {
      name: 'faultline_requirement_margin',
      unit: 'ratio',
      help: 'Distance to the limit as a share of the limit, negative beyond it.',
      points: run.verdicts.map((verdict) => ({ labels: labels(verdict), value: verdict.margin ?? null })),
    },
  ];
}

function unitOf(verdict: Verdict): WireUnit | undefined {
  const observed = decidingClause(verdict)?.observed;
  return observed === undefined ? undefined : wireUnit(observed.unit);
}

function observedValue(verdict: Verdict): number | null {
  const observed = decidingClause(verdict)?.observed;
  return observed?.value === undefined ? null : wireValue(observed.value, observed.unit);
}

function runFamilies(run: Run): readonly Family[] {
  const labels = { verification: run.plan.verification };
  const { droppedShare, traceCoverage, tracesAsked } = run.validity;
  return [
    {
      name: 'faultline_dropped',
      unit: 'ratio',
      help: 'Share of arrivals never sent.',
      points: [{ labels, value: droppedShare }],
    },
    {
      name: 'faultline_trace_coverage',
      unit: 'ratio',
      help: 'Share of the traces asked for that came complete.',
      points: tracesAsked === 0 ? [] : [{ labels, value: traceCoverage }],
    },
  ];
}

function stepFamily(run: Run): Family {
  return {
    name: 'faultline_response',
    unit: 'seconds',
    help: 'Response time from the intended start, by step and quantile.',
    points: judgedSteps(run).flatMap((step) =>
      Object.entries({ '0.5': step.p50Ms, '0.95': step.p95Ms, '0.99': step.p99Ms }).map(([quantile, value]) => ({
        labels: { ...stepLabels(run, step), q: quantile },
        value: value / 1000,
      })),
    ),
  };
}

function failedFamily(run: Run): Family {
  return {
    name: 'faultline_failed',
    unit: 'ratio',
    help: 'Share of failed requests by step.',
    points: judgedSteps(run).map((step) => ({ labels: stepLabels(run, step), value: step.failed / step.requests })),
  };
}

/** A journey that calls one step twice has two of its name: each series is there once, so the further ones are numbered. */
function judgedSteps(run: Run): readonly StepSummary[] {
  const seen = new Map<string, number>();
  return run.steps
    .filter((step) => run.phases.includes(step.phase) && step.requests > 0)
    .map((each) => {
      const key = JSON.stringify([each.scenario, each.step, each.phase]);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return count === 1 ? each : { ...each, step: `${each.step} (${count})` };
    });
}

const stepLabels = (run: Run, step: StepSummary): Labels => ({
  verification: run.plan.verification,
  scenario: step.scenario,
  step: step.step,
  phase: step.phase,
});

function familyLines(family: Family): readonly string[] {
  const name = family.unit === '' ? family.name : `${family.name}_${family.unit}`;
  const lines = family.points
    .filter((point) => point.value !== null && Number.isFinite(point.value))
    .map((point) => `${name}${labelText(point.labels)} ${rounded(point.value ?? 0)}`);
  if (lines.length === 0) return [];
  return [
    `# TYPE ${name} gauge`,
    ...(family.unit === '' ? [] : [`# UNIT ${name} ${family.unit}`]),
    `# HELP ${name} ${family.help}`,
    ...lines,
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const rounded = (value: number): string => String(Number(value.toPrecision(digits)));
