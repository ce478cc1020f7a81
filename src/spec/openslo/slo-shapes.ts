// The shapes of OpenSLO's SLO and SLI. `object` makes them strict (unknown keys are reported) or loose (dropped).
import * as z from 'zod';
import { sliceDurationSchema, sloDurationSchema, targetSchema } from './openslo-scalars.ts';

export type ObjectMaker = (shape: z.ZodRawShape) => z.ZodType;

/** `labels` may be lists, annotations are texts. */
export function metadataShape(): z.ZodRawShape {
  return {
    displayName: z.string().optional(),
    labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  };
}

export function descriptionSchema(): z.ZodType {
  return z.string().max(1050).optional();
}

/** `alertPolicy`: the shape of a policy written inside the SLO. */
export function sloShape(object: ObjectMaker, alertPolicy: z.ZodType): z.ZodType {
  const indicator = object({
    metadata: object({ name: z.string().optional(), ...metadataShape() }).optional(),
    spec: indicatorShape(object),
  });
  const objective = object({
    displayName: z.string().optional(),
    op: z.enum(['lte', 'gte', 'lt', 'gt']).optional(),
    value: z.number().optional(),
    target: targetSchema(1).optional(),
    targetPercent: targetSchema(100).optional(),
    timeSliceTarget: z.number().gt(0).max(1).optional(),
    timeSliceWindow: sliceDurationSchema.optional(),
    indicator: indicator.optional(),
    indicatorRef: z.string().optional(),
    compositeWeight: z.number().gt(0).optional(),
  });
  const window = object({
    duration: sloDurationSchema,
    isRolling: z.boolean().optional(),
    calendar: object({ startTime: z.string(), timeZone: z.string() }).optional(),
  });
  return object({
    description: descriptionSchema(),
    service: z.string().min(1),
    indicator: indicator.optional(),
    indicatorRef: z.string().optional(),
    timeWindow: z.array(window).min(1).max(1).optional(),
    budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices']).default('Occurrences'),
    objectives: z.array(objective).min(1),
    alertPolicies: z.array(z.union([z.string(), object({ alertPolicyRef: z.string() }), alertPolicy])).default([]),
  });
}

/** The `spec` of an SLI, also written inside an SLO. */
export function indicatorShape(object: ObjectMaker): z.ZodType {
  const source = object({
    metricSourceRef: z.string().optional(),
    type: z.string().optional(),
    spec: z.record(z.string(), z.unknown()).default({}),
  });
  const metric = object({ metricSource: source });
  const ratio = object({
    counter: z.boolean().optional(),
    good: metric.optional(),
    bad: metric.optional(),
    total: metric.optional(),
    rawType: z.enum(['success', 'failure']).optional(),
    raw: metric.optional(),
  });
  return object({
    description: descriptionSchema(),
    thresholdMetric: metric.optional(),
    ratioMetric: ratio.optional(),
  }).check((context) => checkIndicator(context.value as Indicator, context.issues));
}

interface Indicator {
  readonly thresholdMetric?: unknown;
  readonly ratioMetric?: {
    readonly good?: unknown;
    readonly bad?: unknown;
    readonly total?: unknown;
    readonly raw?: unknown;
  };
}

/** An indicator is a threshold or a ratio; a ratio is raw, or good or bad over total. */
function checkIndicator(indicator: Indicator, issues: z.core.$ZodRawIssue[]): void {
  const { thresholdMetric, ratioMetric } = indicator;
  const complain = (message: string, path: string[], code: string): void => {
    issues.push({ code: 'custom', message, input: indicator, path, params: { code } });
  };
  if (thresholdMetric === undefined && ratioMetric === undefined) {
    complain('an indicator needs the key `ratioMetric` or `thresholdMetric`', [], 'SPEC_KEY_MISSING');
  }
  if (thresholdMetric !== undefined && ratioMetric !== undefined) {
    complain(
      'an indicator has a `ratioMetric` or a `thresholdMetric`, not both',
      ['thresholdMetric'],
      'SPEC_KEYS_EXCLUSIVE',
    );
  }
  if (ratioMetric === undefined || ratioMetric.raw !== undefined) return;
  const { good, bad, total } = ratioMetric;
  if (total === undefined) complain('`ratioMetric` needs the key `total`', ['ratioMetric'], 'SPEC_KEY_MISSING');
  if (good === undefined && bad === undefined)
    complain('`ratioMetric` needs the key `good` or `bad`', ['ratioMetric'], 'SPEC_KEY_MISSING');
  if (good !== undefined && bad !== undefined)
    complain('a ratio has `good` or `bad`, not both', ['ratioMetric', 'bad'], 'SPEC_KEYS_EXCLUSIVE');
}
