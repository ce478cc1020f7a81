// Signs of failure, and services ranked by all the evidence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blame } from '../../../src/core/trace/compare/blame.ts';
import { faultSigns, oneSidedG } from '../../../src/core/trace/compare/fault-signs.ts';
import { populations } from '../../../src/core/trace/compare/populations.ts';
import { suspects } from '../../../src/core/trace/compare/suspects.ts';
import type { ResourceChange } from '../../../src/core/trace/metrics/metric-corroboration.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

type Behaviour = 'good' | 'charge fails' | 'stops after stock' | 'never starts';

/** gateway calls stock, then charge. */
function request(behaviour: Behaviour): readonly DrawnSpan[] {
  const failed = behaviour === 'charge fails';
  const spans: readonly DrawnSpan[] = [
    { id: '1', name: 'POST /buy', service: 'gateway', kind: 'server', at: [0, 100], failed },
    { id: '2', parent: '1', name: 'GET', service: 'gateway', kind: 'client', at: [10, 30] },
    { id: '3', parent: '2', name: 'GET /stock', service: 'stock', kind: 'server', at: [12, 28] },
    { id: '4', parent: '1', name: 'POST', service: 'gateway', kind: 'client', at: [40, 80], failed },
    { id: '5', parent: '4', name: 'POST /charge', service: 'payments', kind: 'server', at: [42, 78], failed },
  ];
  if (behaviour === 'stops after stock') return spans.slice(0, 3);
  return behaviour === 'never starts' ? spans.slice(0, 1) : spans;
}

const times = (count: number, behaviour: Behaviour): readonly (readonly DrawnSpan[])[] =>
  Array.from({ length: count }, () => request(behaviour));

function ranked(behaviour: Behaviour, resources: readonly ResourceChange[] = []) {
  const prepared = prepareTraces(drawnSet(...times(12, behaviour), ...times(12, 'good')));
  const input = {
    violating: Array.from({ length: 12 }, (_, at) => at),
    complying: Array.from({ length: 12 }, (_, at) => 12 + at),
  };
  const { violating, reference } = populations(prepared, input);
  const signs = faultSigns(prepared, violating, reference);
  return { signs, suspects: suspects(blame(prepared, violating, reference), signs, resources) };
}

test('of failed spans only the deepest is a sign', () => {
  const { signs, suspects: names } = ranked('charge fails');
  assert.deepEqual(
    signs.map(({ kind, service, operation, violating, reference }) => [kind, service, operation, violating, reference]),
    [['errors', 'payments', 'POST /charge', { count: 12, of: 12 }, { count: 0, of: 12 }]],
  );
  assert.equal(names[0]?.service, 'payments');
});

/** gateway asks stock, which answers 404 and thinks all is well; or nobody answers at all. */
function asked(stock: 'answers' | 'answers 404' | 'is gone'): readonly DrawnSpan[] {
  const failed = stock !== 'answers';
  const spans: readonly DrawnSpan[] = [
    { id: '1', name: 'POST /buy', service: 'gateway', kind: 'server', at: [0, 100], failed },
    { id: '2', parent: '1', name: 'GET', service: 'gateway', kind: 'client', at: [10, 30], failed },
    { id: '3', parent: '2', name: 'GET /stock', service: 'stock', kind: 'server', at: [12, 28] },
  ];
  return stock === 'is gone' ? spans.slice(0, 2) : spans;
}

for (const { stock, expected } of [
  { stock: 'answers 404', expected: ['gateway'] },
  { stock: 'is gone', expected: ['stock'] },
] as const) {
  test(`a failed call is the error of ${expected[0]} when its callee ${stock}`, () => {
    const traces = (behaviour: Parameters<typeof asked>[0]) => Array.from({ length: 12 }, () => asked(behaviour));
    const prepared = prepareTraces(drawnSet(...traces(stock), ...traces('answers')));
    const { violating, reference } = populations(prepared, {
      violating: Array.from({ length: 12 }, (_, at) => at),
      complying: Array.from({ length: 12 }, (_, at) => 12 + at),
    });
    const errors = faultSigns(prepared, violating, reference).filter(({ kind }) => kind === 'errors');
    assert.deepEqual(
      errors.map(({ suspects: named }) => named),
      [expected],
    );
  });
}

test('work that ends after a call makes both sides suspects, the one that stopped first', () => {
  const { signs, suspects: names } = ranked('stops after stock');
  assert.deepEqual(
    signs.map(({ kind, service, after, suspects: named }) => [kind, service, after, named]),
    [['missing-calls', 'gateway', 'stock GET /stock', ['gateway', 'stock']]],
  );
  assert.deepEqual(
    names.filter(({ faults }) => faults > 0).map(({ service }) => service),
    ['gateway', 'stock'],
  );
});

test('work that never begins is the service’s own doing', () => {
  const { signs } = ranked('never starts');
  assert.deepEqual(
    signs.map(({ service, after, suspects: named }) => [service, after, named]),
    [['gateway', '', ['gateway']]],
  );
});

test('nothing changed, nothing is said', () => {
  const { signs, suspects: names } = ranked('good');
  assert.deepEqual(signs, []);
  assert.ok(names.every(({ evidence }) => evidence === 0));
});

test('a resource that runs full speaks against its service', () => {
  const full: ResourceChange = {
    service: 'stock',
    signal: 'cpu',
    metric: 'cpu_ratio',
    reference: 0.2,
    observed: 0.95,
    score: 9,
    utilisation: { reference: 0.2, observed: 0.95 },
  };
  const [first] = ranked('good', [full]).suspects;
  assert.equal(first?.service, 'stock');
  assert.ok(Math.abs((first?.resources ?? 0) - ((2 * Math.log(16)) ** 2 - 1)) < 1e-9);
  const memory = ranked('good', [{ ...full, signal: 'memory' }]).suspects;
  assert.ok(memory.every(({ evidence }) => evidence === 0));
});

test('failures that come in one burst prove less than the same number spread out', () => {
  const failing = (isFailing: (at: number) => boolean): number => {
    const traces = Array.from({ length: 24 }, (_, at) => request(at < 12 && isFailing(at) ? 'charge fails' : 'good'));
    const prepared = prepareTraces(drawnSet(...traces));
    const side = (first: number): number[] => Array.from({ length: 12 }, (_, at) => first + at);
    const { violating, reference } = populations(prepared, { violating: side(0), complying: side(12) });
    return faultSigns(prepared, violating, reference)[0]?.evidence ?? 0;
  };
  assert.ok(failing((at) => at % 2 === 0) > 3);
  assert.ok(failing((at) => at < 6) < failing((at) => at % 2 === 0) / 2);
});

test('a difference of shares is one-sided, and weak for few', () => {
  assert.equal(oneSidedG({ count: 1, of: 10 }, { count: 5, of: 10 }), 0);
  assert.ok(
    oneSidedG({ count: 2, of: 2 }, { count: 0, of: 2 }) < oneSidedG({ count: 20, of: 20 }, { count: 0, of: 20 }),
  );
});
