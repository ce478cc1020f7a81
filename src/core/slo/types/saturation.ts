// saturation: how full a resource is, by any PromQL gauge, slice by slice.
import { noDataVerdict } from '../clauses/clause-verdict.ts';
import { isLower } from '../clauses/mean-clause.ts';
import { judgeSliceValues } from '../clauses/slice-values-clause.ts';
import { sliceGrid } from '../evidence/series-slices.ts';
import { silentRows, worstOfRows } from '../evidence/worst-of-rows.ts';
import type { RequirementType } from '../requirement-type.ts';
import { noNeeds } from './type-options.ts';

export const saturation: RequirementType = {
  name: 'saturation',
  title: 'A resource keeps room to spare',
  doc: `\`value <= 0.8 in 95% of slices\` evaluates \`query\` at the end of each slice (OpenSLO's Timeslices): a slice is good when its value keeps the limit, and the share of good slices gets an exact bound. 95% needs at least
59 slices to pass. Without \`in ... of slices\` no slice may break the limit, and 30 are needed. Of several series the worst counts. \`{{.slice}}\` in the query becomes the length of a slice.

Of several series one that falls silent while others go on is told. An infinite value breaks a limit. An empty answer, NaN, a hole of more than two slices or more than 10% missing slices is *inconclusive* (\`no-data\`, \`stale-data\`), never a pass. Names of metrics change between versions of a product, so the PromQL stands in
the file.`,
  example: `- id: CHK-10
  type: saturation
  query: max(db_client_connections_usage{state="used"}) / max(db_client_connections_max)
  require: value <= 0.8 in 95% of slices
  priority: should`,
  stats: [{ kind: 'named', name: 'value', args: [], units: ['', 'ratio', '/s', 'B'], inSlices: true }],
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
        'reason' in grid
          ? noDataVerdict(clause, grid)
          : judgeSliceValues(
              clause,
              { grid, values: worstOfRows(grid, isLower(clause.op)), name: 'value' },
              requirement,
            ),
      ),
      notes: 'reason' in grid ? [] : silentRows(grid),
    };
  },
};
