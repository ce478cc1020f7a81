// What is well formed and will not decide anything is said before the load is sent, at its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintVerifications } from '../../../src/spec/lint.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

function lint(text: string): readonly string[] {
  const parsed = parseYaml(text);
  assert.deepEqual(parsed.diagnostics, []);
  return lintVerifications(parsed.verifications, parsed.locate).map(
    ({ code, range, message }) => `${code} ${range.line}:${range.column} ${message}`,
  );
}

const codes = (text: string): readonly (string | undefined)[] => lint(text).map((line) => line.split(' ')[0]);

const req = (fields: string): string => `    - { id: CHK-01, ${fields} }\n`;

test('a sound document gets no remark but the phase nobody judges', () => {
  assert.deepEqual(lint(documentWith()), ['LINT_PHASE_NEVER_JUDGED 12:17 no requirement judges the phase `idle`']);
});

test('a phase that the test type made needs no judge', () => {
  const phases = / {4}phases:\n(?: {6}.*\n)+/;
  assert.match(documentWith(), phases);
  assert.deepEqual(lint(documentWith().replace(phases, '    testType: load\n    rate: 200/s\n')), []);
});

test('remarks on two documents of one name stand each at its own', () => {
  const parsed = parseYaml(`${documentWith()}\n---\n${documentWith()}`);
  assert.deepEqual(
    parsed.diagnostics.map(({ code }) => code),
    ['SPEC_NAME_DUPLICATE'],
  );
  const [first, second, ...more] = lintVerifications(parsed.verifications, parsed.locate);
  assert.deepEqual([first?.code, second?.code], ['LINT_PHASE_NEVER_JUDGED', 'LINT_PHASE_NEVER_JUDGED']);
  assert.deepEqual(more, []);
  assert.ok((first?.range.line ?? 0) < (second?.range.line ?? 0));
});

test('too few requests for the percentile: how many, and what would be enough', () => {
  // 200/s x 5 m x 3/4 of journeys x 1 step of that name = 45,000.
  const text = documentWith({
    requirements: req('type: latency, where: { scenario: buy, route: POST /cart }, require: p99.99 <= 1s'),
  }).replace('duration: 5m', 'duration: 3m');
  assert.deepEqual(
    lint(text)[1],
    'LINT_TOO_FEW_SAMPLES 16:90 p99.99 needs 29,956 requests at 95% confidence, `peak` sends 27,000',
  );
  const parsed = parseYaml(text);
  const [, found] = lintVerifications(parsed.verifications, parsed.locate);
  assert.equal(found?.help, 'judge 200s at this rate, or judge p99.9');
});

test('an error rate is a share like a percentile', () => {
  const text = documentWith({ requirements: req('type: errors, require: rate <= 0.001%') });
  assert.match(lint(text)[1] ?? '', /`rate <= 0.001%` needs 299,572 requests at 95% confidence, `peak` sends 105,000/);
  const parsed = parseYaml(text);
  assert.equal(lintVerifications(parsed.verifications)[1]?.help, 'judge 856s at this rate, or allow 0.0029%');
});

test('each phase for itself when each is judged for itself', () => {
  const spec = '  evaluation: { phases: [idle, peak], perPhase: true }\n';
  const text = documentWith({ spec, requirements: req('type: latency, require: p99.99 <= 1s') });
  assert.deepEqual(lint(text), [
    'LINT_TOO_FEW_SAMPLES 16:45 p99.99 needs 29,956 requests at 95% confidence, `idle` sends 6,300',
  ]);
});

test('a closed workload sends what the system lets it send: nothing is said', () => {
  const text = documentWith({ requirements: req('type: latency, require: p99.99 <= 1s') }).replace(
    'rate: 200/s',
    'concurrency: 4',
  );
  assert.deepEqual(codes(text), ['LINT_PHASE_NEVER_JUDGED']);
});

test('a run too short to see bursts in', () => {
  const text = documentWith().replace('duration: 5m', 'duration: 15s');
  assert.match(lint(text)[1] ?? '', /^LINT_TOO_FEW_SLICES 13:46 `peak` lasts 15s: too short/);
  const parsed = parseYaml(text);
  assert.equal(lintVerifications(parsed.verifications)[1]?.help, 'judge at least 19s, or write `slice: 500ms`');
});

test('limits off the bucket edges of the server, with the nearest edges', () => {
  const text = documentWith({ requirements: req('type: latency, source: server, require: p99 <= 300ms') });
  const parsed = parseYaml(text);
  const found = lintVerifications(parsed.verifications, parsed.locate)[1];
  assert.equal(found?.code, 'LINT_BUCKET_EDGE');
  assert.equal(found?.range.column, 68);
  assert.match(found?.help ?? '', /250ms or 500ms/);
  assert.deepEqual(codes(text.replace('300ms', '250ms')), ['LINT_PHASE_NEVER_JUDGED']);
});

