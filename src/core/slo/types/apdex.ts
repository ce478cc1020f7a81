// apdex: the satisfaction score of the Apdex alliance, for those who come from tools that use it.
import type { WatchSlice } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { judgeShare } from '../clauses/share-clause.ts';
import { phasesOf, slicesOf } from '../evidence/scope.ts';
import { clausesOf, fineSlice, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, RequirementType } from '../requirement-type.ts';
import { parseDuration } from '../statistic-durations.ts';
import { noNeeds } from './type-options.ts';

export const apdex: RequirementType = {
  name: 'apdex',
  title: 'Users are satisfied (Apdex)',
  doc: `\`apdex(300ms) >= 0.94\`: requests within T = 300 ms count 1, within 4T count one half, slower and failed ones 0; the score is their mean. Its bounds are those of a share in which a tolerated request
is half bad, with the variance that such a mix of three outcomes has. For migration only: two limits on latency say more.`,
  example: `- id: CHK-20
  type: apdex
  require: apdex(300ms) >= 0.94`,
  stats: [{ kind: 'named', name: 'apdex', args: ['duration'], units: ['', 'ratio'], inSlices: true, over: true }],
  where: ['scenario', 'route', 'phase'],
  vantages: ['client'],
  options: {},
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  needs: (requirement, context) => ({ ...noNeeds, watches: [watchOf(requirement, context)] }),
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

function watchOf(requirement: Requirement, context: NeedsContext) {
  const targets = clausesOf(requirement).flatMap((clause) => targetOf(clause) ?? []);
  return watchFor(
    requirement,
    context,
    'response',
    targets.flatMap((target) => [target, 4 * target]),
  );
}

/** T in milliseconds. */
function targetOf(clause: Clause): number | undefined {
  return clause.stat.kind === 'named' ? parseDuration(clause.stat.args[0] ?? '') : undefined;
}

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const target = targetOf(clause);
  const asked = watchOf(requirement, context);
  const watch = context.observations.load?.watches.find((each) => each.id === asked.id);
  const slices = slicesOf(watch?.slices ?? [], phasesOf(requirement, context));
  if (target === undefined || target <= 0)
    return unsupportedVerdict(clause, 'a target time is wanted, as in apdex(300ms)');
  if (slices.every((slice) => slice.requests === 0))
    return noDataVerdict(clause, { reason: 'no-data', message: 'no requests were sent' });
  const thresholds: readonly number[] = asked.thresholds;
  const over = (slice: WatchSlice, limit: number): number => slice.over[thresholds.indexOf(limit)] ?? 0;
  // Over T counts half, over 4T the other half.
  const bad = (slice: WatchSlice): number => (over(slice, target) + over(slice, 4 * target)) / 2;
  const counted = slices.map((slice) => ({
    requests: slice.requests,
    bad: slice.requests - bad(slice),
    stratum: slice.phase,
  }));
  return judgeShare(
    clause,
    {
      noun: 'requests',
      counted: 'satisfied (tolerated ones by half)',
      slices: counted,
      sliceMs: fineSlice(requirement.slice),
      name: 'apdex',
      unit: '',
      floor: floorOf(
        slices,
        (slice) => over(slice, target),
        (slice) => over(slice, 4 * target),
      ),
    },
    requirement,
  );
}

/**
 * Variance of three outcomes (0, 1/2, 1) over that of yes and no with the same mean: the multinomial's bound, at most 1. With nothing or everything bad it
 * is taken as 1.
 */
function floorOf(
  slices: readonly WatchSlice[],
  tolerated: (slice: WatchSlice) => number,
  frustrated: (slice: WatchSlice) => number,
): number {
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const beyondFirst = slices.reduce((sum, slice) => sum + tolerated(slice), 0) / requests;
  const beyondBoth = slices.reduce((sum, slice) => sum + frustrated(slice), 0) / requests;
  const bad = (beyondFirst + beyondBoth) / 2;
  const variance = 0.25 * (beyondFirst - beyondBoth) + beyondBoth - bad * bad;
  return bad <= 0 || bad >= 1 ? 1 : Math.max(0.25, variance / (bad * (1 - bad)));
}
