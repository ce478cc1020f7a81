// The load: target, journeys, phases. Presets are expanded here, so that everything after sees plain phases.
import * as z from 'zod';
import { millis, ratio } from '../../core/model/units.ts';
import type { Feed, Phase, PromptPlan, Scenario, Workload } from '../../core/model/workload.ts';
import { type Preset, presetPhases } from '../preset-phases.ts';
import type { WorkloadInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import {
  durationSchema,
  nameSchema,
  positiveDurationSchema,
  rateRangeSchema,
  rateSchema,
  shareSchema,
  urlSchema,
} from './scalars.ts';
import { stepSchema } from './step-schema.ts';

const users = z.int().min(1).max(100_000);
const arrivals = z.enum(['constant', 'poisson']);

const phaseSchema = mapping({
  name: nameSchema,
  rate: rateRangeSchema.optional(),
  concurrency: users.optional(),
  arrivals: arrivals.optional(),
  duration: positiveDurationSchema,
  role: z.enum(['warm-up', 'load', 'recovery']).optional(),
}).check((context) => {
  const { rate, concurrency } = context.value;
  if ((rate === undefined) !== (concurrency === undefined)) return;
  const message =
    rate === undefined
      ? 'a phase says how much load, found neither `rate` nor `concurrency`'
      : 'a phase has a `rate` or a `concurrency`, not both';
  context.issues.push({
    code: 'custom',
    message,
    input: context.value,
    params: {
      code: rate === undefined ? 'SPEC_KEY_MISSING' : 'SPEC_KEYS_EXCLUSIVE',
      help: 'write `rate: 200/s` (open model) or `concurrency: 32` (closed model)',
    },
  });
});

const feedSchema = mapping({
  name: nameSchema.optional(),
  path: z.string().min(1),
  order: z.enum(['sequential', 'random', 'unique']).optional(),
});

const scenarioSchema = mapping({
  name: nameSchema,
  weight: z.number().min(0).max(1_000_000).optional(),
  steps: z.array(stepSchema).min(1),
  feed: feedSchema.optional(),
  feeds: z.array(feedSchema).optional(),
  cookies: z.boolean().optional(),
});

const tokens = z.int().min(1).max(10_000_000);
const promptsSchema = mapping({
  inputTokens: mapping({ p50: tokens, p95: tokens }).optional(),
  outputTokens: mapping({ max: tokens, ignoreEos: z.boolean().optional() }).optional(),
  sharedPrefix: shareSchema.optional(),
  seed: z.int().min(0).optional(),
});

const shape = mapping({
  target: urlSchema,
  testType: z.enum(['load', 'stress', 'spike', 'soak', 'scalability', 'breakpoint']).optional(),
  protocol: z.enum(['http', 'openai-chat-stream']).optional(),
  scenarios: z.array(scenarioSchema).min(1).optional(),
  phases: z.array(phaseSchema).min(1).optional(),
  rate: rateRangeSchema.optional(),
  concurrency: users.optional(),
  duration: positiveDurationSchema.optional(),
  arrivals: arrivals.optional(),
  until: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  timeout: positiveDurationSchema.optional(),
  tracing: mapping({
    sampled: shareSchema.optional(),
    maxPerSecond: rateSchema.optional(),
    baggage: z.boolean().optional(),
  }).optional(),
  warmUp: durationSchema.optional(),
  model: z.string().optional(),
  prompts: promptsSchema.optional(),
});

type WorkloadShape = z.infer<typeof shape>;

/** A workload and what its preset adds to the evaluation. */
export interface WorkloadFields {
  readonly workload: Omit<Workload, 'safety'>;
  /** Phases that count when the document does not say. */
  readonly judged: readonly string[];
}

export const workloadSchema: z.ZodType<WorkloadFields, WorkloadInput> = shape
  .check((context) => {
    for (const found of contradictions(context.value)) {
      context.issues.push({
        code: 'custom',
        message: found.message,
        input: context.value,
        path: found.path,
        params: { code: found.code, help: found.help },
      });
    }
  })
  .transform(toWorkload) as z.ZodType<WorkloadFields, WorkloadInput>;

interface Contradiction {
  readonly code: 'SPEC_KEYS_EXCLUSIVE' | 'SPEC_PHASES_MISSING' | 'SPEC_KEY_MISSING';
  readonly message: string;
  readonly path: string[];
  readonly help?: string;
}

function contradictions(fields: WorkloadShape): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const level = fields.rate !== undefined ? 'rate' : fields.concurrency !== undefined ? 'concurrency' : undefined;
  if (fields.phases === undefined && level === undefined) {
    const help = 'write `phases: [{ name: peak, rate: 200/s, duration: 5m }]`, or `rate: 200/s` beside `testType`';
    found.push({
      code: 'SPEC_PHASES_MISSING',
      message: '`workload` does not say how much load: neither `phases` nor `rate` is there',
      path: [],
      help,
    });
  }
  if (fields.phases !== undefined && level !== undefined) {
    found.push({
      code: 'SPEC_KEYS_EXCLUSIVE',
      message: `\`phases\` already say the ${level}`,
      path: [level],
      help: `\`${level}\` of the workload is for presets; remove one of both`,
    });
  }
  if (fields.rate !== undefined && fields.concurrency !== undefined)
    found.push({
      code: 'SPEC_KEYS_EXCLUSIVE',
      message: 'a preset has a `rate` or a `concurrency`, not both',
      path: ['concurrency'],
    });
  if (fields.scenarios === undefined && fields.protocol !== 'openai-chat-stream') {
    found.push({
      code: 'SPEC_KEY_MISSING',
      message: '`workload` needs the key `scenarios`',
      path: [],
      help: 'write `scenarios: [{ name: home, steps: [{ get: / }] }]`',
    });
  }
  if (fields.protocol !== 'openai-chat-stream' && fields.prompts !== undefined) {
    found.push({
      code: 'SPEC_KEYS_EXCLUSIVE',
      message: '`prompts` belong to `protocol: openai-chat-stream`',
      path: ['prompts'],
    });
  }
  return found;
}

