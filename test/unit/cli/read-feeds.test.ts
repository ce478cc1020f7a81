// Data feeds: what their files may look like, and whether they fill in what the journeys ask for.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FeedProblem, readFeeds } from '../../../src/cli/read-feeds.ts';
import type { FeedRow } from '../../../src/core/model/workload.ts';
import { parseVerifications } from '../../../src/spec/parse-documents.ts';
import { runCli } from '../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-feeds-'));
after(() => rmSync(folder, { recursive: true }));

const documentOf = (scenarios: string): string => `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: feeds }
spec:
  service: gateway
  workload:
    target: http://127.0.0.1:9
    scenarios: ${scenarios}
    phases: [{ name: steady, rate: 10/s, duration: 5m }]
  requirements: [{ id: A, title: fast, type: latency, require: p90 <= 1s }]
`;

async function read(
  scenarios: string,
  files: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly FeedRow[]>> | readonly FeedProblem[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const documents = [{ file: join(folder, 'doc.yaml'), text: documentOf(scenarios) }];
  const { verifications, diagnostics } = parseVerifications(documents, { environment: () => undefined });
  const [verification] = verifications;
  assert.ok(verification !== undefined, JSON.stringify(diagnostics));
  const feeds = await readFeeds(verification);
  return feeds.ok ? feeds.value : feeds.error;
}

/** One scenario with one feed and one step. */
const journey = (path: string, get = '/'): string =>
  `[{ name: s, feed: { path: ${path} }, steps: [{ get: "${get}" }] }]`;

test('CSV: quotes, commas and line breaks in fields, a byte order mark, empty lines', async () => {
  const text = '\ufeffuser, note\r\nada,"a, ""b""\nc"\r\n\r\nbob,\r\n';
  assert.deepEqual(await read(journey('users.csv'), { 'users.csv': text }), {
    'users.csv': [
      { user: 'ada', note: 'a, "b"\nc' },
      { user: 'bob', note: '' },
    ],
  });
});

test('JSON: values that are no text are written as JSON', async () => {
  const text = '[{ "id": 7, "tags": ["x"], "name": "ada" }]';
  assert.deepEqual(await read(journey('users.json'), { 'users.json': text }), {
    'users.json': [{ id: '7', tags: '["x"]', name: 'ada' }],
  });
});

for (const [name, text, wanted] of [
  ['short.csv', 'a,b\n1,2\n3\n', /short\.csv: .*columns length is 2, got 1 on line 3$/],
  ['open.csv', 'a,b\n1,"2\n', /open\.csv: Quote Not Closed/],
  ['empty.csv', 'a,b\n', /empty\.csv: no rows$/],
  ['object.json', '{}', /object\.json: wanted a JSON array of objects$/],
  ['mixed.json', '[{}, 3]', /mixed\.json: wanted a JSON array of objects, and item 2 is none$/],
  ['broken.json', '[{', /broken\.json: .*JSON/],
] as const) {
  test(`${name} is refused, and the message says why`, async () => {
    const problems = (await read(journey(name), { [name]: text })) as readonly FeedProblem[];
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', wanted);
    assert.deepEqual([problems[0]?.scenario, problems[0]?.step], [0, undefined]);
  });
}

test('every feed that cannot be read is named, and none of what it would fill in', async () => {
  const scenarios = `[{ name: s, feeds: [{ path: none.csv }, { path: nope.csv }], steps: [{ get: "/\${user}" }] }]`;
  const problems = (await read(scenarios, {})) as readonly FeedProblem[];
  assert.deepEqual(
    problems.map(({ message }) => message.replace(folder, '')),
    ['feed none.csv: /none.csv: no such file', 'feed nope.csv: /nope.csv: no such file'],
  );
});

test('a name cannot stand for two files', async () => {
  const scenario = (path: string): string =>
    `{ name: ${path}, feed: { name: f, path: ${path}.csv }, steps: [{ get: / }] }`;
  const files = { 'one.csv': 'a\n1\n', 'two.csv': 'a\n2\n' };
  const problems = (await read(`[${scenario('one')}, ${scenario('two')}]`, files)) as readonly FeedProblem[];
  assert.match(problems[0]?.message ?? '', /^feed f: the name stands for two files, .*one\.csv and .*two\.csv$/);
  assert.deepEqual(await read(`[${scenario('one')}, ${scenario('one').replace('one', 'again')}]`, files), {
    f: [{ a: '1' }],
  });
});

test('a variable is filled in by a column, by the column of a named feed, or by an earlier step', async () => {
  const steps = `[{ post: "/\${user}", headers: { x: "\${f.pass}" }, capture: { id: $.id } }, { get: "/\${id}" }]`;
  const scenarios = `[{ name: s, feed: { name: f, path: all.csv }, steps: ${steps} }]`;
  assert.deepEqual(await read(scenarios, { 'all.csv': 'user,pass\na,b\n' }), { f: [{ user: 'a', pass: 'b' }] });
});

test('a column that is not there is named with the step that wants it and the columns there are', async () => {
  const steps = `[{ get: / }, { name: pay, post: /pay, body: { as: "\${usr}", for: "\${id}" }, capture: { id: $.id } }]`;
  const scenarios = `[{ name: s, feed: { path: cols.csv }, steps: ${steps} }]`;
  assert.deepEqual(await read(scenarios, { 'cols.csv': 'user,pass\na,b\n' }), [
    {
      message: 'step pay: nothing fills in `${usr}`: feed cols.csv has user, pass; no earlier step captures it',
      scenario: 0,
      step: 1,
    },
    {
      message: 'step pay: nothing fills in `${id}`: feed cols.csv has user, pass; no earlier step captures it',
      scenario: 0,
      step: 1,
    },
  ]);
});

test('a row without the column of the others is named', async () => {
  const problems = await read(journey('holes.json', '/${id}'), { 'holes.json': '[{ "id": 1 }, { "x": 2 }]' });
  assert.deepEqual(problems, [
    { message: 'step GET /${id}: nothing fills in `${id}` for row 2 of feed holes.json', scenario: 0, step: 0 },
  ]);
});

test('check points at the step; where a variable of the environment is not set, it does not guess', async () => {
  const text = documentOf(journey('check.csv', '/${usr}'));
  writeFileSync(join(folder, 'check.csv'), 'user\nada\n');
  writeFileSync(join(folder, 'doc.yaml'), text);
  const said = await runCli(['check', join(folder, 'doc.yaml')]);
  assert.equal(said.code, 2);
  assert.match(said.stderr, /SPEC_TEMPLATE_UNKNOWN.*step GET \/\$\{usr\}.*\n.*doc\.yaml:8:63\n/);
  writeFileSync(join(folder, 'doc.yaml'), text.replace('http://127.0.0.1:9', '${TARGET_OF_THIS_TEST}'));
  const unset = await runCli(['check', join(folder, 'doc.yaml')]);
  assert.equal(unset.code, 0, unset.stderr);
});
