// Prompts for an LLM workload: lengths from a log-normal distribution, a beginning that all have in common, the rest their own.
import type { PromptPlan } from '../model/workload.ts';
import { createRandom, hash32 } from './random.ts';

// Frequent English words: with their leading space each is one token in the usual vocabularies, so words count as tokens to a few per cent.
const WORDS: readonly string[] =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years where much your way down should because long each just state those people too world very make still see work'.split(
    ' ',
  );
// The 95th percentile of a standard normal variable.
const Z95 = 1.6448536269514722;
/** Bounds a single prompt, whatever the tail of the distribution says. */
const MOST_TOKENS = 200_000;

/** The prompt of a request. */
export interface Prompt {
  readonly text: string;
  /** Words; the server's own count may differ by a few per cent. */
  readonly tokens: number;
}

/** A function from the number of a request to its prompt; the same for the same plan. */
export function promptSource(plan: PromptPlan): (index: number) => Prompt {
  const { p50, p95 } = plan.inputTokens;
  const sigma = p95 > p50 ? Math.log(p95 / p50) / Z95 : 0;
  const shared = createRandom(plan.seed);
  const sharedWords: string[] = [];
  return (index) => {
    const random = createRandom(hash32(plan.seed, index));
    const drawn = Math.round(p50 * Math.exp(sigma * normal(random.next(), random.next())));
    const tokens = Math.max(1, Math.min(MOST_TOKENS, drawn));
    const common = Math.floor(tokens * plan.sharedPrefix);
    while (sharedWords.length < common) sharedWords.push(word(shared.uint32()));
    const own = Array.from({ length: tokens - common }, () => word(random.uint32()));
    return { text: [...sharedWords.slice(0, common), ...own].join(' '), tokens };
  };
}

function word(random: number): string {
  return WORDS[random % WORDS.length] as string;
}

/** Box and Muller (1958). */
function normal(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}
