import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratio, unixMillis } from '../../../src/core/model/units.ts';
import { analysisJson, jsonReport } from '../../../src/report/json.ts';
import {
  brokenCheckoutRun,
  clauseWith,
  emptyAttribution,
  findingWith,
  runWith,
  startedAt,
  undecidedVerdict,
  verdictWith,
} from '../../support/run-builder.ts';

const onTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('the document has the head of requirement-result/v1', () => {
  const {
    requirements: _r,
    attribution: _a,
    steps: _s,
    generator: _g,
    gaps: _gaps,
    dropped: _d,
    ...head
  } = jsonReport(brokenCheckoutRun());
  assert.deepEqual(head, {
    schema: 'requirement-result/v1',
    runId: '01J9ZK3W6Q',
    verification: 'checkout-peak',
    service: 'checkout',
    environment: 'staging',
    commit: '521747298a37c0ffee',
    branch: 'main',
    workloadHash: 'sha256:9f2b5c',
    seed: 42,
    trigger: 'cli',
    mode: 'run',
    startedAt: '2026-03-01T10:20:30.000Z',
    endedAt: '2026-03-01T10:27:33.000Z',
    window: { start: '2026-03-01T10:22:30.000Z', end: '2026-03-01T10:27:30.000Z', phases: ['peak'] },
    status: 'completed',
    verdict: 'fail',
    validity: { ok: true, reasons: [], droppedIterations: 0.0002, traceCoverage: 0.985, sendLagP99Ms: 1.2 },
  });
});

test('a broken requirement has its numbers in seconds, its where with the mechanism, and its history', () => {
  const since = { runId: '01J9ZK0000', at: startedAt, commit: 'abc' };
  const open = { since, runs: 2, lastKept: { runId: '01J9ZJ9999', at: startedAt } };
  const change = { since, before: since, stat: 'p99', from: 200, to: 250, unit: 'ms', change: 0.25, runs: 12 } as const;
  const document = jsonReport(brokenCheckoutRun({ history: [{ requirement: 'CHK-01', open, change }] }), {
    links: { trace: 'https://t.example/{traceId}', report: 'https://r.example/1' },
  });
  const requirement = onTheWire(document).requirements[0];
  assert.equal(requirement?.id, 'CHK-01');
  assert.deepEqual(requirement?.definedAt, { file: 'slos/checkout.yaml', line: 101 });
  assert.deepEqual(requirement?.observed, { value: 0.412, unit: 's', ci: [0.398, 0.431], confidence: 0.95 });
  assert.deepEqual(requirement?.decision, {
    samples: 48_013,
    bad: 1123,
    badShare: 0.0234,
    allowed: 0.01,
    designEffect: 6.1,
    interval: [0.0207, 0.0264],
  });
  assert.equal(requirement?.limit, 0.3);
  assert.equal(requirement?.margin, -0.373);
  assert.deepEqual(requirement?.baseline, { value: 0.244, runs: 5, change: '+69%' });
  assert.deepEqual(requirement?.vantage, { client: 0.412, server: 0.395, traceRoot: 0.397 });
  const where = requirement?.where[0];
  assert.deepEqual(where?.path, ['gateway', 'checkout', 'payments', 'fraud']);
  assert.deepEqual(
    [where?.operation, where?.mechanism, where?.addedLatency, where?.retryAmplification, where?.criticalPathShare],
    ['POST /score', 'slow-dependency', 0.158, 2.3, 0.4153],
  );
  assert.deepEqual(where?.evidence.traces[0], '4bf92f3577b34da6a3ce929d0e0e4736');
  const at = '2026-03-01T10:20:30.000Z';
  assert.deepEqual(requirement?.first, {
    brokenSince: at,
    consecutive: 2,
    runId: '01J9ZK0000',
    commit: 'abc',
    lastKept: { runId: '01J9ZJ9999', at },
  });
  const mark = { runId: '01J9ZK0000', at, commit: 'abc' };
  assert.deepEqual(requirement?.levelChange, {
    since: mark,
    before: mark,
    stat: 'p99',
    from: 0.2,
    to: 0.25,
    unit: 's',
    change: 0.25,
    runs: 12,
  });
  assert.deepEqual(requirement?.links, {
    report: 'https://r.example/1',
    worstTrace: 'https://t.example/4bf92f3577b34da6a3ce929d0e0e4736',
    typicalTrace: 'https://t.example/4bf92f3577b34da6c0ffee00d15ea5e0',
  });
});