function toWorkload(fields: WorkloadShape): WorkloadFields {
  const testType = fields.testType ?? 'load';
  const preset = fields.phases === undefined ? presetOf(fields) : undefined;
  const phases = preset?.phases ?? fields.phases!.map((phase) => toPhase(phase, fields.arrivals));
  const prompts = fields.protocol === 'openai-chat-stream' ? promptsOf(fields) : undefined;
  return {
    workload: {
      target: fields.target,
      testType,
      protocol: fields.protocol ?? 'http',
      scenarios: (fields.scenarios ?? [chatScenario]).map((scenario) => toScenario(scenario, fields)),
      phases,
      sampledShare: fields.tracing?.sampled ?? defaults.workload.sampledShare,
      maxSampledPerSecond: fields.tracing?.maxPerSecond ?? defaults.workload.maxSampledPerSecond,
      baggage: fields.tracing?.baggage ?? defaults.workload.baggage,
      warmUp: fields.warmUp ?? defaults.workload.warmUp,
      ...(prompts === undefined ? {} : { prompts }),
      ...(fields.until === undefined ? {} : { until: fields.until }),
    },
    judged: preset?.judged ?? phases.filter((phase) => phase.role !== 'warm-up').map((phase) => phase.name),
  };
}

function presetOf(fields: WorkloadShape): Preset {
  const level =
    fields.rate === undefined
      ? ({ kind: 'concurrency', users: fields.concurrency! } as const)
      : ({ kind: 'rate', ...fields.rate } as const);
  return presetPhases(fields.testType ?? 'load', {
    level,
    arrivals: fields.arrivals ?? 'constant',
    ...(fields.duration === undefined ? {} : { duration: fields.duration }),
  });
}

function toPhase(fields: z.infer<typeof phaseSchema>, usual: 'constant' | 'poisson' | undefined): Phase {
  const { name, duration, role = 'load' } = fields;
  if (fields.rate === undefined)
    return { name, duration, role, pace: { kind: 'concurrency', users: fields.concurrency! } };
  return {
    name,
    duration,
    role,
    pace: { kind: 'rate', ...fields.rate, arrivals: fields.arrivals ?? usual ?? 'constant' },
  };
}

function toScenario(fields: z.infer<typeof scenarioSchema>, workload: WorkloadShape): Scenario {
  const feeds = [...(fields.feed === undefined ? [] : [fields.feed]), ...(fields.feeds ?? [])];
  return {
    name: fields.name,
    weight: fields.weight ?? defaults.weight,
    cookies: fields.cookies ?? true,
    feeds: feeds.map(
      (feed): Feed => ({ name: feed.name ?? feed.path, path: feed.path, order: feed.order ?? 'sequential' }),
    ),
    steps: fields.steps.map((step) => ({
      ...step,
      headers: { ...workload.headers, ...step.headers },
      timeout: step.timeout === defaults.workload.stepTimeout ? (workload.timeout ?? step.timeout) : step.timeout,
    })),
  };
}

/** An LLM workload needs no scenario: the engine renders the prompt of each request. */
const chatScenario: z.infer<typeof scenarioSchema> = {
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
      timeout: millis(120_000),
    },
  ],
};

function promptsOf(fields: WorkloadShape): PromptPlan {
  const { inputTokens, outputTokens, sharedPrefix, seed } = fields.prompts ?? {};
  return {
    model: fields.model ?? 'default',
    inputTokens: inputTokens ?? { p50: 512, p95: 2048 },
    outputTokens: { max: outputTokens?.max ?? 512, ignoreEos: outputTokens?.ignoreEos ?? false },
    sharedPrefix: sharedPrefix ?? ratio(0),
    seed: seed ?? 1,
  };
}
