// Steps, scenarios, phases and presets: what short YAML means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step, Workload } from '../../../src/core/model/workload.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

function workloadOf(yaml: string, spec = ''): Workload {
  const text = documentWith({ spec }).replace(/ {2}workload:\n(?: {4}.*\n)+/, `  workload:\n${yaml}`);
  const parsed = parseYaml(text);
  assert.deepEqual(parsed.diagnostics, []);
  return parsed.verifications[0]!.workload!;
}

function stepOf(step: string): Step {
  return workloadOf(
    `    target: http://h\n    scenarios: [{ name: s, steps: [${step}] }]\n    phases: [{ name: p, rate: 1/s, duration: 1m }]\n`,
  ).scenarios[0]!.steps[0]!;
}

const none = { query: {}, headers: {}, expect: {}, captures: [], timeout: 30_000 };

const steps: readonly (readonly [string, unknown])[] = [
  ['{ get: /a }', { ...none, name: 'GET /a', method: 'GET', path: '/a' }],
  ['{ delete: "/a?x=1" }', { ...none, name: 'DELETE /a', method: 'DELETE', path: '/a?x=1' }],
  ['{ method: PROPFIND, path: /a, name: find }', { ...none, name: 'find', method: 'PROPFIND', path: '/a' }],
  [
    '{ put: /a, body: text }',
    { ...none, name: 'PUT /a', method: 'PUT', path: '/a', body: { kind: 'text', template: 'text' } },
  ],
  [
    '{ post: /a, body: { n: "${int(1,9)}", s: "x${uuid}" } }',
    {
      ...none,
      name: 'POST /a',
      method: 'POST',
      path: '/a',
      body: { kind: 'json', template: '{"n":${int(1,9)},"s":"x${uuid}"}' },
    },
  ],
  [
    `{ post: /a, body: { "\${int(1,5)}": '"\${int(1,5)}' } }`,
    {
      ...none,
      name: 'POST /a',
      method: 'POST',
      path: '/a',
      body: { kind: 'json', template: '{"${int(1,5)}":"\\"${int(1,5)}"}' },
    },
  ],
  [
    '{ post: /a, body: [1, true, null] }',
    { ...none, name: 'POST /a', method: 'POST', path: '/a', body: { kind: 'json', template: '[1,true,null]' } },
  ],
  [
    '{ post: /a, form: { a: 1, b: x } }',
    { ...none, name: 'POST /a', method: 'POST', path: '/a', body: { kind: 'form', fields: { a: '1', b: 'x' } } },
  ],
  [
    '{ post: /a, file: body.bin }',
    { ...none, name: 'POST /a', method: 'POST', path: '/a', body: { kind: 'file', path: 'body.bin' } },
  ],
  [
    '{ get: /a, query: { q: 1 }, headers: { X-A: b }, timeout: 5s, thinkTime: 1s..3s }',
    {
      ...none,
      name: 'GET /a',
      method: 'GET',
      path: '/a',
      query: { q: '1' },
      headers: { 'X-A': 'b' },
      timeout: 5000,
      thinkTime: { min: 1000, max: 3000 },
    },
  ],
  [
    '{ get: /a, expect: { status: [2xx, 404, 301..302], headers: { a: b }, jsonPath: { $.ok: true }, maxLatency: 1s } }',
    {
      ...none,
      name: 'GET /a',
      method: 'GET',
      path: '/a',
      expect: {
        status: [
          { from: 200, to: 299 },
          { from: 404, to: 404 },
          { from: 301, to: 302 },
        ],
        headers: { a: 'b' },
        jsonPath: { '$.ok': true },
        maxLatency: 1000,
      },
    },
  ],
  [
    '{ get: /a, capture: { a: $.a, b: { header: X-B }, c: { regex: "id=(\\\\d+)" }, d: { jsonPath: $.d } } }',
    {
      ...none,
      name: 'GET /a',
      method: 'GET',
      path: '/a',
      captures: [
        { variable: 'a', from: { kind: 'jsonPath', path: '$.a' } },
        { variable: 'b', from: { kind: 'header', name: 'X-B' } },
        { variable: 'c', from: { kind: 'regex', pattern: 'id=(\\d+)', group: 1 } },
        { variable: 'd', from: { kind: 'jsonPath', path: '$.d' } },
      ],
    },
  ],
];
for (const [yaml, step] of steps) test(`step ${yaml}`, () => assert.deepEqual(stepOf(yaml), step));

