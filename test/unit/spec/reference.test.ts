// The generated pages are complete and current.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { requirementTypes } from '../../../src/core/slo/requirement-types.ts';
import { jsonSchema } from '../../../src/spec/json-schema.ts';
import { type SchemaNode, schemaFields } from '../../../src/spec/reference/describe-fields.ts';
import { fieldDocs } from '../../../src/spec/reference/field-docs.ts';
import { referencePages } from '../../../src/spec/reference/reference-pages.ts';

const schema = jsonSchema() as SchemaNode;
const verification = (schema['anyOf'] as readonly SchemaNode[])[0]!;
const ofTypes = Object.values(requirementTypes).flatMap(({ options }) =>
  Object.keys(options).map((name) => `spec.requirements[].${name}`),
);
const isInside = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent}{`) || path.startsWith(`${parent}[`);
/** The object form of rules is described with the grammar. */
const isOfRule = (path: string): boolean =>
  ['require', 'warn'].some(
    (key) => isInside(path, `spec.requirements[].${key}`) && path !== `spec.requirements[].${key}`,
  );
const paths = [...new Set(schemaFields(schema, verification).map(({ path }) => path))].filter(
  (path) => !isOfRule(path),
);

test('every field has its sentence', () => {
  assert.deepEqual(
    paths.filter((path) => fieldDocs[path] === undefined && !ofTypes.some((own) => isInside(path, own))),
    [],
  );
});

test('every sentence has its field', () => {
  assert.deepEqual(
    Object.keys(fieldDocs).filter((path) => !paths.includes(path)),
    [],
  );
});

test('editors show the sentences', () => {
  const described = schemaFields(schema, verification).find(({ path }) => path === 'spec.workload.phases[].rate');
  assert.equal(described?.node['description'], fieldDocs['spec.workload.phases[].rate']);
});

for (const { path, text } of referencePages()) {
  test(`docs/${path} is current (node docs/generate.ts writes it)`, () => {
    assert.equal(readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8'), text);
  });
}
