// What requirements measure on traces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceMeasureName, TraceMeasureRequest } from '../../../src/core/model/observations.ts';
import type { SpanCondition } from '../../../src/core/model/requirement.ts';
import { type MeasuredRequest, measureTraces } from '../../../src/core/trace/measure.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

/** The load generator's client, the gateway, payments at the second attempt, and two queries of payments. */
const trace: readonly DrawnSpan[] = [
  { id: '1', name: 'POST /pay', service: 'faultline', kind: 'client', at: [0, 200] },
  { id: '2', parent: '1', name: 'POST /pay', service: 'gateway', kind: 'server', at: [10, 190] },
  { id: '3', parent: '2', name: 'POST', service: 'gateway', kind: 'client', at: [20, 60], failed: true },
  { id: '4', parent: '3', name: 'POST /charge', service: 'payments', kind: 'server', at: [22, 58], failed: true },
  { id: '5', parent: '2', name: 'POST', service: 'gateway', kind: 'client', at: [70, 180] },
  {
    id: '6',
    parent: '5',
    name: 'POST /charge',
    service: 'payments',
    kind: 'server',
    at: [72, 178],
    attributes: { tier: 'gold' },
  },
  {
    id: '7',
    parent: '6',
    name: 'select',
    service: 'payments',
    kind: 'client',
    at: [80, 90],
    attributes: { 'db.system.name': 'postgresql' },
  },
  {
    id: '8',
    parent: '6',
    name: 'select',
    service: 'payments',
    kind: 'client',
    at: [90, 110],
    attributes: { 'db.system.name': 'postgresql' },
  },
];

const prepared = prepareTraces(drawnSet(trace, trace.slice(0, 1)));
const sample: readonly MeasuredRequest[] = [0, 1].map((at) => ({
  trace: at,
  atMs: 1000 * at,
  phase: 'peak',
  scenario: 'buy',
  step: 'POST /pay',
  failed: false,
}));

const where = (...conditions: readonly SpanCondition[]): { span: TraceMeasureRequest['span'] & object } => ({
  span: { conditions, text: '' },
});
const is = (key: string, value: string): SpanCondition => ({ key, op: 'eq', value });

function values(
  measure: TraceMeasureName,
  rest: Partial<TraceMeasureRequest> = {},
): readonly (readonly [number, number | undefined, boolean])[] {
  return measureTraces(prepared, { key: 'R-1', measure, ...rest }, sample).points.map(({ value, base, failed }) => [
    value,
    base,
    failed,
  ]);
}

test('durations of the chosen spans, failed by their own status', () => {
  assert.deepEqual(values('spanDuration', where(is('service.name', 'payments'), is('kind', 'server'))), [
    [36, undefined, true],
    [106, undefined, false],
  ]);
  assert.deepEqual(values('spanDuration', where(is('tier', 'gold'))), [[106, undefined, false]]);
  assert.deepEqual(
    values('spanDuration', where({ key: 'name', op: 'contains', value: 'sel' }, is('status', 'unset'))).length,
    2,
  );
  assert.deepEqual(
    values('spanDuration', where(is('kind', 'server'), { key: 'service.instance.id', op: 'ne', value: 'one' })),
    [],
  );
});

test('durations of the answers to an edge', () => {
  assert.deepEqual(
    values('spanDuration', { edge: { caller: 'gateway', callee: 'payments' } }).map(([value]) => value),
    [36, 106],
  );
});

test('the share of the path billed to the chosen spans’ services', () => {
  // payments: both calls whole, 40 + 110 of 200, but for the two queries of 30.
  assert.deepEqual(values('criticalPathShare', where(is('service', 'payments'))), [
    [(150 - 30) / 200, undefined, false],
  ]);
});

test('attempts and logical calls on an edge', () => {
  assert.deepEqual(values('attempts', { edge: { caller: 'gateway', callee: 'payments' } }), [[2, 1, false]]);
  assert.deepEqual(values('attempts', { edge: { caller: 'gateway', callee: 'payments', operation: 'GET /x' } }), []);
});

test('calls per request: on an edge, below chosen spans, or all', () => {
  assert.deepEqual(
    values('callsPerRequest', { edge: { caller: 'payments', callee: 'postgresql' } }).map(([value]) => value),
    [2, 0],
  );
  assert.deepEqual(
    values('callsPerRequest', where(is('service', 'gateway'), is('kind', 'server'))).map(([value]) => value),
    [4],
  );
  assert.deepEqual(
    values('callsPerRequest').map(([value]) => value),
    [5, 1],
  );
});

test('the root’s duration is the system’s own, not the load generator’s', () => {
  assert.deepEqual(values('rootDuration'), [[180, undefined, false]]);
});

test('only samples of the scenario and route are looked at', () => {
  const looked = (rest: Partial<TraceMeasureRequest>): number =>
    measureTraces(prepared, { key: 'R', measure: 'rootDuration', ...rest }, sample).traces;
  assert.deepEqual(
    [looked({}), looked({ scenario: 'buy' }), looked({ scenario: 'look' }), looked({ route: 'GET /' })],
    [2, 2, 0, 0],
  );
});

test('an edge to a database that goes by its address is named by its mere name too, unless the caller calls a service of that name', () => {
  const attributes = { 'db.namespace': 'users', 'server.address': 'pg-1' };
  const entry: DrawnSpan = { id: '1', service: 'shop', kind: 'server', at: [0, 90] };
  const toDatabase: DrawnSpan = { id: '2', parent: '1', service: 'shop', kind: 'client', at: [1, 9], attributes };
  const toService: readonly DrawnSpan[] = [
    { id: '3', parent: '1', service: 'shop', kind: 'client', at: [10, 19] },
    { id: '4', parent: '1', service: 'shop', kind: 'client', at: [20, 29] },
  ];
  const answers: readonly DrawnSpan[] = [
    { id: '5', parent: '3', service: 'users', kind: 'server', at: [11, 18] },
    { id: '6', parent: '4', service: 'users', kind: 'server', at: [21, 28] },
  ];
  const elsewhere: readonly DrawnSpan[] = [{ id: '1', service: 'users', kind: 'server', at: [0, 90] }];
  const callsOf = (callee: string, ...traces: readonly (readonly DrawnSpan[])[]) =>
    measureTraces(
      prepareTraces(drawnSet(...traces)),
      { key: 'R-1', measure: 'callsPerRequest', edge: { caller: 'shop', callee } },
      sample.slice(0, 1),
    ).points.map(({ value }) => value);
  assert.deepEqual(callsOf('users', [entry, toDatabase], elsewhere), [1]);
  assert.deepEqual(callsOf('pg-1/users', [entry, toDatabase], elsewhere), [1]);
  assert.deepEqual(callsOf('users', [entry, toDatabase, ...toService, ...answers]), [2]);
});
