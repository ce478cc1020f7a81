// The time to the first token grows with the prompt: the same watch once more for each size of prompt, and what these saw in a sentence.

import { quantileOf } from '../../model/histogram-data.ts';
import type { Watch } from '../../model/load.ts';
import { percentileName } from '../../model/percentile-name.ts';
import type { Rule } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { sayCount, sayQuantity } from '../wording.ts';

/** Input tokens up to which a size reaches; the last size is open. */
const edges = [128, 512, 2048, 8192] as const;
const open = Number.MAX_SAFE_INTEGER;

export function promptSizeWatches(watch: Watch): readonly Watch[] {
  return [...edges, open].map((upTo, i) => ({
    ...watch,
    id: `${watch.id}/input-${i}`,
    inputTokens: { above: edges[i - 1] ?? 0, upTo },
  }));
}

/** `p95 by prompt: 45 ms up to 128 tokens (120 answers), 80 ms up to 512 (150)`. Nothing when no answer said how long its prompt was. */
export function promptSizeNotes(watch: Watch, rule: Rule, { observations }: JudgeContext): readonly string[] {
  const stat = rule.clauses.map((clause) => clause.stat).find((each) => each.kind === 'quantile');
  if (stat === undefined) return [];
  const sizes = promptSizeWatches(watch).flatMap(({ id, inputTokens }) => {
    const histogram = observations.load?.watches.find((each) => each.id === id)?.histogram;
    const value = histogram === undefined ? undefined : quantileOf(histogram, stat.q);
    if (histogram === undefined || value === undefined || inputTokens === undefined) return [];
    const { above, upTo } = inputTokens;
    const size = upTo === open ? `beyond ${sayCount(above)} tokens` : `up to ${sayCount(upTo)} tokens`;
    return [
      `${sayQuantity(value / 1000, 'ms')} ${size} (${sayCount(histogram.count)} ${histogram.count === 1 ? 'answer' : 'answers'})`,
    ];
  });
  return sizes.length === 0 ? [] : [`${percentileName(stat.q)} by length of the prompt: ${sizes.join(', ')}`];
}
