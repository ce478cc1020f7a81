// Editors: yaml-language-server with the exported schema shows no error in right documents, the same errors in wrong ones, and completes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { jsonSchema } from '../../src/spec/json-schema.ts';
import { type LanguageServer, startLanguageServer } from '../support/language-server.ts';
import { documentWith } from '../support/parse-yaml.ts';
import { findPeer } from '../support/peers/find-peer.ts';
import { skipWithout } from '../support/peers/skip-without.ts';

const repository = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, repository), 'utf8');

describe('yaml-language-server', { skip: skipWithout('yaml-language-server') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  let server: LanguageServer;

  before(async () => {
    writeFileSync(join(folder, 'schema.json'), JSON.stringify(jsonSchema()));
    server = await startLanguageServer(findPeer('yaml-language-server') ?? '', join(folder, 'schema.json'));
  });
  after(() => {
    server.stop();
    rmSync(folder, { recursive: true });
  });

  for (const file of [
    'slos/checkout.yaml',
    'slos/examples/checkout-full.yaml',
    'slos/examples/llm.yaml',
    'test/fixtures/openslo/all-kinds.yaml',
  ]) {
    test(`finds nothing wrong with ${file}`, async () =>
      assert.deepEqual(await server.problems(`right-${file.replaceAll('/', '-')}`, read(file)), []));
  }

  const broken = [
    'key-unknown-requirement',
    'key-unknown-phase',
    'value-priority',
    'value-type',
    'value-test-type',
    'unit-missing-duration',
    'unit-missing-rate',
    'unit-rps',
    'id-lower-case',
    'openslo-method',
  ];
  for (const name of broken) {
    test(`shows the error of ${name}.yaml where we do`, async () => {
      const text = read(`test/fixtures/broken/${name}.yaml`);
      const expected = /^# expect \S+ (\d+):/.exec(text)?.[1];
      const problems = await server.problems(`${name}.yaml`, text);
      assert.ok(
        problems.some((problem) => String(problem.line) === expected),
        JSON.stringify(problems),
      );
    });
  }

  test('offers the fields of a requirement, those of its type among them', async () => {
    const requirements = '    - id: CHK-01\n      type: errors\n      require: rate <= 1%\n      \n';
    const text = documentWith({ requirements });
    await server.problems('complete.yaml', text);
    const labels = await server.completions('complete.yaml', text.split('\n').indexOf('      '), 6);
    for (const field of ['where', 'priority', 'warn', 'count'])
      assert.ok(labels.includes(field), `${field} in ${labels}`);
    assert.ok(!labels.includes('sustained'), 'a field of another type');
  });

  test('offers the requirement types', async () => {
    const text = documentWith({ requirements: '    - id: CHK-01\n      type: \n' });
    await server.problems('types.yaml', text);
    const labels = await server.completions('types.yaml', text.split('\n').indexOf('      type: '), 12);
    for (const type of ['latency', 'errors', 'throughput', 'goodput'])
      assert.ok(labels.includes(type), `${type} in ${labels}`);
  });
});
