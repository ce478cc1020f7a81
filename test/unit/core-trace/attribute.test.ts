// The front door: sets or populations in, an explanation or what is missing out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanIdOf, spansOf } from '../../../src/core/model/span-view.ts';
import type { TraceSet } from '../../../src/core/model/trace-set.ts';
import { attribute } from '../../../src/core/trace/attribute.ts';
import { attributeTraces } from '../../../src/core/trace/attribute-traces.ts';
import { joinTraceSets } from '../../../src/core/trace/prepare/join-trace-sets.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

interface Variant {
  readonly paymentMs?: number;
  readonly version?: string;
}

function request({ paymentMs = 20, version = '1' }: Variant = {}): readonly DrawnSpan[] {
  return [
    { id: '1', name: 'POST /pay', service: 'gateway', kind: 'server', at: [0, 20 + paymentMs] },
    { id: '2', parent: '1', name: 'POST', service: 'gateway', kind: 'client', at: [10, 10 + paymentMs] },
    {
      id: '3',
      parent: '2',
      name: 'POST /charge',
      service: 'payments',
      kind: 'server',
      at: [10, 10 + paymentMs],
      attributes: { 'app.version': version },
      instance: 'p',
    },
  ];
}

const many = (count: number, variant: (at: number) => Variant): TraceSet =>
  drawnSet(...Array.from({ length: count }, (_, at) => request(variant(at))));
const jitter = (at: number): number => (at * 7) % 5;

const slow = many(40, (at) => ({ paymentMs: 220 + jitter(at) }));
const normal = many(40, (at) => ({ paymentMs: 20 + jitter(at) }));

test('against a baseline the slow service is named first', () => {
  const { findings, services, notAttributable } = attributeTraces({ traces: slow, baseline: normal });
  assert.equal(services[0]?.service, 'payments');
  assert.equal(findings[0]?.service, 'payments');
  assert.equal(notAttributable, undefined);
  assert.ok((findings[0]?.traces.length ?? 0) > 0);
});

test('without a baseline the slow requests are compared with the rest', () => {
  const mixed = many(60, (at) => ({ paymentMs: (at % 3 === 0 ? 220 : 20) + jitter(at) }));
  const { services, findings } = attributeTraces({ traces: mixed });
  assert.equal(services[0]?.service, 'payments');
  assert.ok(Math.abs((services[0]?.effectMs ?? 0) - 200) < 5);
  assert.equal(findings[0]?.service, 'payments');
});

test('a service that is slower while requests are quicker is not why they broke', () => {
  const shop = (basketMs: number, priceMs: number): readonly DrawnSpan[] => [
    { id: '1', name: 'GET /', service: 'shop', kind: 'server', at: [0, 20 + basketMs + priceMs] },
    { id: '2', parent: '1', name: 'GET', service: 'shop', kind: 'client', at: [5, 5 + basketMs] },
    { id: '3', parent: '2', name: 'GET /basket', service: 'basket', kind: 'server', at: [5, 5 + basketMs] },
    { id: '4', parent: '1', name: 'GET', service: 'shop', kind: 'client', at: [8 + basketMs, 8 + basketMs + priceMs] },
    {
      id: '5',
      parent: '4',
      name: 'GET /p',
      service: 'price',
      kind: 'server',
      at: [8 + basketMs, 8 + basketMs + priceMs],
    },
  ];
  const set = (basketMs: number, priceMs: number): TraceSet =>
    drawnSet(...Array.from({ length: 40 }, (_, at) => shop(basketMs + jitter(at), priceMs + jitter(at + 3))));
  const { findings, notAttributable } = attributeTraces({ traces: set(18, 20), baseline: set(10, 60) });
  assert.deepEqual(findings, []);
  assert.match(notAttributable ?? '', /not slower .* what basket costs/);
  assert.equal(attributeTraces({ traces: set(60, 20), baseline: set(10, 60) }).findings[0]?.service, 'basket');
});

test('spans that name no service are not blamed, and it is said what they lack', () => {
  const nameless = (ms: number): TraceSet =>
    drawnSet(
      ...Array.from({ length: 40 }, (_, at): readonly DrawnSpan[] => [
        { id: '1', name: 'GET /', service: '', kind: 'server', at: [0, ms + jitter(at)] },
      ]),
    );
  const { findings, services, notAttributable } = attributeTraces({ traces: nameless(200), baseline: nameless(50) });
  assert.deepEqual(findings, []);
  assert.deepEqual(services, []);
  assert.match(notAttributable ?? '', /service\.name/);
});

test('where requests became quicker there is nothing to explain', () => {
  const { findings, notAttributable } = attributeTraces({ traces: normal, baseline: slow });
  assert.deepEqual(findings, []);
  assert.match(notAttributable ?? '', /quicker .* nothing to explain/);
});

test('where nothing differs nothing is named, and it is said', () => {
  const { findings, notAttributable } = attributeTraces({ traces: normal, baseline: normal });
  assert.deepEqual(findings, []);
  assert.match(notAttributable ?? '', /no service is clearly slower/);
});

