// stability: whether something creeps up over a long run.
import type { CanonicalUnit, Clause, Requirement } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { groupsOf, phasesOf } from '../evidence/scope.ts';
import { sliceGrid } from '../evidence/series-slices.ts';
import { slopeFactor } from '../evidence/series-unit.ts';
import { type TrendPoint, trendPoints, trendSliceMs } from '../evidence/trend-points.ts';
import { clausesOf, limitValues, watchFor } from '../evidence/watch.ts';
import { silentRows } from '../evidence/worst-of-rows.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { sayCount, sayDuration, sayInterval, sayQuantity } from '../wording.ts';
import { noNeeds, recordOption } from './type-options.ts';

export const stability: RequirementType = {
  name: 'stability',
  title: 'Nothing creeps up over time',
  doc: `\`slope(p95) <= 5ms/h\` and \`slope(heap) <= 10MiB/h\` fit a line through slices of one minute (shorter in runs under an hour), without the first tenth of the time, by Theil and Sen: the median of the slopes of all pairs, which outliers cannot
move. Its bounds follow from Kendall's test, widened for correlated neighbours; the test's p is shown. *Pass* when the upper bound is within the limit, *fail* when the lower bound is beyond it.

Percentiles, \`mean\` and \`rate\` (share of failed requests) come from the load, unless \`queries\` has an entry of that name; any other name is an entry of \`queries\` (PromQL), or \`query\` itself. A limit in ms/h or MiB/h needs a query whose metrics tell their unit by name (\`_seconds\`, \`_milliseconds\`, \`_bytes\`); otherwise write it without a unit, per hour
in the query's own (\`slope(heap) <= 5000000\`). A limit in /s, /min or /h is a number of whatever the query counts for each of these. A slice in which a percentile falls among failed requests stands above every other: it can show a rise, and nothing passes on it. At least 20 slices with a value are needed, and no long hole in them.`,
  example: `- id: CHK-15
  type: stability
  queries: { heap: 'sum(nodejs_heap_size_used_bytes{service="checkout"})' }
  require: slope(p95) <= 5ms/h and slope(heap) <= 10MiB/h`,
  stats: [
    { kind: 'named', name: 'slope', args: ['quantile'], units: ['ms/h'] },
    { kind: 'named', name: 'slope', args: ['name'], units: ['ms/h', 'B/h', '/s', 'ratio', ''] },
  ],
  where: ['scenario', 'route', 'phase'],
  vantages: ['client', 'server'],
  options: {
    queries: { kind: 'queries', required: false, doc: 'PromQL of each name whose slope is limited.' },
  },
  refs: { query: 'optional', dataSourceRef: 'optional', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement, context) => {
    const byName = new Map(clausesOf(requirement).map((clause) => [nameOf(clause), clause]));
    const dataSource = requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef };
    return {
      ...noNeeds,
      watches: [...byName.keys()].some((name) => isOfLoad(name, requirement))
        ? [watchFor(requirement, context, 'response', [])]
        : [],
      queries: [...byName].flatMap(([name, clause]) => {
        const query = slopeQuery(clause, requirement);
        return query === undefined
          ? []
          : [{ key: `${requirement.id}/${name}`, query, mode: 'slices' as const, ...dataSource }];
      }),
    };
  },
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: rule.clauses.flatMap((clause) => silenceOf(clause, requirement, context)),
  }),
};

/** Fewer slices than this show no trend. */
const fewestPoints = 20;
const hourMs = 3_600_000;

const nameOf = (clause: Clause): string => (clause.stat.kind === 'named' ? (clause.stat.args[0] ?? '') : '');
type WithQueries = Pick<Requirement, 'options'> & { readonly query?: string | undefined };

/** A statistic of the load, unless the document has a query of that name. */
function isOfLoad(name: string, requirement: WithQueries): boolean {
  if (recordOption(requirement, 'queries')[name] !== undefined) return false;
  return /^p\d{1,2}(\.\d+)?$/.test(name) || name === 'mean' || name === 'rate';
}

/** The query that a clause is about; undefined for the load's own measures, and where there is none. */
export function slopeQuery(clause: Clause, requirement: WithQueries): string | undefined {
  const name = nameOf(clause);
  if (isOfLoad(name, requirement)) return undefined;
  const query = recordOption(requirement, 'queries')[name];
  return typeof query === 'string' ? query : requirement.query;
}

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const name = nameOf(clause);
  const limit = limitValues(clause).at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a slope is compared with a fixed limit only');
  const query = slopeQuery(clause, requirement);
  const ofLoad = isOfLoad(name, requirement);
  if (!ofLoad && query === undefined)
    return unsupportedVerdict(clause, `no query named ${name}: add it to \`queries\``);
  const unit = slopeUnit(clause);
  const factor = query === undefined ? 1 : slopeFactor(query, unit);
  if (factor === undefined) return unsupportedVerdict(clause, unknownSlopeUnit(name, unit));
  const points = trendPoints(name, ofLoad, requirement, context);
  if ('reason' in points) return noDataVerdict(clause, points);
  const scaled = points.map((point) => ({ ...point, value: point.value * factor }));
  return judgeSlope(clause, { points: scaled, limit, name, isOfLoad: ofLoad, unit }, requirement, context);
}

