// The exported JSON Schema accepts what the reader accepts and refuses wrong shapes at the same place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { requirementTypes } from '../../../src/core/slo/requirement-types.ts';
import { jsonSchema } from '../../../src/spec/json-schema.ts';
import { checkJsonSchema } from '../../support/check-json-schema.ts';

const schema = jsonSchema();
const repository = new URL('../../../', import.meta.url);
const documentsOf = (file: string): readonly unknown[] =>
  parseAllDocuments(readFileSync(new URL(file, repository), 'utf8')).map((document) => document.toJS() as unknown);

for (const file of [
  'slos/checkout.yaml',
  'slos/examples/checkout-full.yaml',
  'slos/examples/llm.yaml',
  'test/fixtures/openslo/all-kinds.yaml',
]) {
  test(`the schema accepts ${file}`, () => {
    for (const document of documentsOf(file)) assert.deepEqual(checkJsonSchema(schema, document), []);
  });
}

/** Problems of shape: what any editor can show. Names and the inside of rules are beyond a schema. */
const shapes =
  /^(key-(unknown|missing|cut)|type-|list-empty|value-(priority|type|test-type|source-type|weight|event)|unit-missing-(duration|rate)|unit-rps|id-lower|name-with|openslo-(method|two|unknown|duration)|rule-object-op|cron)/;
const broken = readdirSync(new URL('test/fixtures/broken/', repository)).filter(
  (name) => shapes.test(name) && name !== 'cron.yaml' && name !== 'key-missing-scenarios.yaml',
);

test('there are broken documents to refuse', () => assert.ok(broken.length >= 30, String(broken.length)));

for (const name of broken) {
  test(`the schema refuses ${name}`, () => {
    const problems = documentsOf(`test/fixtures/broken/${name}`).flatMap((document) =>
      checkJsonSchema(schema, document),
    );
    assert.notDeepEqual(problems, []);
  });
}

test('every requirement type is offered, with its own fields', () => {
  const text = JSON.stringify(schema);
  for (const { name, options } of Object.values(requirementTypes)) {
    assert.ok(text.includes(`"const":"${name}"`), name);
    for (const option of Object.keys(options)) assert.ok(text.includes(`"${option}":`), `${name}.${option}`);
  }
});
