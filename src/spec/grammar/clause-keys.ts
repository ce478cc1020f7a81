// Keys of a clause's object form that contradict each other: one of them would be dropped without a word.
import type { ClauseInput } from '../verification-document.ts';
import { isQuantile } from './parse-stat.ts';

/** What is wrong and with which key. */
export interface KeyProblem {
  readonly key: keyof ClauseInput;
  readonly message: string;
  readonly help: string;
}

type Key = keyof ClauseInput;

/** The first contradiction: two limits, a unit of no number, a target that is not the percentile's. */
export function contradictingKeys(clause: ClauseInput): KeyProblem | undefined {
  return contradictingLimits(clause) ?? contradictingTarget(clause);
}

function contradictingLimits(clause: ClauseInput): KeyProblem | undefined {
  const has = (key: Key): boolean => clause[key] !== undefined;
  const isRange = clause.op === 'between';
  const wanted: readonly Key[] = isRange ? ['low', 'high'] : ['value', 'baselinePlus', 'times'];
  const stray = (isRange ? (['value', 'baselinePlus', 'times'] as const) : (['low', 'high'] as const)).find(has);
  if (stray !== undefined) {
    const help = isRange ? 'a range is `low` and `high`' : 'for a range write `op: between`';
    return { key: stray, message: `\`${stray}\` does not belong to \`op: ${clause.op}\``, help };
  }
  const limits = wanted.filter(has);
  const second = isRange ? undefined : limits[1];
  if (second !== undefined)
    return {
      key: second,
      message: `a clause has one limit, found \`${limits.join('`, `')}\``,
      help: 'keep one of them',
    };
  if (!has('unit') || isRange || limits[0] === undefined || limits[0] === 'value') return undefined;
  return { key: 'unit', message: `\`unit\` belongs to \`value\`, not to \`${limits[0]}\``, help: 'remove it' };
}

/** `target` repeats a percentile; anything else it could mean has a key of its own. */
function contradictingTarget({ stat, target }: ClauseInput): KeyProblem | undefined {
  if (target === undefined) return undefined;
  const word = stat.trim().split(' ').at(-1) ?? '';
  const q = isQuantile(word) ? Number(word.slice(1)) / 100 : undefined;
  if (q === undefined) {
    const message = `\`target\` belongs to a percentile, found \`stat: ${stat}\``;
    return { key: 'target', message, help: `for a share of slices write \`inSlices: ${target}\`` };
  }
  if (Math.abs(q - target) < 1e-9) return undefined;
  const help = `a ${word} bounds ${Number((q * 100).toPrecision(10))}% of requests; remove \`target\``;
  return { key: 'target', message: `\`target: ${target}\` contradicts \`stat: ${stat}\``, help };
}
