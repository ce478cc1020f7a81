// A phase: a name, how much load, how long.
import * as z from 'zod';
import type { Millis } from '../../core/model/units.ts';
import type { Phase } from '../../core/model/workload.ts';
import type { RateRange } from '../grammar/pace.ts';
import type { PhaseInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';
import { nameSchema, positiveDurationSchema, rateRangeSchema } from './scalars.ts';

export const usersSchema: z.ZodType<number, number> = z.int().min(1).max(100_000);
export const arrivalsSchema: z.ZodType<'constant' | 'poisson', 'constant' | 'poisson'> = z.enum([
  'constant',
  'poisson',
]);

/** A phase before the workload's defaults; it has a rate or a concurrency. */
export interface PhaseFields {
  readonly name: string;
  readonly rate?: RateRange | undefined;
  readonly concurrency?: number | undefined;
  readonly arrivals?: 'constant' | 'poisson' | undefined;
  readonly duration: Millis;
  readonly role?: Phase['role'] | undefined;
}

export const phaseSchema: z.ZodType<PhaseFields, PhaseInput> = mapping({
  name: nameSchema,
  rate: rateRangeSchema.optional(),
  concurrency: usersSchema.optional(),
  arrivals: arrivalsSchema.optional(),
  duration: positiveDurationSchema,
  role: z.enum(['warm-up', 'load', 'recovery']).optional(),
}).check((context) => {
  const { rate, concurrency } = context.value;
  if ((rate === undefined) !== (concurrency === undefined)) return;
  const isMissing = rate === undefined;
  const message = isMissing
    ? 'a phase says how much load, found neither `rate` nor `concurrency`'
    : 'a phase has a `rate` or a `concurrency`, not both';
  const help = 'write `rate: 200/s` (open model) or `concurrency: 32` (closed model)';
  context.issues.push({
    code: 'custom',
    message,
    input: context.value,
    params: { code: isMissing ? 'SPEC_KEY_MISSING' : 'SPEC_KEYS_EXCLUSIVE', help },
  });
});

/** `usual`: the workload's arrivals. */
export function toPhase(
  { name, rate, concurrency, arrivals, duration, role = 'load' }: PhaseFields,
  usual: 'constant' | 'poisson' = 'constant',
): Phase {
  const pace =
    rate === undefined
      ? ({ kind: 'concurrency', users: concurrency ?? 1 } as const)
      : ({ kind: 'rate', ...rate, arrivals: arrivals ?? usual } as const);
  return { name, pace, duration, role };
}
