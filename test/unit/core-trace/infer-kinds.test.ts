// Kinds of spans that do not say theirs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { spanKind } from '../../../src/core/model/trace-set.ts';
import { attributeTraces } from '../../../src/core/trace/attribute-traces.ts';
import { inferKinds } from '../../../src/core/trace/prepare/infer-kinds.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet, spanNamed } from '../../support/drawn-traces.ts';

const names = Object.keys(spanKind) as (keyof typeof spanKind)[];
const kindsOf = (spans: readonly DrawnSpan[]): Readonly<Record<string, string>> => {
  const set = inferKinds(drawnSet(spans));
  return Object.fromEntries(spans.map(({ id, name = id }) => [name, names[set.kind[spanNamed(set, name)] ?? 0] ?? '']));
};
const bare = (id: string, parent: string | undefined, service: string, rest: Partial<DrawnSpan> = {}): DrawnSpan => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  name: id,
  service,
  kind: 'unspecified',
  at: [Number.parseInt(id, 16), 100 - Number.parseInt(id, 16)],
  ...rest,
});

describe('kinds are read off the place in the trace', () => {
  test('a root and whoever is asked by another service serve; what only leads to another service calls', () => {
    const kinds = kindsOf([bare('1', undefined, 'gateway'), bare('2', '1', 'gateway'), bare('3', '2', 'payments')]);
    assert.deepEqual(kinds, { 1: 'server', 2: 'client', 3: 'server' });
  });

  test('a handler that calls another service without a span for the call stays a server', () => {
    const kinds = kindsOf([bare('1', undefined, 'a'), bare('2', '1', 'b'), bare('3', '2', 'c')]);
    assert.deepEqual(kinds, { 1: 'server', 2: 'server', 3: 'server' });
  });

  test('a span around several different calls is no call, nor is work inside a service', () => {
    const around = [
      bare('1', undefined, 'a'),
      bare('2', '1', 'a'),
      bare('3', '2', 'b'),
      bare('4', '2', 'b'),
      bare('5', '1', 'a'),
    ];
    assert.deepEqual(kindsOf(around), { 1: 'server', 2: 'unspecified', 3: 'server', 4: 'server', 5: 'unspecified' });
  });

  test('answers of one name to one call are what a proxy repeated', () => {
    const again = [
      bare('1', undefined, 'a'),
      bare('2', '1', 'a'),
      bare('3', '2', 'b', { name: 'GET' }),
      bare('4', '2', 'b', { name: 'GET' }),
    ];
    assert.equal(kindsOf(again)['2'], 'client');
  });

  test('a span whose parent was lost has no place', () => {
    assert.deepEqual(kindsOf([bare('2', '1', 'a'), bare('3', '2', 'b')]), { 2: 'unspecified', 3: 'server' });
  });
});

const attributed: readonly (readonly [Readonly<Record<string, string>>, keyof typeof spanKind])[] = [
  [{ 'db.system.name': 'postgresql' }, 'client'],
  [{ 'db.system': 'redis' }, 'client'],
  [{ 'url.full': 'http://b/x' }, 'client'],
  [{ 'http.url': 'http://b/x' }, 'client'],
  [{ 'peer.service': 'b' }, 'client'],
  [{ 'http.request.method': 'GET', 'server.address': 'b' }, 'client'],
  [{ 'rpc.system': 'grpc', 'net.peer.name': 'b' }, 'client'],
  [{ 'rpc.system': 'grpc' }, 'unspecified'],
  [{ 'net.peer.name': 'b' }, 'unspecified'],
  [{ 'http.url': 'http://a/x', 'http.route': '/x' }, 'unspecified'],
  [{ 'messaging.operation.type': 'send' }, 'producer'],
  [{ 'messaging.operation': 'process' }, 'consumer'],
];
for (const [attributes, kind] of attributed) {
  test(`within a service, ${JSON.stringify(attributes)} means ${kind}`, () => {
    assert.equal(kindsOf([bare('1', undefined, 'a'), bare('2', '1', 'a', { attributes })])['2'], kind);
  });
}

test('attributes that both sides record do not make a root a caller; a database does', () => {
  const root = (attributes: Readonly<Record<string, string>>): unknown =>
    kindsOf([bare('1', undefined, 'a', { attributes })])['1'];
  assert.equal(root({ 'http.url': 'http://a/x', 'http.method': 'GET', 'net.peer.ip': '10.0.0.1' }), 'server');
  assert.equal(root({ 'db.system': 'mysql' }), 'client');
});

test('code around a call is no call although it repeats its attributes', () => {
  const attributes = { 'http.url': 'http://b/x' };
  const kinds = kindsOf([
    bare('1', undefined, 'a'),
    bare('2', '1', 'a', { attributes }),
    bare('3', '2', 'a', { attributes }),
    bare('4', '3', 'b'),
  ]);
  assert.deepEqual(kinds, { 1: 'server', 2: 'unspecified', 3: 'client', 4: 'server' });
});

test('who gets a message consumes it', () => {
  const attributes = { 'messaging.operation.type': 'send' };
  const kinds = kindsOf([bare('1', undefined, 'a'), bare('2', '1', 'a', { attributes }), bare('3', '2', 'b')]);
  assert.deepEqual(kinds, { 1: 'server', 2: 'producer', 3: 'consumer' });
});

test('recorded kinds stay, and a set in which all are recorded is the same set', () => {
  const kinds = kindsOf([
    bare('1', undefined, 'a', { kind: 'internal' }),
    bare('2', '1', 'a', { kind: 'internal' }),
    bare('3', '2', 'b'),
  ]);
  assert.deepEqual(kinds, { 1: 'internal', 2: 'internal', 3: 'server' });
  const recorded = drawnSet([bare('1', undefined, 'a', { kind: 'server' })]);
  assert.equal(inferKinds(recorded), recorded);
});

/** gateway > payments, without kinds; `wire` is time on the way there and back, `ahead` what the clock of payments is ahead. */
const request = ({ wire = 0, ahead = 0 }): readonly DrawnSpan[] => [
  bare('1', undefined, 'gateway', { name: 'POST /pay', at: [0, 60 + wire] }),
  bare('2', '1', 'gateway', { name: 'POST', at: [10, 50 + wire], attributes: { 'server.address': 'payments' } }),
  bare('3', '2', 'payments', {
    name: 'POST /charge',
    at: [15 + wire / 2 + ahead, 45 + wire / 2 + ahead],
    instance: 'p',
  }),
];
const many = (of: { readonly wire?: number; readonly ahead?: number }, jitter = 5) =>
  drawnSet(...Array.from({ length: 40 }, (_, at) => request({ ...of, wire: (of.wire ?? 0) + ((at * 7) % jitter) })));

test('time on the wire is billed to the callee, not to the caller, also without kinds', () => {
  const [finding] = attributeTraces({ traces: many({ wire: 80 }), baseline: many({}) }).findings;
  assert.deepEqual([finding?.mechanism, finding?.service], ['network-delay', 'payments']);
});

test('a clock that is ahead is corrected, also without kinds', () => {
  assert.equal(prepareTraces(drawnSet(request({ ahead: 12 }))).completeness.skewCorrected, 1);
  assert.deepEqual(attributeTraces({ traces: many({ ahead: 12 }), baseline: many({}) }).findings, []);
});
