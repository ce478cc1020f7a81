// The shapes of OpenSLO's alert policy, condition and notification target.
import * as z from 'zod';
import { sloDelaySchema, sloDurationSchema } from './openslo-scalars.ts';
import { descriptionSchema, metadataShape, type ObjectMaker } from './slo-shapes.ts';

/** Editions of the specification differ in whether `kind`, `op` and `alertAfter` are there. */
export function conditionShape(object: ObjectMaker): z.ZodType {
  const condition = object({
    kind: z.enum(['burnrate', 'Burnrate', 'burnRate', 'BurnRate']).default('burnrate'),
    op: z.enum(['lte', 'gte', 'lt', 'gt']).default('gte'),
    threshold: z.number(),
    lookbackWindow: sloDurationSchema,
    alertAfter: sloDelaySchema.optional(),
  });
  return object({ description: descriptionSchema(), severity: z.string().min(1), condition });
}

export function targetShape(object: ObjectMaker): z.ZodType {
  return object({ target: z.string().min(1), description: descriptionSchema() });
}

export function policyShape(object: ObjectMaker): z.ZodType {
  const condition = z.union([
    object({ conditionRef: z.string() }),
    inlineShape(object, 'AlertCondition', conditionShape(object)),
  ]);
  const target = z.union([
    object({ targetRef: z.string() }),
    inlineShape(object, 'AlertNotificationTarget', targetShape(object)),
  ]);
  return object({
    description: descriptionSchema(),
    alertWhenNoData: z.boolean().optional(),
    alertWhenResolved: z.boolean().optional(),
    alertWhenBreaching: z.boolean().optional(),
    conditions: z.array(condition).min(1).max(1),
    notificationTargets: z.array(target).default([]),
  });
}

/** A document written inside another one. */
export function inlineShape(object: ObjectMaker, kind: string, spec: z.ZodType): z.ZodType {
  const metadata = object({ name: z.string().min(1), ...metadataShape() });
  return object({ apiVersion: z.string().optional(), kind: z.literal(kind), metadata, spec });
}
