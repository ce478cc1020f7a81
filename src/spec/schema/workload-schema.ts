// The load: target, journeys, phases. Presets are expanded here, so that everything after sees plain phases.
import * as z from 'zod';
import type { Workload } from '../../core/model/workload.ts';
import { type Preset, presetPhases } from '../preset-phases.ts';
import type { WorkloadInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import { arrivalsSchema, phaseSchema, toPhase, usersSchema } from './phase-schema.ts';
import { promptPlan, promptsSchema } from './prompts-schema.ts';
import {
  durationSchema,
  positiveDurationSchema,
  rateRangeSchema,
  rateSchema,
  shareSchema,
  urlSchema,
} from './scalars.ts';
import { scenarioSchema, toScenario, usualChat } from './scenario-schema.ts';
import { transportSchema } from './transport-schema.ts';

const shape = mapping({
  target: urlSchema,
  testType: z.enum(['load', 'stress', 'spike', 'soak', 'scalability', 'breakpoint']).optional(),
  protocol: z.enum(['http', 'openai-chat-stream']).optional(),
  scenarios: z.array(scenarioSchema).min(1).optional(),
  phases: z.array(phaseSchema).min(1).optional(),
  rate: rateRangeSchema.optional(),
  concurrency: usersSchema.optional(),
  duration: positiveDurationSchema.optional(),
  arrivals: arrivalsSchema.optional(),
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
  transport: transportSchema.optional(),
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
  if (fields.until !== undefined && fields.testType !== 'breakpoint') {
    found.push({
      code: 'SPEC_KEYS_EXCLUSIVE',
      message: '`until` belongs to `testType: breakpoint`',
      path: ['until'],
      help: 'write `testType: breakpoint` to let the load rise until that requirement breaks',
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
  const prompts = fields.protocol === 'openai-chat-stream' ? promptPlan(fields.model, fields.prompts) : undefined;
  return {
    workload: {
      target: fields.target,
      testType,
      protocol: fields.protocol ?? 'http',
      scenarios: fields.scenarios?.map((scenario) => toScenario(scenario, fields)) ?? [usualChat(fields)],
      phases,
      ...(preset === undefined ? {} : { hasPresetPhases: true }),
      sampledShare: fields.tracing?.sampled ?? defaults.workload.sampledShare,
      maxSampledPerSecond: fields.tracing?.maxPerSecond ?? defaults.workload.maxSampledPerSecond,
      baggage: fields.tracing?.baggage ?? defaults.workload.baggage,
      warmUp: fields.warmUp ?? defaults.workload.warmUp,
      ...(prompts === undefined ? {} : { prompts }),
      ...(fields.until === undefined ? {} : { until: fields.until }),
      ...(fields.transport === undefined ? {} : { transport: fields.transport }),
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