const cases: readonly (readonly [string, string, string])[] = [
  ['a should without warn', 'type: latency, priority: should, require: p99 <= 300ms', 'LINT_SHOULD_WITHOUT_WARN'],
  ['a warn that is not stricter', 'type: latency, require: p99 <= 300ms, warn: p99 <= 300ms', 'LINT_WARN_LOOSER'],
  ['an error limit beyond the safety limit', 'type: errors, require: rate <= 60%', 'LINT_SAFETY_FIRST'],
  ['a verdict on one value', 'type: query, query: up, require: value <= 5', 'LINT_POINT_VERDICT'],
  ['nothing that can fail', 'type: latency, priority: info, require: p99 <= 300ms', 'LINT_NOTHING_JUDGED'],
];
for (const [name, fields, code] of cases) {
  test(`remarks on ${name}`, () => {
    const found = codes(documentWith({ requirements: req(fields) }));
    assert.ok(found.includes(code), found.join());
  });
}

test('a stricter warn is fine, for lower limits too', () => {
  const requirements =
    '    - { id: CHK-01, type: latency, require: p99 <= 300ms, warn: p99 <= 250ms }\n    - { id: CHK-02, type: throughput, require: goodput >= 10/s, warn: goodput >= 12/s }\n';
  assert.deepEqual(codes(documentWith({ requirements })), ['LINT_PHASE_NEVER_JUDGED']);
});

test('a burn rate that no share of errors reaches', () => {
  const slo =
    'apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: s }\nspec:\n  service: x\n  indicator: { metadata: { name: i }, spec: { ratioMetric: { good: { metricSource: { spec: { query: a } } }, total: { metricSource: { spec: { query: b } } } } } }\n  objectives: [{ target: 0.9 }]\n---\n';
  const found = lint(
    slo + documentWith({ requirements: req('type: errorBudget, sloRef: s, require: burnRate(1h) <= 14.4') }),
  );
  assert.match(
    found.find((line) => line.startsWith('LINT_ALERT')) ?? '',
    /can never fail: at target 0.9 a burn rate is at most 10/,
  );
});

test('a scenario of weight 0 is never driven', () => {
  assert.ok(
    codes(documentWith().replace('{ name: browse,', '{ name: browse, weight: 0,')).includes('LINT_WEIGHT_ZERO'),
  );
});

const undecidable: readonly (readonly [string, string, RegExp])[] = [
  [
    'a share of slices that so few cannot confirm',
    'type: saturation, query: up, require: value <= 0.9 in 99% of slices',
    /LINT_TOO_FEW_SLICES .*needs 299 slices of 5s, `peak` has 60/,
  ],
  [
    'a percentile beyond the sample of traces',
    'type: latency, source: trace, require: p99.9 <= 1s',
    /LINT_TOO_FEW_SAMPLES .*needs 2995 traces, and at most 600/,
  ],
  [
    'more throughput than is sent',
    'type: throughput, require: goodput >= 900/s',
    /LINT_RATE_ABOVE_PLAN .*sends at most 350\/s/,
  ],
  [
    'a stretch longer than what is judged',
    'type: throughput, require: goodput >= 10/s, sustained: { for: 6m }',
    /LINT_PHASE_TOO_SHORT .*6m is asked for, and at most 5m/,
  ],
];
for (const [name, fields, wanted] of undecidable) {
  test(`remarks on ${name}`, () => {
    const found = lint(documentWith({ requirements: req(fields) }));
    assert.ok(
      found.some((line) => wanted.test(line)),
      found.join('\n'),
    );
  });
}

test('recovery after the last phase is never seen', () => {
  const requirements = `${req('type: recovery, require: timeTo(CHK-02) <= 60s after peak')}    - { id: CHK-02, type: latency, require: p99 <= 1s }\n`;
  assert.ok(codes(documentWith({ requirements })).includes('LINT_NOTHING_AFTER'));
});

test('goodput that no limit on time goes with', () => {
  const goodput = req('type: throughput, require: goodput >= 190/s');
  const found = (requirements: string): readonly string[] =>
    lint(documentWith({ requirements })).filter((line) => line.startsWith('LINT_LATE'));
  assert.deepEqual(found(goodput), [
    'LINT_LATE_IS_GOOD 16:48 replies count as good however late they come, and no requirement here limits how late',
  ]);
  assert.deepEqual(found(req('type: throughput, require: goodput >= 190/s, within: 1s')), []);
  assert.deepEqual(found(req('type: throughput, require: rate >= 190/s')), []);
  assert.deepEqual(found(`${goodput}    - { id: CHK-02, type: latency, require: p99 <= 1s }\n`), []);
});
