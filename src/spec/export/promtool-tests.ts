// A promtool unit test of exported rules: they fire when the budget burns, and are silent when all is well and when one event in a quiet hour was bad.
import type { Slo } from '../../core/model/verification.ts';
import type { BurnAlert } from './burn-alerts.ts';
import { bucketOf, promWindow } from './ratio-expressions.ts';
import { type AlertRule, alertRule, type LabelStyle, labelsOf, type RuleGroup } from './rule-shapes.ts';

interface Exported {
  readonly slo: Slo;
  readonly alerts: readonly BurnAlert[];
  readonly groups: readonly RuleGroup[];
}

/** Minutes after which alerts are looked at: longer than any `for`, absence included. */
function evaluatedAt(alerts: readonly BurnAlert[]): number {
  return Math.max(15, ...alerts.map((each) => Math.ceil(each.forMs / 60_000) + 2));
}

/** The test file's content. Ratios and counts are given as series, so that no knowledge of the service's own metrics is needed. */
export function promtoolTests(exported: readonly Exported[], style: LabelStyle, rulesFile: string): unknown {
  return {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: [
      ...exported.flatMap((each) => [
        burning(each, style),
        healthy(each, style),
        ...quiet(each, style),
        ...unseen(each),
      ]),
      silence(exported),
    ],
  };
}

/** No series at all: every SLO that alerts on absence does. */
function silence(exported: readonly Exported[]): unknown {
  const rules = exported.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const absent = rules.filter((rule): rule is AlertRule => 'alert' in rule && rule.alert === 'SLOMetricAbsent');
  return {
    name: 'no data: absence fires, no budget burns',
    interval: '1m',
    input_series: [],
    alert_rule_test: [
      expectation('SLOMetricAbsent', evaluatedAt([]), absent),
      expectation('SLOBudgetBurn', evaluatedAt([]), []),
    ],
  };
}

function expectation(alertname: string, minutes: number, rules: readonly AlertRule[]): unknown {
  const alerts = rules.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations }));
  return { eval_time: `${minutes}m`, alertname, exp_alerts: alerts };
}

function burning({ slo, alerts, groups }: Exported, style: LabelStyle): unknown {
  const counted = hasCount(groups);
  const rules = alerts.map((each) => alertRule(slo, each, counted, style));
  return testCase(
    `${slo.name}: everything is bad, every alert fires`,
    { slo, alerts, groups },
    style,
    { ratio: 1, events: 1_000_000 },
    rules,
  );
}

function healthy(exported: Exported, style: LabelStyle): unknown {
  return testCase(
    `${exported.slo.name}: all is well, nothing fires`,
    exported,
    style,
    { ratio: 0, events: 1_000_000 },
    [],
  );
}

/** One bad event of ten: a large burn, and no reason to wake anybody. */
function quiet(exported: Exported, style: LabelStyle): readonly unknown[] {
  const floor = Math.min(...exported.alerts.map((each) => each.fewestEvents));
  if (!hasCount(exported.groups) || !Number.isFinite(floor) || floor < 2) return [];
  const name = `${exported.slo.name}: bad events in a quiet hour, nothing fires`;
  return [testCase(name, exported, style, { ratio: 1, events: Math.floor(floor / 2) }, [])];
}

/** Requests are counted, and none of them in the bucket of the limit, as the service has no such edge: nothing is known, nothing burns. */
function unseen({ slo, alerts }: Exported): readonly unknown[] {
  const { indicator } = slo;
  if (indicator.kind !== 'good-total' || bucketOf(indicator.good) === undefined) return [];
  const series = /\b[A-Za-z_:][\w:]*_count\{[^{}!~]*\}/.exec(indicator.total)?.[0];
  if (series === undefined) return [];
  return [
    {
      name: `${slo.name}: requests, and no bucket for the limit: nothing fires`,
      interval: '1m',
      input_series: [{ series, values: `0+6000x${evaluatedAt(alerts)}` }],
      alert_rule_test: [expectation('SLOBudgetBurn', evaluatedAt(alerts), [])],
    },
  ];
}

function hasCount(groups: readonly RuleGroup[]): boolean {
  return groups.some((group) =>
    group.rules.some((rule) => 'record' in rule && rule.record.startsWith('slo:sli_total')),
  );
}

function testCase(
  name: string,
  { slo, alerts, groups }: Exported,
  style: LabelStyle,
  values: { readonly ratio: number; readonly events: number },
  expected: readonly AlertRule[],
): unknown {
  const series = (record: string, windowMs: number, value: number): unknown => ({
    series: `${record}{${Object.entries(labelsOf(slo, style, windowMs))
      .map(([key, text]) => `${key}="${text}"`)
      .join(',')}}`,
    values: `${value}x${evaluatedAt(alerts)}`,
  });
  const windows = [...new Set(alerts.flatMap((each) => [each.shortMs, each.longMs]))];
  const longs = hasCount(groups) ? [...new Set(alerts.map((each) => each.longMs))] : [];
  return {
    name,
    interval: '1m',
    input_series: [
      ...windows.map((window) => series(`slo:sli_error:ratio_rate${promWindow(window)}`, window, values.ratio)),
      ...longs.map((window) => series(`slo:sli_total:increase${promWindow(window)}`, window, values.events)),
    ],
    // Alerts of other SLOs have no series here and are silent.
    alert_rule_test: [expectation('SLOBudgetBurn', evaluatedAt(alerts), expected)],
  };
}
