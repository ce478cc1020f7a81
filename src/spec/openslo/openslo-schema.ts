// The seven kinds of OpenSLO v1 as the specification has them. Keys it does not have are remarked on and ignored; documents that follow it load unchanged.
import * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import { mapping } from '../schema/mapping.ts';
import { scalar } from '../schema/scalars.ts';
import type { OpenSloMetadata } from './openslo-documents.ts';

export const openSloKinds = [
  'Service',
  'DataSource',
  'SLO',
  'SLI',
  'AlertPolicy',
  'AlertCondition',
  'AlertNotificationTarget',
] as const;
export type OpenSloKind = (typeof openSloKinds)[number];

/** What a document of any kind holds after reading; `spec` has the shape that openslo-documents.ts states for its kind. */
export interface OpenSloFields {
  readonly metadata: OpenSloMetadata;
  readonly spec: unknown;
}

/** `strict` reports unknown keys, `loose` drops them. */
export function openSloSchema(kind: OpenSloKind, keys: 'strict' | 'loose'): z.ZodType<OpenSloFields> {
  const schemas = keys === 'strict' ? strictSchemas : looseSchemas;
  return schemas[kind];
}

type ObjectMaker = (shape: z.ZodRawShape) => z.ZodType;

function kindSchemas(object: ObjectMaker): Readonly<Record<OpenSloKind, z.ZodType<OpenSloFields>>> {
  const labels = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
  const metadataShape = {
    displayName: z.string().optional(),
    labels: labels.default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  };
  const metadata = object({ name: z.string().min(1), ...metadataShape });
  const description = z.string().max(1050).optional();
  const metric = object({
    metricSource: object({
      metricSourceRef: z.string().optional(),
      type: z.string().optional(),
      spec: z.record(z.string(), z.unknown()),
    }),
  });
  const ratio = object({
    counter: z.boolean().optional(),
    good: metric.optional(),
    bad: metric.optional(),
    total: metric.optional(),
    rawType: z.enum(['success', 'failure']).optional(),
    raw: metric.optional(),
  });
  const indicatorSpec = object({
    description,
    thresholdMetric: metric.optional(),
    ratioMetric: ratio.optional(),
  }).check((context) => checkIndicator(context.value as Indicator, context.issues));
  const indicator = object({
    metadata: object({ name: z.string().optional(), ...metadataShape }).optional(),
    spec: indicatorSpec,
  });
  const op = z.enum(['lte', 'gte', 'lt', 'gt']);
  const objective = object({
    displayName: z.string().optional(),
    op: op.optional(),
    value: z.number().optional(),
    target: targetSchema(1).optional(),
    targetPercent: targetSchema(100).optional(),
    timeSliceTarget: z.number().gt(0).max(1).optional(),
    timeSliceWindow: sloDuration.optional(),
    indicator: indicator.optional(),
    indicatorRef: z.string().optional(),
    compositeWeight: z.number().gt(0).optional(),
  });
  const inline = (kind: string, spec: z.ZodType): z.ZodType =>
    object({ apiVersion: z.string().optional(), kind: z.literal(kind), metadata, spec });
  const condition = object({
    description,
    severity: z.string().min(1),
    condition: object({
      kind: z.enum(['burnrate', 'Burnrate', 'burnRate', 'BurnRate']),
      op,
      threshold: z.number(),
      lookbackWindow: sloDuration,
      alertAfter: sloDuration.optional(),
    }),
  });
  const target = object({ target: z.string().min(1), description });
  const policy = object({
    description,
    alertWhenNoData: z.boolean().optional(),
    alertWhenResolved: z.boolean().optional(),
    alertWhenBreaching: z.boolean().optional(),
    conditions: z
      .array(z.union([object({ conditionRef: z.string() }), inline('AlertCondition', condition)]))
      .min(1)
      .max(1),
    notificationTargets: z
      .array(z.union([object({ targetRef: z.string() }), inline('AlertNotificationTarget', target)]))
      .default([]),
  });
  const calendar = object({ startTime: z.string(), timeZone: z.string() });
  const slo = object({
    description,
    service: z.string().min(1),
    indicator: indicator.optional(),
    indicatorRef: z.string().optional(),
    timeWindow: z
      .array(object({ duration: sloDuration, isRolling: z.boolean().optional(), calendar: calendar.optional() }))
      .min(1)
      .max(1),
    budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices']),
    objectives: z.array(objective).min(1),
    alertPolicies: z
      .array(z.union([z.string(), object({ alertPolicyRef: z.string() }), inline('AlertPolicy', policy)]))
      .default([]),
  });
  const document = (kind: OpenSloKind, spec: z.ZodType): z.ZodType<OpenSloFields> =>
    object({ apiVersion: z.literal('openslo/v1'), kind: z.literal(kind), metadata, spec }) as z.ZodType<OpenSloFields>;
  return {
    Service: document('Service', object({ description })),
    DataSource: document(
      'DataSource',
      object({ description, type: z.string().min(1), connectionDetails: z.record(z.string(), z.unknown()) }),
    ),
    SLO: document('SLO', slo),
    SLI: document('SLI', indicatorSpec),
    AlertPolicy: document('AlertPolicy', policy),
    AlertCondition: document('AlertCondition', condition),
    AlertNotificationTarget: document('AlertNotificationTarget', target),
  };
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

/** An indicator is a threshold or a ratio; a ratio is good or bad over total, or raw. */
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
  if (ratioMetric.total === undefined)
    complain('`ratioMetric` needs the key `total`', ['ratioMetric'], 'SPEC_KEY_MISSING');
  if (ratioMetric.good === undefined && ratioMetric.bad === undefined)
    complain('`ratioMetric` needs the key `good` or `bad`', ['ratioMetric'], 'SPEC_KEY_MISSING');
}

