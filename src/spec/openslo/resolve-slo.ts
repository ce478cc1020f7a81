// An OpenSLO SLO as a verdict needs it: target, window, method and the queries of its indicator.
import { err, ok, type Result } from '../../core/model/result.ts';
import { millis, ratio } from '../../core/model/units.ts';
import type { Slo, SloIndicator } from '../../core/model/verification.ts';
import { defaults } from '../schema/defaults.ts';
import type {
  OpenSloDocument,
  OpenSloDocuments,
  OpenSloIndicator,
  OpenSloMetric,
  OpenSloObjective,
  OpenSloSpec,
} from './openslo-documents.ts';

/** One objective of an SLO document, under the name by which `sloRef` and rules know it. */
export interface NamedObjective {
  readonly name: string;
  readonly document: OpenSloDocument<OpenSloSpec>;
  /** The error is a sentence that says what cannot be used. */
  readonly slo: Result<Slo, string>;
}

/** Every objective as an SLO of its own; the first keeps the SLO's name, the others add theirs (or their number) to it. */
export function objectivesOf(
  document: OpenSloDocument<OpenSloSpec>,
  documents: OpenSloDocuments,
): readonly NamedObjective[] {
  const { spec, metadata } = document;
  return spec.objectives.map((objective, index) => {
    const name = index === 0 ? metadata.name : `${metadata.name}-${ownName(objective, spec) || index + 1}`;
    return { name, document, slo: resolveObjective(name, document, objective, documents) };
  });
}

/** The objective that `sloRef` names; undefined where there is none. */
export function objectiveNamed(name: string, documents: OpenSloDocuments): NamedObjective | undefined {
  const document = documents.slos.get(name);
  if (document !== undefined) return objectivesOf(document, documents)[0];
  return allObjectives(documents).find((objective) => objective.name === name);
}

export function allObjectives(documents: OpenSloDocuments): readonly NamedObjective[] {
  return [...documents.slos.values()].flatMap((document) => objectivesOf(document, documents));
}

/** Its display name in letters that names may have; empty where it has none of its own. */
function ownName({ displayName }: OpenSloObjective, { objectives }: OpenSloSpec): string {
  const isAlone = objectives.filter((each) => each.displayName === displayName).length === 1;
  const own = isAlone ? (displayName ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') : '';
  return own.replaceAll(/^-|-$/g, '');
}

function resolveObjective(
  name: string,
  document: OpenSloDocument<OpenSloSpec>,
  objective: OpenSloObjective,
  documents: OpenSloDocuments,
): Result<Slo, string> {
  const { spec } = document;
  const target =
    objective.target ?? (objective.targetPercent === undefined ? undefined : objective.targetPercent / 100);
  if (target === undefined) return err('its objective has neither `target` nor `targetPercent`');
  const source =
    objective.indicator?.spec ??
    spec.indicator?.spec ??
    indicatorBehind(objective.indicatorRef ?? spec.indicatorRef, documents);
  if (source === undefined) return err('it has no indicator');
  const indicator = resolveIndicator(source, objective);
  if (!indicator.ok) return indicator;
  const { timeSliceTarget, timeSliceWindow } = objective;
  return ok({
    name,
    service: spec.service,
    target: ratio(target),
    window: spec.timeWindow?.[0]?.duration ?? defaults.sloWindow,
    method: spec.budgetingMethod,
    indicator: indicator.value,
    ...(timeSliceTarget === undefined ? {} : { timeSliceTarget: ratio(timeSliceTarget) }),
    ...(timeSliceWindow === undefined ? {} : { timeSliceWindow: millis(timeSliceWindow) }),
  });
}

function indicatorBehind(name: string | undefined, documents: OpenSloDocuments): OpenSloIndicator | undefined {
  return name === undefined ? undefined : documents.slis.get(name)?.spec;
}

function resolveIndicator(
  { thresholdMetric, ratioMetric }: OpenSloIndicator,
  objective: OpenSloObjective,
): Result<SloIndicator, string> {
  if (thresholdMetric !== undefined) return thresholdIndicator(thresholdMetric.metricSource, objective);
  const { good, bad, total, raw, rawType } = ratioMetric!;
  const metric = raw ?? good ?? bad;
  const query = queryOf(metric?.metricSource);
  if (metric === undefined || query === undefined) return err(NOT_PROMQL);
  const dataSource = metric.metricSource.metricSourceRef ?? '';
  if (raw !== undefined) return ok({ kind: 'raw', query, success: rawType !== 'failure', dataSource });
  const all = queryOf(total?.metricSource);
  if (all === undefined) return err(NOT_PROMQL);
  if (good !== undefined) return ok({ kind: 'good-total', good: query, total: all, dataSource });
  return ok({ kind: 'bad-total', bad: query, total: all, dataSource });
}

function thresholdIndicator(metric: OpenSloMetric, objective: OpenSloObjective): Result<SloIndicator, string> {
  const query = queryOf(metric);
  if (query === undefined) return err(NOT_PROMQL);
  if (objective.op === undefined || objective.value === undefined)
    return err('a `thresholdMetric` needs `op` and `value` in its objective');
  return ok({
    kind: 'threshold',
    query,
    op: objective.op,
    value: objective.value,
    dataSource: metric.metricSourceRef ?? '',
  });
}

const NOT_PROMQL = 'its indicator is not a Prometheus query (`spec: { query: ... }`)';

function queryOf(metric: OpenSloMetric | undefined): string | undefined {
  const isProm = metric?.type === undefined || /^prom/i.test(metric.type);
  const query = metric?.spec['query'] ?? metric?.spec['promql'];
  return isProm && typeof query === 'string' && query.trim() !== '' ? query : undefined;
}
