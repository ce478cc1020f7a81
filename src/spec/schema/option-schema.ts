// A type's own fields as schemas. What each kind becomes after reading is part of the contract with the types.
import * as z from 'zod';
import type { OptionValue, Quantity } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import type { OptionField } from '../../core/slo/requirement-type.ts';
import { type Bound, parseBound } from '../grammar/bound.ts';
import { parseQuantity } from '../grammar/quantity.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import { mapping } from './mapping.ts';
import { positiveDurationSchema, scalar, shareSchema } from './scalars.ts';

/**
 * | kind | in the document | value |
 * | --- | --- | --- |
 * | duration | `5m` | milliseconds |
 * | flag, text | as it is | as it is |
 * | number | above zero | as it is |
 * | texts | a list, or one text | a list of texts |
 * | ratio | `95%` or 0.95 | 0.95 |
 * | bound | `<= 500ms`, above zero | `{ op, value, unit, text }`, in milliseconds |
 * | quantities | `{ cpuHour: 0.0425 USD }`, not below zero | the USD of each name |
 * | numbers | `{ four: 4 }`, above zero | as it is |
 * | queries | `{ cpuHour: sum(...) }` | as it is |
 * | record | a mapping of its own fields, one at least | the same |
 */
export function optionSchema(field: OptionField): z.ZodType {
  const schema = schemaOf(field).meta({ description: field.doc });
  return field.required ? schema : schema.optional();
}

function schemaOf(field: OptionField): z.ZodType {
  switch (field.kind) {
    case 'duration':
      return positiveDurationSchema;
    case 'number':
      return z.number().positive();
    case 'ratio':
      return shareSchema;
    case 'text':
      return field.oneOf === undefined ? z.string().min(1) : z.enum(field.oneOf as [string, ...string[]]);
    case 'flag':
      return z.boolean();
    case 'texts':
      return textsSchema(field.oneOf);
    case 'bound':
      return boundSchema;
    case 'quantities':
      return z.record(z.string(), quantitySchema);
    case 'numbers':
      return z.record(z.string(), z.number().positive());
    case 'queries':
      return z.record(z.string(), z.string().min(1));
    case 'record':
      return recordSchema(field.fields ?? {});
  }
}

/** A mapping that says something: one of its fields at least. */
function recordSchema(fields: Readonly<Record<string, OptionField>>): z.ZodType {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, inner]) => [name, optionSchema(inner)]));
  return mapping(shape).check((context) => {
    if (Object.keys(context.value).length > 0) return;
    context.issues.push({
      code: 'custom',
      message: `one of ${Object.keys(fields).join(', ')} is wanted, found none`,
      input: context.value,
      params: { code: 'SPEC_KEY_MISSING' },
    });
  });
}

/** Several texts, or one alone. Numbers are texts here: `count: [5xx, 429]`. */
function textsSchema(oneOf: readonly string[] | undefined): z.ZodType {
  const one = oneOf === undefined ? z.union([z.string().min(1), z.number()]) : z.enum(oneOf as [string, ...string[]]);
  return z.union([one, z.array(one).min(1)]).transform((value) => [value].flat().map(String));
}

const boundSchema: z.ZodType<OptionValue, string> = scalar<OptionValue>(
  (text) => {
    const parsed: Parsed<Bound> = parseBound(text, { units: ['ms'], operators: ['lte', 'lt'], example: '<= 500ms' });
    if (!parsed.ok) return parsed;
    const { value, unit } = parsed.value.quantity;
    if (value <= 0) return problem('SPEC_VALUE_RANGE', `a time above zero is wanted, found \`${text.trim()}\``);
    return ok({ op: parsed.value.op, value, unit, text: text.trim() });
  },
  { wanted: 'a bound such as <= 500ms', examples: ['<= 500ms'] },
);

const quantitySchema: z.ZodType<number, string> = scalar<number>(
  (text) => {
    const parsed: Parsed<Quantity> = parseQuantity(text, ['USD']);
    if (!parsed.ok) return parsed;
    const { value } = parsed.value;
    return value < 0 ? problem('SPEC_VALUE_RANGE', `a price is not negative, found \`${text.trim()}\``) : ok(value);
  },
  { wanted: 'a price such as 0.0425 USD', examples: ['0.0425 USD'] },
);
