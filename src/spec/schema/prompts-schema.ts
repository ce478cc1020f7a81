// The shape of an LLM workload's prompts and answers.
import * as z from 'zod';
import { type Ratio, ratio } from '../../core/model/units.ts';
import type { PromptPlan } from '../../core/model/workload.ts';
import type { WorkloadInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';
import { shareSchema } from './scalars.ts';

export interface PromptFields {
  readonly inputTokens?: { readonly p50: number; readonly p95: number } | undefined;
  readonly outputTokens?: { readonly max: number; readonly ignoreEos?: boolean | undefined } | undefined;
  readonly sharedPrefix?: Ratio | undefined;
  readonly seed?: number | undefined;
}

const tokens = z.int().min(1).max(10_000_000);

/** Two points of one distribution. */
const lengths = mapping({ p50: tokens, p95: tokens }).check((context) => {
  const { p50, p95 } = context.value;
  if (p95 >= p50) return;
  context.issues.push({
    code: 'custom',
    message: `of the lengths of prompts p95 is at least p50, found ${p95} below ${p50}`,
    input: p95,
    path: ['p95'],
    params: { code: 'SPEC_VALUE_RANGE', help: `write \`{ p50: ${p95}, p95: ${p50} }\`` },
  });
});

export const promptsSchema: z.ZodType<PromptFields, NonNullable<WorkloadInput['prompts']>> = mapping({
  inputTokens: lengths.optional(),
  outputTokens: mapping({ max: tokens, ignoreEos: z.boolean().optional() }).optional(),
  sharedPrefix: shareSchema.optional(),
  seed: z.int().min(0).optional(),
});

/** A chat's usual lengths where the document does not say. */
export function promptPlan(
  model = 'default',
  { inputTokens, outputTokens, sharedPrefix, seed }: PromptFields = {},
): PromptPlan {
  return {
    model,
    inputTokens: inputTokens ?? { p50: 512, p95: 2048 },
    outputTokens: { max: outputTokens?.max ?? 512, ignoreEos: outputTokens?.ignoreEos ?? false },
    sharedPrefix: sharedPrefix ?? ratio(0),
    seed: seed ?? 1,
  };
}