function targetSchema(whole: 1 | 100): z.ZodType<number> {
  return scalar<number, number>(
    (text) => {
      const value = Number(text);
      if (text.trim() !== '' && value >= 0 && value < whole) return ok(value);
      const range = whole === 1 ? 'between 0 and 1 (1 excluded)' : 'between 0 and 100 (100 excluded)';
      const help =
        whole === 1 && value >= 1 && value < 100
          ? `write ${Number((value / 100).toPrecision(12))}, or \`targetPercent: ${text}\``
          : undefined;
      return problem('SPEC_TARGET_RANGE', `a target must be ${range}, found ${text}`, { help });
    },
    { wanted: 'a target', type: 'number' },
  );
}

const DAY = 24 * 3_600_000;
const CALENDAR: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  Q: 91 * DAY,
  Y: 365 * DAY,
};

/** One integer and one of m h d w M Q Y; months are 30 days, quarters 91, years 365. */
const sloDuration: z.ZodType<Millis> = scalar(parseSloDuration, {
  wanted: 'a duration such as 28d',
  pattern: '^[1-9][0-9]*[mhdwMQY]$|^\\$\\{',
  examples: ['28d', '5m'],
});

function parseSloDuration(text: string): Parsed<Millis> {
  const match = /^([1-9]\d{0,5})([mhdwMQY])$/.exec(text);
  if (match !== null) return ok(millis(Number(match[1]) * CALENDAR[match[2]!]!));
  if (/^\d+$/.test(text))
    return problem('SPEC_UNIT_MISSING', `\`${text}\` needs a unit: m, h, d, w, M, Q or Y`, {
      help: `write ${text}m for minutes or ${text}d for days`,
    });
  return problem(
    'SPEC_QUANTITY_SYNTAX',
    `an OpenSLO duration is a whole number and one of m, h, d, w, M, Q, Y; found \`${text}\``,
    { help: 'for example 28d or 5m' },
  );
}

// Below what they are made of: these are built when the module loads.
const strictSchemas = kindSchemas(mapping);
const looseSchemas = kindSchemas((shape) => z.object(shape));