test('headers and time-out of the workload are every step’s', () => {
  const yaml =
    '    target: http://h/\n    headers: { A: "1", B: "2" }\n    timeout: 2s\n    scenarios: [{ name: s, steps: [{ get: /a, headers: { B: "3" } }] }]\n    phases: [{ name: p, rate: 1/s, duration: 1m }]\n';
  const { target, scenarios } = workloadOf(yaml);
  assert.equal(target, 'http://h');
  assert.deepEqual(scenarios[0]?.steps[0]?.headers, { A: '1', B: '3' });
  assert.equal(scenarios[0]?.steps[0]?.timeout, 2000);
});

test('feeds, cookies, weight and tracing', () => {
  const yaml =
    '    target: http://h\n    tracing: { sampled: 10%, maxPerSecond: 50/s, baggage: false }\n    warmUp: 0s\n    scenarios: [{ name: s, cookies: false, feed: { path: users.csv }, feeds: [{ name: sku, path: skus.json, order: unique }], steps: [{ get: "/${user}" }] }]\n    phases: [{ name: p, concurrency: 8, duration: 1m }]\n';
  const workload = workloadOf(yaml);
  assert.deepEqual(workload.scenarios[0]?.feeds, [
    { name: 'users.csv', path: 'users.csv', order: 'sequential' },
    { name: 'sku', path: 'skus.json', order: 'unique' },
  ]);
  assert.equal(workload.scenarios[0]?.cookies, false);
  assert.equal(workload.scenarios[0]?.weight, 1);
  assert.deepEqual(
    [workload.sampledShare, workload.maxSampledPerSecond, workload.baggage, workload.warmUp],
    [0.1, 50, false, 0],
  );
  assert.deepEqual(workload.phases[0]?.pace, { kind: 'concurrency', users: 8 });
});

test('safety limits have defaults and can be changed one by one', () => {
  const yaml =
    '    target: http://h\n    scenarios: [{ name: s, steps: [{ get: /a }] }]\n    phases: [{ name: p, rate: 1/s, duration: 1m }]\n';
  const { safety } = workloadOf(yaml, '  safety: { abortWhen: [p99 > 5s for 20s], maxRate: 100/s }\n');
  assert.deepEqual(safety, {
    errorRate: { above: 0.5, for: 10_000 },
    p99: { above: 5000, for: 20_000 },
    maxRate: 100,
    maxInFlight: 10_000,
    maxConnections: 512,
  });
});

const shape = ({ phases }: Workload): readonly string[] =>
  phases.map(
    ({ name, pace, duration, role }) =>
      `${name} ${pace.kind === 'rate' ? `${pace.from}..${pace.to}/s` : `${pace.users}`} ${duration / 1000}s${role === 'load' ? '' : ` ${role}`}`,
  );

