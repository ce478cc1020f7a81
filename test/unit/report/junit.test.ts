import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Priority } from '../../../src/core/model/requirement.ts';
import type { VerdictName } from '../../../src/core/model/verdict.ts';
import { junitReport } from '../../../src/report/junit.ts';
import { parseXml, type XmlElement } from '../../support/parse-xml.ts';
import { brokenCheckoutRun, examplePlan, runWith, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

const casesOf = (source: string): readonly XmlElement[] =>
  parseXml(source).children.flatMap((suite) => suite.children.filter((child) => child.name === 'testcase'));

const outcomeOf = (testcase: XmlElement | undefined): XmlElement | undefined =>
  testcase?.children.find((child) => child.name !== 'properties');

const propertiesOf = (element: XmlElement | undefined): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    (element?.children.find((child) => child.name === 'properties')?.children ?? []).map((property) => [
      property.attributes['name'],
      property.attributes['value'],
    ]),
  );

test('a suite a verification, a case a requirement, counts that add up', () => {
  const other = runWith({ plan: { ...examplePlan, verification: 'cart' }, verdicts: [verdictWith()] });
  const root = parseXml(junitReport([brokenCheckoutRun(), other]));
  assert.equal(root.name, 'testsuites');
  assert.deepEqual(
    ['tests', 'failures', 'errors', 'skipped', 'timestamp'].map((name) => root.attributes[name]),
    ['6', '1', '1', '2', '2026-03-01T10:20:30.000Z'],
  );
  assert.deepEqual(
    root.children.map((suite) => [suite.attributes['name'], suite.attributes['tests'], suite.attributes['time']]),
    [
      ['checkout-peak', '5', '423.000'],
      ['cart', '1', '423.000'],
    ],
  );
});

test('a failed must carries its message, type, place, numbers and where', () => {
  const failed = casesOf(
    junitReport([brokenCheckoutRun()], { links: { trace: 'https://jaeger.example/trace/{traceId}' } }),
  ).find((each) => each.attributes['name']?.startsWith('CHK-01'));
  assert.deepEqual([failed?.attributes['file'], failed?.attributes['line']], ['slos/checkout.yaml', '101']);
  const outcome = outcomeOf(failed);
  assert.equal(outcome?.name, 'failure');
  assert.equal(outcome?.attributes['type'], 'RequirementFailed');
  assert.match(outcome?.attributes['message'] ?? '', /p99 is 412 ms \(398–431 ms at 95%\), beyond 300 ms/);
  assert.match(outcome?.text ?? '', /where: gateway > checkout > payments > fraud \(slow-dependency/);
  const properties = propertiesOf(failed);
  assert.deepEqual(
    ['value', 'unit', 'limit', 'ci_low', 'ci_high', 'samples', 'trace_url'].map((name) => properties[name]),
    ['0.412', 's', '0.3', '0.398', '0.431', '48013', 'https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736'],
  );
});

const outcomes: readonly (readonly [VerdictName, Priority, readonly VerdictName[] | undefined, string])[] = [
  ['pass', 'must', undefined, ''],
  ['fail', 'must', undefined, 'failure'],
  ['error', 'must', undefined, 'error CouldNotLook'],
  ['inconclusive', 'must', undefined, 'error Inconclusive'],
  ['inconclusive', 'must', ['fail'], 'skipped'],
  ['error', 'must', ['fail'], 'skipped'],
  ['warn', 'must', undefined, 'skipped'],
  ['warn', 'must', ['fail', 'warn'], 'failure'],
  ['fail', 'should', undefined, 'skipped'],
  ['fail', 'should', ['warn'], 'failure'],
  ['warn', 'should', ['warn'], 'failure'],
  ['inconclusive', 'should', ['warn', 'inconclusive'], 'skipped'],
  ['error', 'info', undefined, 'skipped'],
  ['warn', 'info', ['warn'], 'skipped'],
];

for (const [verdict, priority, failOn, expected] of outcomes) {
  test(`${priority} ${verdict} with ${failOn?.join(',') ?? 'the default'} as failing is ${expected || 'a passing case'}`, () => {
    const run = runWith({ verdicts: [undecidedVerdict(verdict, { priority })] });
    const outcome = outcomeOf(casesOf(junitReport([run], failOn === undefined ? {} : { failOn }))[0]);
    if (expected === '') assert.equal(outcome, undefined);
    else {
      const [name, type] = expected.split(' ');
      assert.equal(outcome?.name, name);
      if (type !== undefined) assert.equal(outcome?.attributes['type'], type);
      assert.match(outcome?.attributes['message'] ?? '', /Nothing was observed/);
    }
  });
}

test('what was skipped for want of data is skipped, whatever fails the build', () => {
  const run = runWith({ verdicts: [undecidedVerdict('inconclusive', { reason: 'no-data', skipped: true })] });
  assert.equal(outcomeOf(casesOf(junitReport([run]))[0])?.name, 'skipped');
});

test('a run that judged nothing is an error, not a green suite', () => {
  const [only] = casesOf(junitReport([runWith({ verdict: 'error', message: 'connection refused' })]));
  assert.deepEqual([outcomeOf(only)?.name, outcomeOf(only)?.attributes['type']], ['error', 'CouldNotRun']);
  assert.match(outcomeOf(only)?.text ?? '', /connection refused/);
});

test('no runs give an empty, well-formed document', () => {
  assert.equal(parseXml(junitReport([])).attributes['tests'], '0');
});

test('text stays what it was, and what XML cannot hold is replaced', () => {
  const title = `a "quoted" <b>&amp; title ]]> 'x' é 💥`;
  const run = runWith({
    verdicts: [
      verdictWith({ title, verdict: 'fail', explanation: 'one\ntwo \u0000\u001b[31m \ud800 end', rule: 'p99 <= 3ms' }),
    ],
  });
  const [only] = casesOf(junitReport([run]));
  assert.equal(only?.attributes['name'], `CHK-01 ${title}`);
  assert.match(outcomeOf(only)?.text ?? '', /^one\ntwo \ufffd\ufffd\[31m \ufffd end\n/);
  assert.doesNotMatch(outcomeOf(only)?.attributes['message'] ?? '', /\n/);
});

test('a run that is no pass although its requirements are kept is not a green suite', () => {
  const run = runWith({ verdict: 'inconclusive', verdicts: [verdictWith()], message: 'not one of 9 traces arrived' });
  const cases = casesOf(junitReport([run]));
  assert.equal(cases.length, 2);
  assert.equal(outcomeOf(cases[1])?.attributes['message'], 'not one of 9 traces arrived');
  assert.equal(casesOf(junitReport([run], { failOn: ['fail'] })).length, 1);
});
