// One requirement. Its schema is made from its type's own field list, so that a new type needs no change here.
import * as z from 'zod';
import type {
  OnNoData,
  OptionValue,
  Priority,
  RequirementTypeName,
  Rule,
  Vantage,
  Where,
} from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import type { Millis, Ratio } from '../../core/model/units.ts';
import type { Presence } from '../../core/slo/requirement-type.ts';
import { parseEdgeSelector, parseSpanSelector } from '../grammar/selector.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import type { RequirementLanguage, RequirementLanguages } from '../requirement-language.ts';
import type { RequirementInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';
import { optionSchema } from './option-schema.ts';
import { ruleSchema } from './rule-schema.ts';
import { confidenceSchema, positiveDurationSchema, scalar } from './scalars.ts';

/** A requirement before the document's defaults are filled in. */
export interface RequirementFields {
  readonly id: string;
  readonly title?: string;
  readonly type: RequirementTypeName;
  readonly where: Where;
  readonly source: Vantage;
  readonly require: Rule;
  readonly warn?: Rule;
  readonly priority?: Priority;
  readonly onNoData?: OnNoData;
  readonly confidence?: Ratio;
  readonly slice?: Millis;
  readonly minSamples?: number;
  readonly sloRef?: string;
  readonly dataSourceRef?: string;
  readonly query?: string;
  readonly owner?: string;
  readonly runbook?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionValue>>;
}

const idSchema = scalar(parseId, { wanted: 'an id such as CHK-01', pattern: '^[A-Z0-9-]+$', examples: ['CHK-01'] });
const spanSchema = scalar(parseSpanSelector, {
  wanted: 'a span selector such as [service.name="payments" kind=server]',
  examples: ['[service.name="payments" kind=server]'],
});
const edgeSchema = scalar(parseEdgeSelector, {
  wanted: 'an edge such as checkout -> payments',
  examples: ['checkout -> payments'],
});
const text = z.string().min(1);
const labels = z.record(z.string(), z.string());

const where = mapping({
  scenario: text.optional(),
  route: text.optional(),
  phase: text.optional(),
  service: text.optional(),
  span: spanSchema.optional(),
  edge: edgeSchema.optional(),
  labels: labels.optional(),
});

/** Fields that every type has; the rest of a requirement are options of its type. */
const common = {
  id: idSchema,
  title: text.optional(),
  where: where.optional(),
  source: z.enum(['client', 'server', 'trace']).optional(),
  priority: z.enum(['must', 'should', 'info']).optional(),
  onNoData: z.enum(['inconclusive', 'fail', 'skip']).optional(),
  confidence: confidenceSchema.optional(),
  slice: positiveDurationSchema.optional(),
  minSamples: z.int().min(0).optional(),
  owner: text.optional(),
  runbook: text.optional(),
  labels: labels.optional(),
} as const;

/** The schema of any requirement, told apart by `type`. */
export function requirementSchema(languages: RequirementLanguages): z.ZodType<RequirementFields, RequirementInput> {
  const branches = Object.values(languages).map(branchOf);
  const [first, ...rest] = branches;
  if (first === undefined) throw new Error('no requirement types');
  return z
    .discriminatedUnion('type', [first, ...rest])
    .transform((fields): RequirementFields => toFields(fields as CommonFields, languages)) as unknown as z.ZodType<
    RequirementFields,
    RequirementInput
  >;
}

type CommonFields = Omit<RequirementFields, 'where' | 'source' | 'labels' | 'options'> & {
  readonly where?: Partial<Where>;
  readonly source?: Vantage;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [option: string]: unknown;
};

function branchOf(
  language: RequirementLanguage,
): z.ZodObject<{ type: z.ZodLiteral<RequirementTypeName> }, z.core.$strict> {
  const options = Object.entries(language.options).map(([name, field]) => [name, optionSchema(field)] as const);
  const rule = ruleSchema(language);
  const shape = {
    type: z.literal(language.name),
    ...common,
    require: rule,
    warn: rule.optional(),
    ...refsOf(language),
    ...Object.fromEntries(options),
  };
  return mapping(shape) as unknown as z.ZodObject<{ type: z.ZodLiteral<RequirementTypeName> }, z.core.$strict>;
}

function refsOf(language: RequirementLanguage): Readonly<Record<string, z.ZodType>> {
  const { query, dataSourceRef, sloRef } = language.refs;
  return { ...ref('query', query), ...ref('dataSourceRef', dataSourceRef), ...ref('sloRef', sloRef) };
}

function ref(name: string, presence: Presence): Readonly<Record<string, z.ZodType>> {
  if (presence === 'forbidden') return {};
  return { [name]: presence === 'required' ? text : text.optional() };
}

function toFields(fields: CommonFields, languages: RequirementLanguages): RequirementFields {
  const language = languages[fields.type];
  const { where: place, source, labels: tags, ...rest } = fields;
  const options = Object.entries(rest).filter(([key, value]) => key in language.options && value !== undefined);
  const own = Object.entries(rest).filter(([key, value]) => !(key in language.options) && value !== undefined);
  return {
    ...(Object.fromEntries(own) as unknown as Pick<RequirementFields, 'id' | 'type' | 'require'>),
    where: { ...place, labels: place?.labels ?? {} },
    source: source ?? language.vantages[0] ?? 'client',
    labels: tags ?? {},
    options: Object.fromEntries(options) as Readonly<Record<string, OptionValue>>,
  };
}

function parseId(id: string): Parsed<string> {
  if (/^[A-Z0-9-]{1,64}$/.test(id)) return ok(id);
  if (id.length > 64) return problem('SPEC_NAME_FORMAT', 'an id has at most 64 characters');
  const upper = id.toUpperCase().replaceAll(/[^A-Z0-9-]+/g, '-');
  return problem('SPEC_NAME_FORMAT', `an id is made of capital letters, digits and dashes, found \`${id}\``, {
    help: `write ${upper}`,
  });
}
