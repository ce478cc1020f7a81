// Puts the judged clauses of a requirement together into its verdict.
import type { Clause, Requirement } from '../model/requirement.ts';
import type { ClauseVerdict, Verdict, VerdictName } from '../model/verdict.ts';
import { isWorse } from './clauses/clause-verdict.ts';
import { marginOf } from './margin.ts';
import type { Judgement } from './requirement-type.ts';

/**
 * All clauses of `require` must hold; when they do and a clause of `warn` is broken for certain, the verdict is `warn`. The deciding clause comes first: the worst, then the one nearest to its limit.
 * Without data `onNoData` has its say.
 */
export function assembleVerdict(requirement: Requirement, required: Judgement, warned: Judgement | undefined): Verdict {
  const kept = ranked(required.clauses, requirement.require.clauses);
  const broken = ranked(warned?.clauses ?? [], requirement.warn?.clauses ?? []).filter(
    ({ verdict }) => verdict.verdict === 'fail',
  );
  const isWarned = kept[0]?.verdict.verdict === 'pass' && broken.length > 0;
  const warnings = broken.map((each) => ({ ...each, verdict: { ...each.verdict, verdict: 'warn' as const } }));
  const order = isWarned ? [...warnings, ...kept] : kept;
  const deciding = order[0];
  if (deciding === undefined) return errorVerdict(requirement, 'the rule has no clause');
  const { verdict } = deciding;
  return onNoData(requirement, {
    ...headOf(requirement),
    verdict: verdict.verdict,
    clauses: order.map((each) => each.verdict),
    ...(deciding.margin === undefined ? {} : { margin: deciding.margin }),
    explanation: verdict.explanation,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict.need === undefined ? {} : { need: verdict.need }),
    ...(required.vantage === undefined ? {} : { vantage: required.vantage }),
    ...(required.baseline === undefined ? {} : { baseline: required.baseline }),
    notes: required.notes,
  });
}

/** We could not look, or do not know how. */
export function errorVerdict(requirement: Requirement, message: string): Verdict {
  return { ...headOf(requirement), verdict: 'error', clauses: [], explanation: message, notes: [] };
}

function headOf(requirement: Requirement) {
  const { id, title, type, priority, definedAt, require: rule } = requirement;
  return { requirement: id, title, type, priority, definedAt, rule: rule.text };
}

interface RankedClause {
  readonly verdict: ClauseVerdict;
  readonly margin: number | undefined;
}

/** Verdicts come in the order of the clauses, phase after phase. */
function ranked(verdicts: readonly ClauseVerdict[], clauses: readonly Clause[]): readonly RankedClause[] {
  return verdicts
    .map((verdict, i) => ({ verdict, margin: marginOf(clauses[i % Math.max(1, clauses.length)], verdict) }))
    .sort((a, b) => {
      if (a.verdict.verdict !== b.verdict.verdict) return isWorse(a.verdict.verdict, b.verdict.verdict) ? -1 : 1;
      return byMargin(a) - byMargin(b) || 0;
    });
}

/** A value among failed events lies beyond every other; a clause without a margin stands after those that have one. */
function byMargin({ verdict, margin }: RankedClause): number {
  return verdict.observed?.failedShare === undefined ? (margin ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
}

function onNoData(requirement: Requirement, verdict: Verdict): Verdict {
  if (verdict.verdict !== 'inconclusive' || verdict.reason !== 'no-data') return verdict;
  switch (requirement.onNoData) {
    case 'inconclusive':
      return verdict;
    case 'fail':
      return withVerdict(verdict, 'fail', `no data, and onNoData is fail: ${verdict.explanation}`);
    case 'skip':
      // One phase that was silent does not take the others' say away.
      if (verdict.clauses.some(({ reason }) => reason !== 'no-data')) return verdict;
      return { ...verdict, skipped: true, notes: [...verdict.notes, 'skipped: no data, and onNoData is skip'] };
  }
}

function withVerdict(verdict: Verdict, name: VerdictName, explanation: string): Verdict {
  return { ...verdict, verdict: name, explanation };
}