const presets: readonly (readonly [string, readonly string[]])[] = [
  ['testType: load\n    rate: 200/s', ['idle 10..10/s 60s', 'ramp 10..200/s 60s', 'peak 200..200/s 300s']],
  ['rate: 200/s\n    duration: 30s', ['idle 10..10/s 60s', 'ramp 10..200/s 60s', 'peak 200..200/s 30s']],
  [
    'testType: load\n    concurrency: 4\n    duration: 2m',
    ['idle 1 60s', 'ramp1 1 15s', 'ramp2 2 15s', 'ramp3 3 15s', 'ramp4 4 15s', 'peak 4 120s'],
  ],
  ['testType: spike\n    rate: 20/s', ['base 20..20/s 120s', 'spike 200..200/s 30s', 'after 20..20/s 120s recovery']],
  ['testType: soak\n    rate: 100/s', ['ramp 10..70/s 300s', 'soak 70..70/s 14400s']],
  ['testType: scalability\n    concurrency: 8', ['n1 8 180s', 'n2 16 180s', 'n4 32 180s']],
  ['testType: breakpoint\n    rate: 10/s..500/s', ['rise 10..500/s 600s']],
  ['testType: breakpoint\n    concurrency: 3\n    duration: 30s', ['u1 1 10s', 'u2 2 10s', 'u3 3 10s']],
  [
    'testType: breakpoint\n    concurrency: 64',
    Array.from({ length: 20 }, (_, i) => Math.round(3.2 * (i + 1))).map((users) => `u${users} ${users} 30s`),
  ],
  [
    'testType: stress\n    rate: 100/s',
    [
      's25 25..25/s 120s',
      's50 50..50/s 120s',
      's75 75..75/s 120s',
      's100 100..100/s 120s',
      's125 125..125/s 120s',
      's150 150..150/s 120s',
      's175 175..175/s 120s',
      's200 200..200/s 120s',
      'recovery 50..50/s 120s recovery',
    ],
  ],
];
for (const [yaml, phases] of presets) {
  test(`preset ${yaml.replaceAll(/\s+/g, ' ')}`, () => {
    assert.deepEqual(
      shape(workloadOf(`    target: http://h\n    scenarios: [{ name: s, steps: [{ get: /a }] }]\n    ${yaml}\n`)),
      phases,
    );
  });
}

test('only the main phase of a preset is judged', () => {
  const text = documentWith({ spec: '' }).replace(
    / {4}phases:\n(?: {6}.*\n)+/,
    '    testType: load\n    rate: 200/s\n',
  );
  assert.deepEqual(parseYaml(text).verifications[0]?.evaluation.phases, ['peak']);
});

test('a workload may stand in a document of its own', () => {
  const workload =
    'apiVersion: faultline/v1alpha1\nkind: Workload\nmetadata: { name: shared }\nspec:\n  target: http://h\n  scenarios: [{ name: buy, steps: [{ get: "/${int(1,2)}" }] }]\n  phases: [{ name: peak, rate: 5/s, duration: 1m }]\n---\n';
  const text = documentWith().replace(/ {2}workload:\n(?: {4}.*\n)+/, '  workloadRef: shared\n');
  const parsed = parseYaml(workload + text);
  assert.deepEqual(parsed.diagnostics, []);
  assert.equal(parsed.verifications[0]?.workload?.phases[0]?.name, 'peak');
});

test('an LLM workload needs no scenario', () => {
  const { scenarios, prompts } = workloadOf(
    '    target: http://h\n    protocol: openai-chat-stream\n    model: m\n    phases: [{ name: p, concurrency: 2, duration: 1m }]\n',
  );
  assert.equal(scenarios[0]?.steps[0]?.name, 'POST /v1/chat/completions');
  assert.equal(prompts?.model, 'm');
});

test('a workload says how connections are made', () => {
  const transportOf = (text: string): unknown =>
    workloadOf(
      `    target: http://h\n    scenarios: [{ name: s, steps: [{ get: /a }] }]\n    rate: 1/s\n    transport: ${text}\n`,
    ).transport;
  for (const version of ['2', '"2"', '1.1'])
    assert.deepEqual(transportOf(`{ httpVersion: ${version} }`), { httpVersion: version.replaceAll('"', '') });
  assert.deepEqual(transportOf('{ proxy: "http://user:secret@proxy:3128", verifyCertificate: false }'), {
    proxy: 'http://user:secret@proxy:3128',
    verifyCertificate: false,
  });
});
