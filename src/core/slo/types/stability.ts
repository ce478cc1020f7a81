// stability: whether something creeps up over a long run.
import type { CanonicalUnit, Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { type TrendPoint, trendPoints, trendSliceMs } from '../evidence/trend-points.ts';
import { clausesOf, limitValues, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { sayCount, sayDuration, sayInterval, sayQuantity } from '../wording.ts';
import { noNeeds, recordOption } from './type-options.ts';

export const stability: RequirementType = {
  name: 'stability',
  title: 'Nothing creeps up over time',
  doc: `\`slope(p95) <= 5ms/h\` and \`slope(heap) <= 10MiB/h\` fit a line through slices of one minute (shorter in runs under an hour), without the first tenth of the time, by Theil and Sen: the median of the slopes of all pairs, which outliers cannot
move. Its bounds follow from Kendall's test, widened for correlated neighbours; the test's p is shown. *Pass* when the upper bound is within the limit, *fail* when the lower bound is beyond it.

Percentiles, \`mean\` and \`rate\` (share of failed requests) come from the load; any other name is an entry of \`queries\` (PromQL), or \`query\` itself. At least 20 slices with a value are needed, and no long hole in them.`,
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
    const names = [...new Set(clausesOf(requirement).map(nameOf))];
    const dataSource = requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef };
    return {
      ...noNeeds,
      watches: names.some(isOfLoad) ? [watchFor(requirement, context, 'response', [])] : [],
      queries: names.flatMap((name) => {
        const query = queryOf(requirement, name);
        return isOfLoad(name) || query === undefined
          ? []
          : [{ key: `${requirement.id}/${name}`, query, mode: 'slices' as const, ...dataSource }];
      }),
    };
  },
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

/** Fewer slices than this show no trend. */
const fewestPoints = 20;
const hourMs = 3_600_000;

const nameOf = (clause: Clause): string => (clause.stat.kind === 'named' ? (clause.stat.args[0] ?? '') : '');
const isOfLoad = (name: string): boolean => /^p\d/.test(name) || name === 'mean' || name === 'rate';

function queryOf(requirement: Requirement, name: string): string | undefined {
  const query = recordOption(requirement, 'queries')[name];
  return typeof query === 'string' ? query : requirement.query;
}

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const name = nameOf(clause);
  const limit = limitValues(clause).at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a slope is compared with a fixed limit only');
  if (!isOfLoad(name) && queryOf(requirement, name) === undefined)
    return unsupportedVerdict(clause, `no query named ${name}: add it to \`queries\``);
  const points = trendPoints(name, isOfLoad(name), requirement, context);
  if ('reason' in points) return noDataVerdict(clause, points);
  return judgeSlope(clause, { points, limit, name }, requirement, context);
}

function judgeSlope(
  clause: Clause,
  { points, limit, name }: { readonly points: readonly TrendPoint[]; readonly limit: number; readonly name: string },
  requirement: Requirement,
  context: JudgeContext,
): ClauseVerdict {
  const found =
    points.length < fewestPoints
      ? undefined
      : theilSen(
          points.map((point) => point.atMs / hourMs),
          points.map((point) => point.value),
          requirement.confidence,
        );
  if (found === undefined) {
    const length = trendSliceMs(context);
    const need = `need ${fewestPoints} slices of ${sayDuration(length)}, have ${points.length}`;
    return inconclusiveVerdict(clause, 'too-few-samples', need);
  }
  const unit = slopeUnit(clause);
  const observed = { value: found.slope, unit, interval: found.interval, confidence: requirement.confidence };
  const p = found.trend.p < 0.001 ? 'p < 0.001' : `p = ${found.trend.p.toFixed(3)}`;
  const explanation = `slope of ${name} ${sayInterval(found.slope, found.interval, unit)}, limit ${sayQuantity(limit, unit)}: ${sayCount(points.length)} slices, Mann-Kendall ${p}`;
  const verdict = compareInterval(clause.op, found.interval, limitValues(clause));
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval of the slope holds the limit: a longer run would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function slopeUnit(clause: Clause): CanonicalUnit {
  return clause.limit.kind === 'fixed' ? clause.limit.quantity.unit : 'ms/h';
}
