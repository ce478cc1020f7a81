// How a run is judged: phases that count, confidence, slices, waiting, and when a run may not judge at all.
import * as z from 'zod';
import type { OnNoData } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import { type Millis, millis, type Ratio, ratio } from '../../core/model/units.ts';
import type { BaselineSelection, ValidityLimits } from '../../core/model/verification.ts';
import { type BoundOperator, parseBound } from '../grammar/bound.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import type { BaselineInput, EvaluationInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import {
  confidenceSchema,
  durationSchema,
  positiveDurationSchema,
  type SettleTime,
  scalar,
  settleSchema,
} from './scalars.ts';

/** The `evaluation` of a document before it is joined with phases and sources. */
export interface EvaluationFields {
  readonly phases?: readonly string[];
  readonly perPhase: boolean;
  readonly confidence: Ratio;
  readonly slice: Millis;
  readonly failuresCountAs: 'bad' | 'excluded';
  readonly onNoData: OnNoData;
  readonly minSamples: number;
  readonly settleTraces: Millis;
  readonly settleMetrics?: SettleTime;
  readonly validity: ValidityLimits;
}

const limits = defaults.evaluation.validity;

const validitySchema = mapping({
  droppedIterations: bound('ratio', 'lte', '<= 0.1%').optional(),
  sendLag: bound('ms', 'lte', 'p99 <= 20ms', 'p99').optional(),
  traceCoverage: bound('ratio', 'gte', '>= 95%').optional(),
});

const shape = mapping({
  phases: z.array(z.string()).min(1).optional(),
  perPhase: z.boolean().optional(),
  confidence: confidenceSchema.optional(),
  slice: positiveDurationSchema.optional(),
  failuresCountAs: z.enum(['bad', 'excluded']).optional(),
  onNoData: z.enum(['inconclusive', 'fail', 'skip']).optional(),
  minSamples: z.int().min(0).optional(),
  settle: mapping({ traces: durationSchema.optional(), metrics: settleSchema.optional() }).optional(),
  validity: validitySchema.optional(),
});

export const evaluationSchema: z.ZodType<EvaluationFields, EvaluationInput> = shape.transform(toEvaluation);

function toEvaluation(fields: z.infer<typeof shape>): EvaluationFields {
  return {
    perPhase: fields.perPhase ?? defaults.evaluation.perPhase,
    confidence: fields.confidence ?? defaults.evaluation.confidence,
    slice: fields.slice ?? defaults.evaluation.slice,
    failuresCountAs: fields.failuresCountAs ?? defaults.evaluation.failuresCountAs,
    onNoData: fields.onNoData ?? defaults.evaluation.onNoData,
    minSamples: fields.minSamples ?? defaults.minSamples,
    settleTraces: fields.settle?.traces ?? defaults.evaluation.settle.traces,
    validity: {
      droppedShare: ratio(fields.validity?.droppedIterations ?? limits.droppedShare),
      sendLagP99: millis(fields.validity?.sendLag ?? limits.sendLagP99),
      traceCoverage: ratio(fields.validity?.traceCoverage ?? limits.traceCoverage),
    },
    ...(fields.phases === undefined ? {} : { phases: fields.phases }),
    ...(fields.settle?.metrics === undefined ? {} : { settleMetrics: fields.settle.metrics }),
  };
}

/** A document without `evaluation`. */
export const evaluationDefaults: EvaluationFields = toEvaluation({});

export const baselineSchema: z.ZodType<BaselineSelection, BaselineInput> = mapping({
  from: z.enum(['passed', 'any']).optional(),
  runs: z.int().min(1).max(100).optional(),
  branch: z.string().min(1).optional(),
  maxAge: positiveDurationSchema.optional(),
}).transform((fields) => ({
  from: fields.from ?? defaults.baseline.from,
  runs: fields.runs ?? defaults.baseline.runs,
  maxAge: fields.maxAge ?? defaults.baseline.maxAge,
  ...(fields.branch === undefined ? {} : { branch: fields.branch }),
}));

function bound(
  unit: 'ratio' | 'ms',
  operator: BoundOperator,
  example: string,
  subject?: string,
): z.ZodType<number, string> {
  const parse = (text: string): Parsed<number> => {
    const parsed = parseBound(text, {
      units: [unit],
      operators: [operator],
      example,
      ...(subject === undefined ? {} : { subject }),
    });
    if (!parsed.ok) return parsed;
    const { value } = parsed.value.quantity;
    if (value < 0 || (unit === 'ratio' && value > 1))
      return problem('SPEC_VALUE_RANGE', `a bound such as ${example} is wanted, found \`${text}\``);
    return ok(value);
  };
  return scalar<number>(parse, { wanted: `a bound such as ${example}`, examples: [example] });
}