test('an undecided requirement has reason and need, no invented numbers', () => {
  const run = runWith({
    verdicts: [undecidedVerdict('inconclusive', { reason: 'too-few-samples', need: 'need 299 samples, have 140' })],
  });
  const requirement = jsonReport(run).requirements[0];
  assert.deepEqual([requirement?.reason, requirement?.need], ['too-few-samples', 'need 299 samples, have 140']);
  assert.deepEqual(
    ['observed', 'limit', 'decision', 'margin', 'baseline', 'vantage'].filter((key) => key in (requirement ?? {})),
    [],
  );
});

test('a passing requirement blames nobody, even when its traces were attributed', () => {
  const run = brokenCheckoutRun();
  const passed = { ...run, verdicts: [verdictWith()] };
  assert.deepEqual(jsonReport(passed).requirements[0]?.where, []);
});

test('what is not a number is null, never a wrong number', () => {
  const clause = clauseWith({
    observed: { value: Number.NaN, unit: 'ms', interval: [1, Number.POSITIVE_INFINITY], confidence: ratio(0.95) },
  });
  const requirement = onTheWire(
    jsonReport(runWith({ verdicts: [verdictWith({ clauses: [clause], margin: Number.NaN })] })),
  ).requirements[0];
  assert.deepEqual(requirement?.observed, { value: null, unit: 's', ci: [0.001, null], confidence: 0.95 });
  assert.equal(requirement?.margin, null);
});

test('seconds carry no noise of floating point', () => {
  const clause = clauseWith({ observed: { value: 157.9, unit: 'ms', confidence: ratio(0.95) } });
  assert.equal(
    jsonReport(runWith({ verdicts: [verdictWith({ clauses: [clause] })] })).requirements[0]?.observed?.value,
    0.1579,
  );
});

test('an empty run is a document without requirements', () => {
  const document = onTheWire(jsonReport(runWith({ verdict: 'inconclusive', endedAt: unixMillis(Number.NaN) })));
  assert.deepEqual([document.requirements, document.attribution.findings, document.endedAt], [[], [], 'unknown']);
});

test('the attribution alone: findings by rank, edge null inside one service, services by blame, completeness', () => {
  const { edge: _inside, ...within } = findingWith({ rank: 2, mechanism: 'cpu-starvation', service: 'pricing' });
  const analysis = analysisJson({
    ...emptyAttribution,
    findings: [within, findingWith()],
    services: [{ service: 'fraud', effectMs: 158, share: 0.61, interval: [140, 177] }],
  });
  assert.deepEqual(
    analysis.findings.map((each) => [each.rank, each.mechanism, each.edge?.callee ?? null]),
    [
      [1, 'slow-dependency', 'fraud'],
      [2, 'cpu-starvation', null],
    ],
  );
  for (const key of [
    'rank',
    'mechanism',
    'service',
    'operation',
    'edge',
    'effectMs',
    'share',
    'confidence',
    'traces',
  ]) {
    assert.ok(
      analysis.findings.every((each) => key in each),
      key,
    );
  }
  assert.deepEqual(analysis.services, [{ service: 'fraud', effectMs: 158, share: 0.61, effectIntervalMs: [140, 177] }]);
  assert.deepEqual(analysis.completeness, emptyAttribution.completeness);
  assert.ok(!('notAttributable' in analysis));
  assert.equal(analysisJson({ ...emptyAttribution, notAttributable: 'no traces' }).notAttributable, 'no traces');
});

test('a limit without an observation has no unit, and is left to the rule', () => {
  const open = { verdict: 'inconclusive', explanation: 'the run ended too soon' } as const;
  const { observed: _, decision: __, ...clause } = clauseWith({ clause: 'timeTo(A) <= 60s', limit: 60_000, ...open });
  const run = runWith({ verdicts: [verdictWith({ rule: 'timeTo(A) <= 60s', clauses: [clause], ...open })] });
  const [requirement] = jsonReport(run).requirements;
  assert.equal(requirement?.limit, undefined);
  assert.equal(requirement?.clauses[0]?.limit, undefined);
  assert.equal(requirement?.rule, 'timeTo(A) <= 60s');
});