test('what sets the slow requests apart stands among the evidence', () => {
  const mixed = many(60, (at) => ({ paymentMs: at % 3 === 0 ? 220 : 20, version: at % 3 === 0 ? '2' : '1' }));
  const [finding] = attributeTraces({ traces: mixed }).findings;
  const version = finding?.evidence.find(({ name }) => name === 'requests with app.version=2 at payments');
  assert.deepEqual([version?.value, version?.baseline], [1, 0]);
});

test('without a violating trace it says so', () => {
  const { findings, services, notAttributable } = attribute({
    prepared: prepareTraces(normal),
    violating: [],
    complying: [0, 1],
  });
  assert.deepEqual([findings, services], [[], []]);
  assert.match(notAttributable ?? '', /no trace of a violating request/);
});

test('violating traces without entry spans are said to lack them', () => {
  const headless = drawnSet(request().slice(1), request().slice(1));
  const { notAttributable } = attribute({ prepared: prepareTraces(headless), violating: [0, 1], complying: [] });
  assert.match(notAttributable ?? '', /entry span \(2 of 2 traces lack it\)/);
});

test('an empty file is no crash', () => {
  assert.match(attributeTraces({ traces: drawnSet() }).notAttributable ?? '', /no trace/);
});

test('traces in any order give the same answer', () => {
  const prepared = prepareTraces(joinTraceSets(slow, normal));
  const violating = Array.from({ length: 40 }, (_, at) => at);
  const baseline = violating.map((at) => at + 40);
  const forward = attribute({ prepared, violating, complying: [], baseline });
  const backward = attribute({
    prepared,
    violating: violating.toReversed(),
    complying: [],
    baseline: baseline.toReversed(),
  });
  assert.deepEqual(backward, forward);
});

test('joined sets keep every span as it was, under its own trace', () => {
  const left = drawnSet(request(), [{ id: '1', parent: 'f', at: [0, 1], attributes: { a: 1 } }]);
  const right = drawnSet(request({ version: '9' }));
  const joint = joinTraceSets(left, right);
  const views = (set: TraceSet, trace: number): unknown =>
    spansOf(set, trace).map(({ index, parent, ...rest }) => ({
      ...rest,
      parent: parent < 0 ? parent : spanIdOf(set, parent),
    }));
  assert.deepEqual(views(joint, 0), views(left, 0));
  assert.deepEqual(views(joint, 1), views(left, 1));
  assert.deepEqual(views(joint, 2), views(right, 0));
  assert.deepEqual([...joint.missingParents], [...left.missingParents]);
});

test('messages that stand in line because the broker is slow are no wait for a pool of their consumer', () => {
  const publishing = (ackMs: number, lagMs: number): readonly DrawnSpan[] => [
    { id: '1', name: 'POST /order', service: 'shop', kind: 'server', at: [0, 10 + ackMs] },
    { id: '2', parent: '1', name: 'publish', service: 'shop', kind: 'producer', at: [5, 5 + ackMs] },
    { id: '3', parent: '2', name: 'bill', service: 'billing', kind: 'consumer', at: [9 + lagMs, 39 + lagMs] },
  ];
  const run = (ackMs: number, lagMs: number): TraceSet =>
    drawnSet(...Array.from({ length: 60 }, (_, at) => publishing(ackMs + jitter(at), lagMs + jitter(at))));
  const prepared = prepareTraces(run(60, 400));
  assert.deepEqual([prepared.preNs[1], prepared.postNs[1], prepared.serverChild[1]], [Number.NaN, Number.NaN, -1]);
  assert.equal(prepared.edges[prepared.edge[1] ?? -1]?.callee, 'billing');
  const { findings } = attributeTraces({ traces: run(60, 400), baseline: run(5, 20) });
  assert.ok(findings.length > 0);
  assert.deepEqual(
    findings.filter(({ service }) => service === 'billing'),
    [],
  );
});

test('where the requests go by another name than in the baseline, both names are told', () => {
  const renamed = (set: TraceSet, name: string): TraceSet => ({
    ...set,
    strings: set.strings.map((text) => (text === 'POST /pay' ? name : text)),
  });
  const { findings, notAttributable = '' } = attributeTraces({
    traces: renamed(slow, 'POST /v2/pay'),
    baseline: normal,
  });
  assert.deepEqual(findings, []);
  assert.match(
    notAttributable,
    /broke the requirement \(gateway POST \/v2\/pay\), only of others \(gateway POST \/pay\)/,
  );
});

test('where only some requests have none of their kind to be compared with, what is said of the rest says so', () => {
  const cart = drawnSet([{ id: '1', name: 'POST /cart', service: 'gateway', kind: 'server', at: [0, 90] }]);
  const half = Array.from({ length: 20 }, (_, at) => at);
  const { notAttributable = '' } = attribute({
    prepared: prepareTraces(joinTraceSets(normal, cart)),
    violating: [...half, 40],
    complying: half.map((at) => 20 + at),
  });
  assert.match(
    notAttributable,
    /; 1 of the violating requests had none of its kind to be compared with \(gateway POST \/cart\)$/,
  );
});
