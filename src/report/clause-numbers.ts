// The numbers of a verdict's deciding clause, as the short texts that every report shows.
import type { CanonicalUnit } from '../core/model/requirement.ts';
import type { ClauseVerdict, Observed, Verdict } from '../core/model/verdict.ts';
import { formatInterval, formatQuantity, formatShare } from './format-quantity.ts';

export interface ClauseNumbers {
  /** `p99`, as the rule names it. */
  readonly stat: string;
  /** `412 ms`; `12% failed` where it falls among failed requests; empty when nothing was observed. */
  readonly value: string;
  /** `398–431 ms`, `≥ 398 ms`; empty when there is none. */
  readonly interval: string;
  /** `≤ 300 ms`, with what it was made of where it is not fixed: `≤ 268 ms (baseline + 10%)`. */
  readonly limit: string;
}

/** The clause that decided: the first, by the contract of Verdict.clauses. Undefined when none was judged. */
export function decidingClause(verdict: Verdict): ClauseVerdict | undefined {
  return verdict.clauses[0];
}

/** Texts for one clause. Its limit is shown in the unit of what was observed, or as the document wrote it when nothing was. */
export function clauseNumbers(clause: ClauseVerdict): ClauseNumbers {
  const { stat, sign, right } = partsOf(clause.clause);
  const observed = clause.observed;
  return {
    stat,
    value: valueText(observed),
    interval: intervalText(observed),
    limit: limitText({ sign, right, limit: clause.limit, unit: observed?.unit }),
  };
}

function valueText(observed: Observed | undefined): string {
  if (observed?.value !== undefined) return formatQuantity(observed.value, observed.unit);
  return observed?.failedShare === undefined ? '' : `${formatShare(observed.failedShare)} failed`;
}

function intervalText(observed: Observed | undefined): string {
  if (observed?.interval !== undefined) return formatInterval(observed.interval, observed.unit);
  return observed?.atLeast === undefined ? '' : `≥ ${formatQuantity(observed.atLeast, observed.unit)}`;
}

/** `37% beyond` or `12% to spare`, `beyond` where nothing says how far; empty when the verdict has no margin. */
export function marginText(verdict: Verdict): string {
  if (verdict.verdict === 'fail' && decidingClause(verdict)?.observed?.failedShare !== undefined) return 'beyond';
  if (verdict.margin === undefined || !Number.isFinite(verdict.margin)) return '';
  const magnitude = Math.abs(verdict.margin);
  const share = formatShare(Math.round(magnitude * (magnitude < 0.1 ? 1000 : 100)) / (magnitude < 0.1 ? 1000 : 100));
  return verdict.margin < 0 ? `${share} beyond` : `${share} to spare`;
}

const signs: Readonly<Record<string, string>> = {
  '<=': '≤',
  '>=': '≥',
  '<': '<',
  '>': '>',
  '==': '=',
  between: 'between',
};

function partsOf(text: string): { readonly stat: string; readonly sign: string; readonly right: string } {
  const match = /^(.*?)\s*(<=|>=|==|<|>|\bbetween\b)\s*(.*)$/.exec(text);
  if (match === null) return { stat: text, sign: '', right: '' };
  return { stat: match[1] ?? '', sign: signs[match[2] ?? ''] ?? '', right: match[3] ?? '' };
}

function limitText(parts: {
  readonly sign: string;
  readonly right: string;
  readonly limit: number | undefined;
  readonly unit: CanonicalUnit | undefined;
}): string {
  const written = `${parts.sign} ${parts.right}`.trim();
  if (
    parts.limit === undefined ||
    parts.unit === undefined ||
    parts.sign === 'between' ||
    !Number.isFinite(parts.limit)
  )
    return written;
  const limit = `${parts.sign} ${formatQuantity(parts.limit, parts.unit)}`.trim();
  return /^baseline|\sx\s|\s(in|over|while)\s/.test(parts.right) ? `${limit} (${parts.right})` : limit;
}
