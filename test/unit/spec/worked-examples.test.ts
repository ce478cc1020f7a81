// The worked examples and the demo's document load without errors and mean what they say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Verification } from '../../../src/core/model/verification.ts';
import { expandVerification } from '../../../src/spec/expand.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

const folder = new URL('../../../slos/', import.meta.url);
const files = [
  'checkout.yaml',
  'llm.yaml',
  'examples/checkout-full.yaml',
  'examples/llm.yaml',
  'examples/llm-breakpoint.yaml',
  '../demo/stack/slos/checkout.yaml',
];

function load(file: string): Verification {
  const parsed = parseYaml(readFileSync(new URL(file, folder), 'utf8'));
  assert.deepEqual(
    parsed.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  const [verification] = parsed.verifications;
  assert.ok(verification !== undefined);
  return verification;
}

for (const file of files) {
  test(`${file} loads without errors`, () => void load(file));

  test(`${file} written out and read again is the same verification`, () => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const verification = load(file);
    const openslo = text.split(/^---$/m).filter((document) => document.includes('openslo/v1'));
    const again = parseYaml([...openslo, expandVerification(verification)].join('\n---\n'));
    assert.deepEqual(
      again.diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(withoutPlaces(again.verifications[0]), withoutPlaces(verification));
  });
}

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'definedAt' ? undefined : inner)));
}

test('the checkout example means what REQUIREMENTS.md says', () => {
  const { workload, evaluation, requirements, sources, slos, notify, baseline, schedule } =
    load('examples/checkout-full.yaml');
  assert.equal(workload?.target, 'http://127.0.0.1:8080');
  assert.deepEqual(workload?.phases[1], {
    name: 'ramp',
    role: 'load',
    duration: 60_000,
    pace: { kind: 'rate', from: 5, to: 200, arrivals: 'constant' },
  });
  assert.deepEqual(
    workload?.scenarios[0]?.steps.map((step) => step.name),
    ['POST /cart', 'POST /checkout'],
  );
  assert.deepEqual(workload?.scenarios[0]?.steps[0]?.body, { kind: 'json', template: '{"sku":"A-1"}' });
  assert.deepEqual(evaluation.phases, ['peak']);
  assert.deepEqual(evaluation.settle, { traces: 20_000, metrics: 30_000 });
  assert.deepEqual(evaluation.validity, { droppedShare: 0.001, sendLagP99: 20, traceCoverage: 0.95 });
  assert.deepEqual(sources.traces, [{ type: 'tempo', url: 'http://127.0.0.1:3200', headers: {} }]);
  assert.deepEqual(sources.metrics, [{ type: 'prometheus', name: 'prom', url: 'http://127.0.0.1:9090', headers: {} }]);
  assert.deepEqual(
    slos.map(({ name, target, window, indicator }) => [name, target, window, indicator.kind]),
    [['checkout-fast', 0.99, 28 * 86_400_000, 'good-total']],
  );
  assert.deepEqual(baseline, { from: 'passed', runs: 5, branch: 'main', maxAge: 14 * 86_400_000 });
  assert.deepEqual(schedule, { every: 1_800_000, jitter: 60_000 });
  assert.deepEqual(notify[0]?.when, [
    { event: 'fail', times: 1 },
    { event: 'recovered', times: 1 },
    { event: 'inconclusive', times: 3 },
  ]);
  assert.deepEqual(requirements[2]?.options, { sustained: { for: 240_000, slice: 10_000 } });
  assert.deepEqual(requirements[7]?.where.span?.conditions, [
    { key: 'service.name', op: 'eq', value: 'payments' },
    { key: 'kind', op: 'eq', value: 'server' },
  ]);
  assert.deepEqual(requirements[8]?.where.edge, { caller: 'checkout', callee: 'payments' });
  assert.deepEqual(requirements[10]?.options['prices'], { cpuHour: 0.0425, memoryGiBHour: 0.0048 });
});

test('the LLM example means what REQUIREMENTS.md says', () => {
  const { workload, evaluation, requirements } = load('examples/llm.yaml');
  assert.equal(workload?.protocol, 'openai-chat-stream');
  assert.deepEqual(workload?.prompts, {
    model: 'chat',
    inputTokens: { p50: 512, p95: 2048 },
    outputTokens: { max: 512, ignoreEos: false },
    sharedPrefix: 0.4,
    seed: 7,
  });
  assert.deepEqual(workload?.phases[2]?.pace, { kind: 'concurrency', users: 32 });
  assert.equal(evaluation.perPhase, true);
  assert.deepEqual(requirements[5]?.options['good'], {
    ttft: { op: 'lte', value: 500, unit: 'ms', text: '<= 500ms' },
    tpot: { op: 'lte', value: 40, unit: 'ms', text: '<= 40ms' },
    status: 'ok',
  });
  assert.deepEqual(requirements[6]?.require.clauses[0]?.while, ['LLM-01', 'LLM-02', 'LLM-06']);
});

test('without sources an OTLP receiver of our own listens on loopback, and no metrics are read', () => {
  const [verification] = parseYaml(documentWith()).verifications;
  assert.deepEqual(verification?.sources, {
    traces: [{ type: 'otlp', host: '127.0.0.1', httpPort: 4318 }],
    tracesByDefault: true,
    metrics: [],
  });
});

test('without evaluation every phase counts but warm-ups', () => {
  const text = documentWith({ spec: '' }).replace('duration: 3m }', 'duration: 3m, role: warm-up }');
  assert.deepEqual(parseYaml(text).verifications[0]?.evaluation.phases, ['peak']);
});
