// The JSON Schema of requirement documents, for completion and checking in editors (`export schema`).
import * as z from 'zod';
import { requirementTypes } from '../core/slo/requirement-types.ts';
import { openSloKinds, strictOpenSlo } from './openslo/openslo-schema.ts';
import { type SchemaNode, withDescriptions } from './reference/describe-fields.ts';
import { fieldDocs } from './reference/field-docs.ts';
import type { RequirementLanguages } from './requirement-language.ts';
import { verificationSchema, workloadDocumentSchema } from './schema/verification-schema.ts';

export type JsonSchema = { readonly [key: string]: unknown };

/** Draft 7, the edition that yaml-language-server reads best. Covers every kind of document that a file may hold, told apart by `apiVersion` and `kind`. */
export function jsonSchema(languages: RequirementLanguages = requirementTypes): JsonSchema {
  const own = [verificationSchema(languages), workloadDocumentSchema];
  const documents = z.union([...own, ...openSloKinds.map((kind) => strictOpenSlo[kind])]);
  const schema = z.toJSONSchema(documents, {
    target: 'draft-7',
    io: 'input',
    reused: 'ref',
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => adjust(node),
  });
  const described = withDescriptions(schema, (copy) => (copy['anyOf'] as readonly SchemaNode[])[0] ?? {}, fieldDocs);
  return { ...described, title: 'Faultline documents', $comment: 'Written by `faultline export schema`.' };
}

/** A value may always come from the environment: `${PORT:-4318}`. */
const REFERENCE = { type: 'string', pattern: '^\\$\\{[^}]+\\}$' } as const;

function adjust(node: Record<string, unknown>): void {
  // Scalars with a grammar of their own are texts: what the library knows of their inside only confuses editors.
  if (Array.isArray(node['allOf']) && node['type'] !== undefined) delete node['allOf'];
  const { type, const: fixed } = node;
  if (fixed !== undefined || !(type === 'integer' || type === 'number' || type === 'boolean')) return;
  const plain = { ...node };
  for (const key of Object.keys(node)) delete node[key];
  node['anyOf'] = [plain, REFERENCE];
}
