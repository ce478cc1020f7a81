// A type's own fields as schemas. What each kind becomes after reading is part of the contract with the types.
import * as z from 'zod';
import type { OptionValue, Quantity } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import type { OptionField } from '../../core/slo/requirement-type.ts';
import { type Bound, parseBound } from '../grammar/bound.ts';
import { parseQuantity } from '../grammar/quantity.ts';
import type { Parsed } from '../grammar/text-problem.ts';
import { mapping } from './mapping.ts';
import { positiveDurationSchema, scalar, shareSchema } from './scalars.ts';

/**
 * | kind | in the document | value |
 * | --- | --- | --- |
 * | duration | `5m` | milliseconds |
 * | number, flag, text, numbers | as it is | as it is |
 * | texts | a list, or one text | a list of texts |
 * | ratio | `95%` or 0.95 | 0.95 |
 * | bound | `<= 500ms` | `{ op, value, unit, text }`, canonical |
 * | quantities | `{ cpuHour: 0.0425 USD }` | the canonical number of each name |
 * | numbers | `{ four: 4 }` | as it is |
 * | queries | `{ cpuHour: sum(...) }` | as it is |
 * | record | a mapping of its own fields | the same |
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
      return z.number();
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
      return z.record(z.string(), z.number());
    case 'queries':
      return z.record(z.string(), z.string().min(1));
    case 'record':
      return mapping(
        Object.fromEntries(Object.entries(field.fields ?? {}).map(([name, inner]) => [name, optionSchema(inner)])),
      );
  }
}

/** Several texts, or one alone. Numbers are texts here: `count: [5xx, 429]`. */
function textsSchema(oneOf: readonly string[] | undefined): z.ZodType {
  const one = oneOf === undefined ? z.union([z.string().min(1), z.number()]) : z.enum(oneOf as [string, ...string[]]);
  return z.union([one, z.array(one).min(1)]).transform((value) => [value].flat().map(String));
}

const boundSchema: z.ZodType<OptionValue, string> = scalar<OptionValue>(
  (text) => {
    const parsed: Parsed<Bound> = parseBound(text, { operators: ['lte', 'lt'], example: '<= 500ms' });
    if (!parsed.ok) return parsed;
    const { value, unit } = parsed.value.quantity;
    return ok({ op: parsed.value.op, value, unit, text: text.trim() });
  },
  { wanted: 'a bound such as <= 500ms', examples: ['<= 500ms'] },
);

const quantitySchema: z.ZodType<number, string> = scalar<number>(
  (text) => {
    const parsed: Parsed<Quantity> = parseQuantity(text, ['USD', 'ms', 'ratio', '/s', 'B', 'tok/s']);
    return parsed.ok ? ok(parsed.value.value) : parsed;
  },
  { wanted: 'a number with its unit such as 0.0425 USD', examples: ['0.0425 USD'] },
);
