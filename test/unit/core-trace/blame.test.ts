// Populations and the milliseconds that services cost them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blame } from '../../../src/core/trace/compare/blame.ts';
import { populations } from '../../../src/core/trace/compare/populations.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

interface Costs {
  /** Own time of payments, and time on the wire to it, in milliseconds. */
  readonly payments?: number;
  readonly wire?: number;
  readonly entry?: string;
}

/** gateway > payments, 10 ms of the gateway's own on both sides. */
function request({ payments = 20, wire = 0, entry = 'POST /pay' }: Costs): readonly DrawnSpan[] {
  const call = payments + wire;
  return [
    { id: '1', name: entry, service: 'gateway', kind: 'server', at: [0, 20 + call] },
    { id: '2', parent: '1', name: 'POST', service: 'gateway', kind: 'client', at: [10, 10 + call] },
    {
      id: '3',
      parent: '2',
      name: 'POST /charge',
      service: 'payments',
      kind: 'server',
      at: [10 + wire, 10 + call],
      instance: 'two',
    },
  ];
}

const upTo = (count: number, first = 0): readonly number[] => Array.from({ length: count }, (_, at) => first + at);

/** `slow` requests, then `normal` ones, compared. */
function compare(slow: readonly Costs[], normal: readonly Costs[]): ReturnType<typeof blame> {
  const prepared = prepareTraces(drawnSet(...[...slow, ...normal].map(request)));
  const { violating, reference } = populations(prepared, {
    violating: upTo(slow.length),
    complying: upTo(normal.length, slow.length),
  });
  return blame(prepared, violating, reference);
}

const jitter = (at: number): number => (at * 7) % 5;

test('a slow service gets its milliseconds, as its own', () => {
  const result = compare(
    upTo(20).map((at) => ({ payments: 100 + jitter(at) })),
    upTo(20).map((at) => ({ payments: 20 + jitter(at) })),
  );
  const [first] = result.services;
  assert.equal(first?.service, 'payments');
  assert.ok(Math.abs((first?.effectMs ?? 0) - 80) < 1e-6);
  assert.ok(Math.abs((first?.ownMs ?? 0) - 80) < 1e-6);
  assert.ok((first?.share ?? 0) > 0.99);
  assert.ok((first?.interval?.[0] ?? 0) > 75 && (first?.interval?.[1] ?? 0) < 85);
  assert.ok(Math.abs(result.excessMs - 80) < 1e-6);
  assert.equal(result.isAmbiguous, false);
  assert.deepEqual(first?.path, ['gateway', 'payments']);
  assert.deepEqual([first?.operation, first?.caller], ['POST /charge', 'gateway']);
});

test('time on the wire is the callee’s gap', () => {
  const [first] = compare(
    upTo(9).map(() => ({ wire: 50 })),
    upTo(9).map(() => ({})),
  ).services;
  assert.equal(first?.service, 'payments');
  assert.ok(Math.abs((first?.gapMs ?? 0) - 50) < 1e-6);
  assert.ok(Math.abs(first?.ownMs ?? 1) < 1e-6);
});

test('another mix of requests is nobody’s fault', () => {
  const cheap: Costs = { entry: 'GET /ping', payments: 1 };
  const dear: Costs = { entry: 'POST /pay', payments: 200 };
  const slow = [...upTo(9).map(() => dear), cheap];
  const normal = [dear, ...upTo(9).map(() => cheap)];
  const { excessMs, services } = compare(slow, normal);
  assert.ok(Math.abs(excessMs) < 1e-6);
  assert.ok(services.every(({ effectMs }) => Math.abs(effectMs) < 1e-6));
});

test('violating requests that have nothing to be compared with do not count', () => {
  const slow = [{ payments: 70 }, { payments: 9000, entry: 'PUT /other' }];
  const prepared = prepareTraces(drawnSet(...[...slow, {}, {}].map(request)));
  const both = populations(prepared, { violating: [0, 1], complying: [2, 3] });
  assert.equal(both.withoutReference.length, 1);
  assert.deepEqual([...both.violating.weight], [1, 0]);
  assert.ok(Math.abs(blame(prepared, both.violating, both.reference).excessMs - 50) < 1e-6);
});

test('without any reference the cost itself is the effect', () => {
  const [first] = compare([{ payments: 100 }, { payments: 100 }], []).services;
  assert.equal(first?.service, 'payments');
  assert.ok(Math.abs((first?.effectMs ?? 0) - 100) < 1e-6);
});

test('two services that cost alike are no single cause', () => {
  const slow = upTo(30).map((at) => ({ payments: at % 2 === 0 ? 120 : 20, wire: at % 2 === 0 ? 0 : 100 }));
  const prepared = prepareTraces(
    drawnSet(
      ...slow.map(({ payments, wire }): readonly DrawnSpan[] => [
        { id: '1', name: 'entry', service: 'gateway', kind: 'server', at: [0, payments + wire] },
        { id: '2', parent: '1', name: 'b', service: 'left', kind: 'server', at: [0, payments] },
        { id: '3', parent: '1', name: 'c', service: 'right', kind: 'server', at: [payments, payments + wire] },
      ]),
      ...upTo(30).map((): readonly DrawnSpan[] => [
        { id: '1', name: 'entry', service: 'gateway', kind: 'server', at: [0, 20] },
        { id: '2', parent: '1', name: 'b', service: 'left', kind: 'server', at: [0, 20] },
      ]),
    ),
  );
  const { violating, reference } = populations(prepared, { violating: upTo(30), complying: upTo(30, 30) });
  assert.equal(blame(prepared, violating, reference).isAmbiguous, true);
});

