// query: one number by any PromQL, for what no other type covers.
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import { unitOf } from '../clauses/slice-values-clause.ts';
import { type SliceGrid, sliceGrid, staleness } from '../evidence/series-slices.ts';
import { limitValues } from '../evidence/watch.ts';
import { silentRows, worstOfRows } from '../evidence/worst-of-rows.ts';
import type { RequirementType } from '../requirement-type.ts';
import { sayQuantity } from '../wording.ts';
import { noNeeds } from './type-options.ts';

export const query: RequirementType = {
  name: 'query',
  title: 'A query gives a good value',
  doc: `\`value <= 5\` compares the value of \`query\` at the end of the run. One number has no interval, so this is a **point verdict**: it says nothing of how the number would vary. Of several series the worst
counts. The query is evaluated at every slice, so that a stale or absent series shows: with holes in it, or without a value at the end, it is *inconclusive*. Use \`saturation\` for a gauge over time.`,
  example: `- id: CHK-13
  type: query
  query: sum(kafka_consumergroup_lag{group="orders"})
  require: value <= 5`,
  stats: [{ kind: 'named', name: 'value', args: [], units: ['', 'ratio', '/s', 'B'] }],
  where: ['phase'],
  vantages: ['server'],
  options: {},
  refs: { query: 'required', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: (requirement) => ({
    ...noNeeds,
    queries: [
      {
        key: requirement.id,
        query: requirement.query ?? '',
        mode: 'slices',
        ...(requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef }),
      },
    ],
  }),
  judge: (requirement, rule, context) => {
    const grid = sliceGrid(requirement, requirement.id, context);
    return {
      clauses: rule.clauses.map((clause) =>
        'reason' in grid ? noDataVerdict(clause, grid) : judgePoint(clause, grid, requirement),
      ),
      notes: ['a point verdict: one value, no interval', ...('reason' in grid ? [] : silentRows(grid))],
    };
  },
};

/** Fewer values than this do not show that the series is alive. */
const fewestValues = 3;

function judgePoint(clause: Clause, grid: SliceGrid, requirement: Requirement): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a value is compared with a fixed limit only');
  const values = worstOfRows(grid, isLower(clause.op));
  const stale = staleness(grid, values);
  const value = values.at(-1);
  if (stale !== undefined) return noDataVerdict(clause, stale);
  if (value === undefined)
    return noDataVerdict(clause, { reason: 'stale-data', message: 'the query has no value at the end of the run' });
  if (values.length < fewestValues)
    return noDataVerdict(clause, {
      reason: 'stale-data',
      message: `need ${fewestValues} slices to see that the series is alive, have ${values.length}`,
    });
  const unit = unitOf(clause);
  const verdict = compareInterval(clause.op, [value, value], limits) === 'pass' ? 'pass' : 'fail';
  return {
    clause: clause.text,
    verdict,
    observed: { value, unit, confidence: requirement.confidence },
    limit,
    explanation: `value ${sayQuantity(value, unit)}, limit ${sayQuantity(limit, unit)} (a point verdict, without an interval)`,
  };
}
