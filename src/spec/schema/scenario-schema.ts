// A user journey: steps in order, the data that fills them in, its share of the load.
import * as z from 'zod';
import type { Millis } from '../../core/model/units.ts';
import type { Feed, Scenario } from '../../core/model/workload.ts';
import type { ScenarioInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import { nameSchema } from './scalars.ts';
import { type StepFields, stepSchema } from './step-schema.ts';

interface FeedFields {
  readonly name?: string | undefined;
  readonly path: string;
  readonly order?: Feed['order'] | undefined;
}

/** A scenario before the workload's defaults. */
export interface ScenarioFields {
  readonly name: string;
  readonly weight?: number | undefined;
  readonly steps: readonly StepFields[];
  readonly feed?: FeedFields | undefined;
  readonly feeds?: readonly FeedFields[] | undefined;
  readonly cookies?: boolean | undefined;
}

const feedSchema = mapping({
  name: nameSchema.optional(),
  path: z.string().min(1),
  order: z.enum(['sequential', 'random', 'unique']).optional(),
});

export const scenarioSchema: z.ZodType<ScenarioFields, ScenarioInput> = mapping({
  name: nameSchema,
  weight: z.number().min(0).max(1_000_000).optional(),
  steps: z.array(stepSchema).min(1),
  feed: feedSchema.optional(),
  feeds: z.array(feedSchema).optional(),
  cookies: z.boolean().optional(),
});

/** What a workload says for all its steps. */
interface StepDefaults {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeout?: Millis | undefined;
}

export function toScenario(fields: ScenarioFields, { headers, timeout }: StepDefaults): Scenario {
  const feeds = [...(fields.feed === undefined ? [] : [fields.feed]), ...(fields.feeds ?? [])];
  return {
    name: fields.name,
    weight: fields.weight ?? defaults.weight,
    cookies: fields.cookies ?? true,
    feeds: feeds.map(({ name, path, order }) => ({ name: name ?? path, path, order: order ?? 'sequential' })),
    steps: fields.steps.map((step) => ({
      ...step,
      headers: { ...headers, ...step.headers },
      timeout: step.timeout ?? timeout ?? defaults.workload.stepTimeout,
    })),
  };
}

/** An LLM workload needs no scenario: the engine renders the prompt of each request. */
export function usualChat({ headers, timeout }: StepDefaults): Scenario {
  return toScenario(chatScenario, { headers, timeout: timeout ?? defaults.workload.chatTimeout });
}

const chatScenario: ScenarioFields = {
  name: 'chat',
  steps: [
    {
      name: 'POST /v1/chat/completions',
      method: 'POST',
      path: '/v1/chat/completions',
      query: {},
      headers: {},
      expect: {},
      captures: [],
    },
  ],
};