test('the same seed gives the same intervals', () => {
  const slow = upTo(15).map((at) => ({ payments: 50 + 3 * jitter(at) }));
  assert.deepEqual(compare(slow, [{}, {}, {}]), compare(slow, [{}, {}, {}]));
});

test('reference weights hold the mix of cohorts and sum to the violating traces', () => {
  const pay: Costs = {};
  const ping: Costs = { entry: 'GET /ping' };
  const prepared = prepareTraces(drawnSet(...[pay, pay, pay, ping, pay, ping, ping].map(request)));
  const { reference } = populations(prepared, { violating: [0, 1, 2, 3], complying: [4, 5, 6] });
  assert.deepEqual([...reference.traces], [4, 5, 6]);
  assert.deepEqual([...reference.weight], [3, 0.5, 0.5]);
});

test('a baseline steps in where complying traces are few, or as slow as the violating ones', () => {
  const prepared = prepareTraces(
    drawnSet(...[...upTo(25).map(() => ({ payments: 90 })), ...upTo(25).map(() => ({ payments: 20 }))].map(request)),
  );
  const few = populations(prepared, { violating: [0], complying: upTo(5, 1), baseline: upTo(25, 25) });
  assert.deepEqual([...few.reference.traces], [...upTo(25, 25)]);
  const contaminated = populations(prepared, { violating: [0], complying: upTo(24, 1), baseline: upTo(25, 25) });
  assert.deepEqual([...contaminated.reference.traces], [...upTo(25, 25)]);
  const healthy = populations(prepared, { violating: [0], complying: upTo(25, 25), baseline: upTo(24, 1) });
  assert.deepEqual([...healthy.reference.traces], [...upTo(25, 25)]);
});

test('traces without their entry span are counted and left out', () => {
  const prepared = prepareTraces(drawnSet(request({}), request({}).slice(1)));
  const { violating, withoutEntry } = populations(prepared, { violating: [0, 1], complying: [] });
  assert.deepEqual([...violating.traces], [0]);
  assert.equal(withoutEntry, 1);
});

/** Two services that call each other without spans for the calls; the last but one span takes `slow` ms longer than the last. */
const pingPong = (depth: number, slow: number): readonly DrawnSpan[] =>
  upTo(depth).map((level) => ({
    id: (level + 1).toString(16),
    ...(level === 0 ? {} : { parent: level.toString(16) }),
    name: 'turn',
    service: level % 2 === 0 ? 'ping' : 'pong',
    kind: 'server',
    at: [level / 1e5, 100 + (level < depth - 1 ? slow : 0) - level / 1e5],
  }));

test('the path of a service 20,000 calls down is told by its end, and found in one pass', { timeout: 10_000 }, () => {
  const prepared = prepareTraces(drawnSet(pingPong(20_000, 50), pingPong(20_000, 0)));
  const sides = populations(prepared, { violating: [0], complying: [1] });
  const [first] = blame(prepared, sides.violating, sides.reference).services;
  assert.deepEqual(
    [first?.service, first?.caller, first?.operation, Math.round(first?.effectMs ?? 0)],
    ['ping', 'pong', 'turn', 50],
  );
  assert.equal(first?.path.length, 64);
  assert.deepEqual(first?.path.slice(-2), ['pong', 'ping']);
});

test('of thousands of peers only those with the greatest effects get an interval; the others keep their effect', () => {
  const callTo = (peer: number, ms: number): readonly DrawnSpan[] => [
    { id: '1', name: 'GET /', service: 'gateway', kind: 'server', at: [0, 100 + ms] },
    {
      id: '2',
      parent: '1',
      name: 'GET',
      service: 'gateway',
      kind: 'client',
      at: [10, 90 + ms],
      attributes: { 'server.address': `10.0.0.${peer}` },
    },
  ];
  const prepared = prepareTraces(
    drawnSet(...upTo(1000).map((peer) => callTo(peer, peer)), ...upTo(1000).map((peer) => callTo(peer, 0))),
  );
  const sides = populations(prepared, { violating: upTo(1000), complying: upTo(1000, 1000) });
  const { services } = blame(prepared, sides.violating, sides.reference);
  assert.equal(services.filter(({ interval }) => interval !== undefined).length, 200);
  assert.equal(services[0]?.service, '10.0.0.999');
  assert.ok(services[0]?.interval !== undefined);
  const middle = services.find(({ service }) => service === '10.0.0.500');
  assert.ok(Math.abs((middle?.effectMs ?? 0) - 0.5) < 1e-9);
  assert.equal(middle?.interval, undefined);
});
