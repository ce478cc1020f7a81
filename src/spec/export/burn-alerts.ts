// Which burn-rate alerts an SLO gets: four pairs of windows, or what its alert policies say.
import type { Slo } from '../../core/model/verification.ts';
import { burnWindows, canFire, fewestEvents } from '../../core/slo/statistics/burn-rate.ts';
import type {
  OpenSloAlertCondition,
  OpenSloAlertPolicy,
  OpenSloDocuments,
  OpenSloSpec,
} from '../openslo/openslo-documents.ts';

export interface BurnAlert {
  readonly severity: string;
  readonly longMs: number;
  readonly shortMs: number;
  /** Burn rate above which it fires. */
  readonly factor: number;
  /** Bad share above which it fires: factor x (1 - target), capped where that cannot happen. */
  readonly threshold: number;
  readonly isCapped: boolean;
  /** How long it must hold; 0 for at once. */
  readonly forMs: number;
  /** When the budget would be gone at this burn rate. */
  readonly exhaustionMs: number;
  /** Events that the long window needs. */
  readonly fewestEvents: number;
}

const MINUTE = 60_000;
const MONTH = 30 * 24 * 60 * MINUTE;
/** Highest bad share that an alert waits for: at 100% nobody needs an alert to notice. */
const HIGHEST_THRESHOLD = 0.95;

export interface AlertPlan {
  /** Empty where every policy says `alertWhenBreaching: false`. */
  readonly alerts: readonly BurnAlert[];
  /** Windows over which the bad share is recorded, alerts or not. */
  readonly windows: readonly number[];
  /** Whether silence is alerted on. */
  readonly onAbsence: boolean;
}

/**
 * Without policies, or with the annotation `faultline/burn-windows: workbook` on one: the workbook's four pairs. Else one alert for each condition, its short window a
 * twelfth of the long one. Absence is alerted on unless every policy says no, burning unless every policy says `alertWhenBreaching: false`.
 */
export function alertPlan(slo: Slo, document: OpenSloSpec | undefined, documents: OpenSloDocuments): AlertPlan {
  const policies = document === undefined ? [] : policiesOf(document, documents);
  const breaching = policies.filter(({ policy }) => policy.alertWhenBreaching !== false);
  const conditions = breaching.flatMap(({ policy, wantsWorkbook }) =>
    wantsWorkbook ? [] : conditionsOf(policy, documents),
  );
  const planned =
    conditions.length === 0 ? workbookAlerts(slo) : conditions.map((condition) => conditionAlert(slo, condition));
  return {
    alerts: policies.length > 0 && breaching.length === 0 ? [] : planned,
    windows: [...new Set(planned.flatMap((each) => [each.shortMs, each.longMs]))].sort((a, b) => a - b),
    onAbsence: policies.length === 0 || policies.some(({ policy }) => policy.alertWhenNoData !== false),
  };
}

/** Site Reliability Workbook, table 5-8, and Sloth's fourth pair; windows scaled with the SLO's period as Pyrra does. */
function workbookAlerts(slo: Slo): readonly BurnAlert[] {
  const scale = slo.window / MONTH;
  // Near a month the windows keep their round lengths; the factor then follows the period.
  const isMonth = scale > 0.9 && scale < 1.1;
  const scaled = (ms: number): number => (isMonth ? ms : toMinutes(ms * scale));
  return burnWindows(isMonth ? slo.window : MONTH).map(({ severity, longMs, shortMs, factor }) =>
    alert(slo, { severity, longMs: scaled(longMs), shortMs: scaled(shortMs), factor, forMs: 0 }),
  );
}

function conditionAlert(slo: Slo, { severity, condition }: OpenSloAlertCondition): BurnAlert {
  const { lookbackWindow, threshold, alertAfter } = condition;
  const shortMs = toMinutes(lookbackWindow / 12);
  return alert(slo, { severity, longMs: lookbackWindow, shortMs, factor: threshold, forMs: alertAfter ?? 0 });
}

function toMinutes(ms: number): number {
  return Math.max(1, Math.round(ms / MINUTE)) * MINUTE;
}

function alert(slo: Slo, pair: Pick<BurnAlert, 'severity' | 'longMs' | 'shortMs' | 'factor' | 'forMs'>): BurnAlert {
  const isCapped = !canFire(pair.factor, slo.target);
  const threshold = isCapped ? HIGHEST_THRESHOLD : Number((pair.factor * (1 - slo.target)).toPrecision(12));
  return {
    ...pair,
    threshold,
    isCapped,
    exhaustionMs: slo.window / pair.factor,
    fewestEvents: fewestEvents(slo.target),
  };
}

interface Policy {
  readonly policy: OpenSloAlertPolicy;
  readonly wantsWorkbook: boolean;
}

function policiesOf({ alertPolicies }: OpenSloSpec, documents: OpenSloDocuments): readonly Policy[] {
  return alertPolicies.flatMap((entry) => {
    const name = typeof entry === 'string' ? entry : 'alertPolicyRef' in entry ? entry.alertPolicyRef : undefined;
    const found = name === undefined ? undefined : documents.alertPolicies.get(name);
    const inline = typeof entry === 'object' && 'spec' in entry ? entry : found;
    if (inline === undefined) return [];
    return [
      { policy: inline.spec, wantsWorkbook: inline.metadata.annotations['faultline/burn-windows'] === 'workbook' },
    ];
  });
}

function conditionsOf(
  { conditions }: OpenSloAlertPolicy,
  documents: OpenSloDocuments,
): readonly OpenSloAlertCondition[] {
  const all = conditions.flatMap((condition) =>
    'conditionRef' in condition
      ? (documents.alertConditions.get(condition.conditionRef)?.spec ?? [])
      : [condition.spec],
  );
  // A condition that fires while little burns is remarked on when it is read; it makes no alert.
  return all.filter(({ condition }) => condition.op === 'gte' || condition.op === 'gt');
}
