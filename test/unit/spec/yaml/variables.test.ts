// References to the environment and to files are filled in on the nodes, and --set replaces single values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentWith, parseYaml, places } from '../../../support/parse-yaml.ts';

const withTarget = (target: string): string => documentWith().replace('http://127.0.0.1:8080', () => target);

function targetOf(text: string, environment: Readonly<Record<string, string>> = {}): string | undefined {
  const parsed = parseYaml(text, {
    environment: (name) => environment[name],
    readFile: (path) => (path === 'host.txt' ? 'example.com\n' : undefined),
  });
  assert.deepEqual(parsed.diagnostics, []);
  return parsed.verifications[0]?.workload?.target;
}

const values: readonly (readonly [string, string])[] = [
  ['"${URL}"', 'http://a:1'],
  ['${URL}', 'http://a:1'],
  ['"${URL:-http://b:2}"', 'http://a:1'],
  ['"${EMPTY:-http://b:2}"', 'http://b:2'],
  ['"${NONE:-http://b:2}"', 'http://b:2'],
  ['"http://${HOST}:${PORT}/x"', 'http://h:81/x'],
  ['"http://${file:host.txt}"', 'http://example.com'],
  ['"http://h/$${x}"', 'http://h/${x}'],
];
for (const [written, value] of values) {
  test(`${written} is ${value}`, () => {
    assert.equal(targetOf(withTarget(written), { URL: 'http://a:1', HOST: 'h', PORT: '81', EMPTY: '' }), value);
  });
}

test('an unquoted reference may become a number', () => {
  const text = documentWith({ spec: '  sources:\n    traces:\n      - { type: otlp, httpPort: 1 }\n' }).replace(
    'httpPort: 1',
    'httpPort: "${P}"',
  );
  assert.equal(parseYaml(text, { environment: () => '4000' }).diagnostics[0]?.code, 'SPEC_TYPE_WRONG');
  const plain = documentWith({ spec: '  sources:\n    traces:\n      - type: otlp\n        httpPort: ${P}\n' });
  assert.deepEqual(parseYaml(plain, { environment: () => '4000' }).verifications[0]?.sources.traces, [
    { type: 'otlp', host: '127.0.0.1', httpPort: 4000 },
  ]);
});

test('a wrong value from the environment is shown at its reference', () => {
  const text = documentWith({
    requirements: '    - { id: CHK-01, type: latency, require: "p99 <= ${LIMIT} and p50 <= 7" }\n',
  });
  const found = places(parseYaml(text, { environment: () => '300ms' }));
  assert.deepEqual(found, ['SPEC_UNIT_MISSING 16:73']);
});

test('inside scenarios `${name}` belongs to the journey', () => {
  const text = documentWith().replace(
    '{ post: /checkout }',
    '{ get: "/x/${uuid}/${env:HOME}/${int(1,9)}", capture: { id: $.id } }, { get: "/y/${id}" }',
  );
  const parsed = parseYaml(text, { environment: () => 'set' });
  assert.deepEqual(parsed.diagnostics, []);
  assert.equal(parsed.verifications[0]?.workload?.scenarios[0]?.steps[1]?.path, '/x/${uuid}/${env:HOME}/${int(1,9)}');
});

test('with missing variables as warnings, the rest of the document is checked', () => {
  const wrong = parseYaml(withTarget('"${NOWHERE}"').replace('300ms', '300'), {
    environment: () => undefined,
    missingVariables: 'warning',
  });
  assert.deepEqual(
    wrong.diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    ['SPEC_VARIABLE_MISSING warning', 'SPEC_UNIT_MISSING error'],
  );
  const right = parseYaml(withTarget('"${NOWHERE}"'), { environment: () => undefined, missingVariables: 'warning' });
  assert.equal(right.verifications[0]?.workload?.target, '${NOWHERE}');
});

test('with documents skipped that miss variables, the others come out', () => {
  const two = `${withTarget('"${NOWHERE}"')}---\n${documentWith().replace('name: checkout }', 'name: other }')}`;
  const parsed = parseYaml(two, { environment: () => undefined, missingVariables: 'skip' });
  assert.deepEqual(
    parsed.verifications.map((each) => each.name),
    ['other'],
  );
  assert.deepEqual(
    parsed.diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    ['SPEC_VARIABLE_MISSING warning'],
  );
});

test('with missing variables as errors, nothing that holds one comes out', () => {
  assert.deepEqual(parseYaml(withTarget('"${NOWHERE}"'), { environment: () => undefined }).verifications, []);
});

test('a journey’s `${env:NAME}` must be set too', () => {
  const text = documentWith().replace('post: /checkout', 'post: "/checkout/${env:SHOP}"');
  assert.deepEqual(places(parseYaml(text, { environment: () => undefined })), ['SPEC_VARIABLE_MISSING 9:97']);
});

const overrides: readonly (readonly [
  string,
  string,
  (v: NonNullable<ReturnType<typeof parseYaml>['verifications'][0]>) => unknown,
  unknown,
])[] = [
  ['workload.target', 'http://c:3', (v) => v.workload?.target, 'http://c:3'],
  ['workload.phases[peak].duration', '10s', (v) => v.workload?.phases[1]?.duration, 10_000],
  [
    'workload.phases[0].rate',
    '7/s',
    (v) => v.workload?.phases[0]?.pace,
    { kind: 'rate', from: 7, to: 7, arrivals: 'constant' },
  ],
  ['spec.requirements[CHK-01].require', 'p99 <= 1s', (v) => v.requirements[0]?.require.text, 'p99 <= 1s'],
  ['evaluation.confidence', '0.9', (v) => v.evaluation.confidence, 0.9],
  ['environment', 'staging', (v) => v.environment, 'staging'],
  ['metadata.name', 'other', (v) => v.name, 'other'],
];
for (const [path, value, read, expected] of overrides) {
  test(`--set ${path}=${value}`, () => {
    const parsed = parseYaml(documentWith(), { overrides: [{ path, value }] });
    assert.deepEqual(parsed.diagnostics, []);
    assert.deepEqual(read(parsed.verifications[0]!), expected);
  });
}

const refused: readonly (readonly [string, string, string])[] = [
  ['workload.phasse[peak].rate', '7/s', 'SPEC_OVERRIDE'],
  ['workload.phases[peek].rate', '7/s', 'SPEC_OVERRIDE'],
  ['workload..rate', '7/s', 'SPEC_OVERRIDE'],
  ['', 'x', 'SPEC_OVERRIDE'],
  ['workload.phases[peak].rate', '7', 'SPEC_UNIT_MISSING'],
  ['workload.phases[peak].rat', '7/s', 'SPEC_KEY_UNKNOWN'],
];
for (const [path, value, code] of refused) {
  test(`--set ${path}=${value} is refused: ${code}`, () => {
    const [first] = parseYaml(documentWith(), { overrides: [{ path, value }] }).diagnostics;
    assert.equal(first?.code, code);
    assert.equal(first?.range.file, `--set ${path}=${value}`);
  });
}

test('an override must fit one of several verifications', () => {
  const two = `${documentWith()}---\n${documentWith().replace('name: checkout }', 'name: other }').replace('peak, rate', 'rush, rate').replace('phases: [peak]', 'phases: [rush]')}`;
  const parsed = parseYaml(two, { overrides: [{ path: 'workload.phases[rush].duration', value: '9s' }] });
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual(
    parsed.verifications.map((each) => each.workload?.phases[1]?.duration),
    [300_000, 9000],
  );
});