/** Said of a query whose series do not all go on to the end: the slope is that of the largest there is at each time. */
function silenceOf(clause: Clause, requirement: Requirement, context: JudgeContext): readonly string[] {
  if (slopeQuery(clause, requirement) === undefined) return [];
  const grid = sliceGrid(requirement, `${requirement.id}/${nameOf(clause)}`, context);
  return 'reason' in grid ? [] : silentRows(grid);
}

interface Slope {
  readonly points: readonly TrendPoint[];
  readonly limit: number;
  readonly name: string;
  /** Else of a query. */
  readonly isOfLoad: boolean;
  readonly unit: CanonicalUnit;
}

function judgeSlope(
  clause: Clause,
  { points, limit, name, isOfLoad, unit }: Slope,
  requirement: Requirement,
  context: JudgeContext,
): ClauseVerdict {
  const perHour = unit === '/s' ? hourMs / 1000 : 1;
  const found =
    points.length < fewestPoints
      ? undefined
      : theilSen(
          points.map((point) => (point.atMs / hourMs) * perHour),
          finiteValues(points),
          requirement.confidence,
        );
  if (found === undefined) {
    const length = trendSliceMs(context);
    const need = `need ${fewestPoints} slices of ${sayDuration(length)}, have ${points.length}`;
    return inconclusiveVerdict(clause, 'too-few-samples', need);
  }
  const samples = isOfLoad ? requestsIn(requirement, context) : points.length;
  const few = belowMinimum(clause, samples, requirement);
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, found.interval, limitValues(clause));
  const lost = points.filter((point) => !Number.isFinite(point.value)).length;
  if (lost > 0)
    return judgeWithHoles(clause, { lost, of: points.length, name, isOfLoad, unit, limit, verdict }, requirement);
  const observed = { value: found.slope, unit, interval: found.interval, confidence: requirement.confidence };
  const p = found.trend.p < 0.001 ? 'p < 0.001' : `p = ${found.trend.p.toFixed(3)}`;
  const explanation = `slope of ${name} ${sayInterval(found.slope, found.interval, unit)}, limit ${sayQuantity(limit, unit)}: ${sayCount(points.length)} slices, Mann-Kendall ${p}`;
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval of the slope holds the limit: a longer run would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function requestsIn(requirement: Requirement, context: JudgeContext): number {
  const { load } = context.observations;
  const groups = load === undefined ? [] : groupsOf(load, requirement, phasesOf(requirement, context));
  return groups.reduce((sum, group) => sum + group.requests, 0);
}

/** A value among failed requests stands above every other: a slope that is told by their ranks stays what it is. */
function finiteValues(points: readonly TrendPoint[]): readonly number[] {
  const values = points.map((point) => point.value).filter(Number.isFinite);
  const above = 1e6 * (1 + values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  return points.map(({ value }) => (Number.isFinite(value) ? value : value > 0 ? above : -above));
}

interface Holes {
  readonly lost: number;
  readonly of: number;
  readonly name: string;
  readonly isOfLoad: boolean;
  readonly unit: CanonicalUnit;
  readonly limit: number;
  readonly verdict: 'pass' | 'fail' | 'open';
}

/** Slices whose value lies among failed requests can show that it rises, never that it does not. */
function judgeWithHoles(clause: Clause, holes: Holes, { confidence }: Requirement): ClauseVerdict {
  const { lost, of, name, isOfLoad, unit, limit, verdict } = holes;
  const why = isOfLoad ? 'too many of their requests failed' : 'it is infinite there';
  const need = `${sayCount(lost)} of ${sayCount(of)} slices have no ${name}: ${why}`;
  const explanation = `slope of ${name}, limit ${sayQuantity(limit, unit)}: ${need}`;
  const observed = { unit, ...(isOfLoad ? { failedShare: ratio(lost / of) } : {}), confidence };
  if (verdict === 'fail') return { clause: clause.text, verdict, observed, limit, explanation };
  return inconclusiveVerdict(clause, 'unsteady', need, { observed, limit, explanation });
}

/** Of the limit; that of a range is the same on both sides. */
export function slopeUnit({ limit }: Clause): CanonicalUnit {
  return limit.kind === 'fixed' ? limit.quantity.unit : limit.kind === 'range' ? limit.high.unit : 'ms/h';
}

function unknownSlopeUnit(name: string, unit: CanonicalUnit): string {
  const wanted = unit === 'B/h' ? 'bytes (as `heap_bytes` would)' : 'time (as `latency_seconds` would)';
  return `the query of ${name} does not say that its values are ${wanted}: write the limit as a number, in the query's own unit per hour`;
}
