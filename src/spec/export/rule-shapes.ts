// Single rules: labels, alerts, and the metadata series that Sloth's dashboards read.
import type { Slo } from '../../core/model/verification.ts';
import { printDuration } from '../print/print-quantity.ts';
import type { BurnAlert } from './burn-alerts.ts';
import { promWindow } from './ratio-expressions.ts';

export type LabelStyle = 'plain' | 'sloth';

export type Labels = Readonly<Record<string, string>>;

export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Labels;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export type Rule = Recording | AlertRule;

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** Labels of a recorded series; `windowMs` only where Sloth's style wants it. */
export function labelsOf(slo: Slo, style: LabelStyle, windowMs?: number): Labels {
  const own = { slo: slo.name, service: slo.service };
  if (style === 'plain') return own;
  const window = windowMs === undefined ? {} : { sloth_window: promWindow(windowMs) };
  return { ...own, sloth_id: `${slo.service}-${slo.name}`, sloth_service: slo.service, sloth_slo: slo.name, ...window };
}

/**
 * Fires when both windows burn faster than the factor. Labels say which pair it was and when the budget would be gone. Where events can be counted, a quiet hour with one
 * bad event stays silent.
 */
export function alertRule(slo: Slo, alert: BurnAlert, hasCount: boolean, style: LabelStyle): AlertRule {
  const selector = `{slo="${slo.name}"}`;
  const [long, short] = [promWindow(alert.longMs), promWindow(alert.shortMs)];
  const lines = [
    `max(slo:sli_error:ratio_rate${long}${selector}) > ${alert.threshold}`,
    `and max(slo:sli_error:ratio_rate${short}${selector}) > ${alert.threshold}`,
    ...(hasCount ? [`and max(slo:sli_total:increase${long}${selector}) > ${alert.fewestEvents}`] : []),
  ];
  const severity =
    style === 'sloth' ? { severity: alert.severity, sloth_severity: alert.severity } : { severity: alert.severity };
  return {
    alert: 'SLOBudgetBurn',
    expr: lines.join('\n'),
    ...(alert.forMs === 0 ? {} : { for: printDuration(alert.forMs) }),
    labels: { ...labelsOf(slo, style), ...severity, long, short, exhaustion: promWindow(alert.exhaustionMs) },
    annotations: {
      summary: `${slo.name} spends its error budget ${round(alert.factor)} times too fast`,
      description: `More than ${round(alert.threshold * 100)}% bad over ${long} and ${short}; at this speed the budget of ${promWindow(slo.window)} is gone in ${promWindow(alert.exhaustionMs)}.`,
    },
  };
}

/** Fires when the SLO cannot be seen at all: silence is no success. */
export function absentRule(slo: Slo, shortestMs: number, severity: string, style: LabelStyle): AlertRule {
  const series = `slo:sli_error:ratio_rate${promWindow(shortestMs)}`;
  return {
    alert: 'SLOMetricAbsent',
    expr: `absent(${series}{slo="${slo.name}"})`,
    for: '10m',
    labels: { ...labelsOf(slo, style), severity },
    annotations: {
      summary: `${slo.name} cannot be seen`,
      description: `${series} has had no value for 10 minutes: the service sends no metrics, or its SLO's queries find nothing.`,
    },
  };
}

/** What Sloth records beside the ratios. */
export function metadataRules(slo: Slo, shortestMs: number, periodShare: string | undefined): readonly Recording[] {
  const labels = labelsOf(slo, 'sloth');
  const selector = `{sloth_id="${labels['sloth_id']}"}`;
  const period = promWindow(slo.window);
  const shortest = `slo:sli_error:ratio_rate${promWindow(shortestMs)}${selector}`;
  const recordings: readonly (readonly [string, string | undefined])[] = [
    [`slo:sli_error:ratio_rate${period}`, periodShare],
    ['slo:objective:ratio', `vector(${slo.target})`],
    ['slo:error_budget:ratio', `vector(1 - ${slo.target})`],
    ['slo:time_period:days', `vector(${slo.window / 86_400_000})`],
    [
      'slo:current_burn_rate:ratio',
      `${shortest} / on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio${selector}`,
    ],
    [
      'slo:period_burn_rate:ratio',
      `slo:sli_error:ratio_rate${period}${selector} / on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio${selector}`,
    ],
    ['slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio${selector}`],
  ];
  return recordings.flatMap(([record, expr]) => {
    if (expr === undefined) return [];
    return [{ record, expr, labels: record.startsWith('slo:sli_error') ? labelsOf(slo, 'sloth', slo.window) : labels }];
  });
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
