// Clauses back into what people write: the object form, and through it the one-line form.
import { percentileName } from '../../core/model/percentile-name.ts';
import type { Clause, Limit, Quantity, Rule, Stat } from '../../core/model/requirement.ts';
import { type ClauseWords, clauseLine } from '../grammar/clause-form.ts';
import type { ClauseInput, DurationText } from '../verification-document.ts';
import { printDuration } from './print-quantity.ts';

/** The rule in one line, evenly spaced; numbers and units as the document wrote them. */
export function printRule(rule: Rule): string {
  return rule.clauses.map((clause) => clauseLine(clauseWords(clause)).text).join(' and ');
}

/** The canonical object form: `p99 <= 300ms` is `{ stat: p99, op: lte, value: 300, unit: ms, target: 0.99 }`. */
export function clauseInput(clause: Clause): ClauseInput {
  const { value, low, high, ...words } = clauseWords(clause);
  const { stat, op, unit, ...rest } = words;
  return {
    stat,
    op,
    ...(value === undefined ? {} : { value: Number(value) }),
    ...(low === undefined ? {} : { low: Number(low) }),
    ...(high === undefined ? {} : { high: Number(high) }),
    ...(unit === undefined ? {} : { unit }),
    ...rest,
  };
}

function clauseWords({ stat, op, limit, inSlices, over, while: ids }: Clause): ClauseWords {
  return {
    stat: printStat(stat),
    op,
    ...limitWords(limit),
    ...(stat.kind === 'quantile' ? { target: stat.q } : {}),
    ...(inSlices === undefined ? {} : { inSlices }),
    ...(over === undefined ? {} : { over: printDuration(over) as DurationText }),
    ...(ids.length === 0 ? {} : { while: ids }),
  };
}

/** `p99.9`, `perUser p10`, `max in_flight`, `p95(peak)`. */
function printStat(stat: Stat): string {
  if (stat.kind === 'quantile') {
    const quantile = percentileName(stat.q);
    return stat.of === undefined ? quantile : `${stat.of} ${quantile}`;
  }
  const args = stat.args.length === 0 ? '' : `(${stat.args.join(', ')})`;
  return `${stat.name}${args}${stat.of === undefined ? '' : ` ${stat.of}`}`;
}

function limitWords(limit: Limit): Partial<ClauseWords> {
  switch (limit.kind) {
    case 'fixed': {
      const { number, unit } = written(limit.quantity);
      return { value: number, ...unitWords(unit) };
    }
    case 'range': {
      const [low, high] = [written(limit.low), written(limit.high)];
      if (low.unit === high.unit) return { low: low.number, high: high.number, ...unitWords(low.unit) };
      // One unit serves both ends: the canonical one where the document used two.
      const unit = limit.low.unit;
      return { low: limit.low.value, high: limit.high.value, ...unitWords(unit === 'ratio' ? '' : unit) };
    }
    case 'baseline':
      return { baselinePlus: limit.plus.text };
    case 'multiple':
      return { times: { factor: limit.factor, stat: printStat(limit.stat) } };
  }
}

function unitWords(unit: string): Partial<ClauseWords> {
  return unit === '' ? {} : { unit };
}

function written({ text }: Quantity): { readonly number: string; readonly unit: string } {
  const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(.*)$/is.exec(text);
  return { number: match?.[1] ?? text, unit: match?.[2] ?? '' };
}
