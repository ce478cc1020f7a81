// Which traces are explained when nobody says which requests broke a requirement.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceSet } from '../../../src/core/model/trace-set.ts';
import { attributeTraces } from '../../../src/core/trace/attribute-traces.ts';
import { type Split, splitAgainst, splitByOutcome } from '../../../src/core/trace/compare/split-traces.ts';
import { joinTraceSets } from '../../../src/core/trace/prepare/join-trace-sets.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

interface Variant {
  readonly stockMs?: number;
  readonly fails?: boolean;
  readonly name?: string;
  /** So many queries in turn share stockMs: one for a list, one for each of its rows. */
  readonly queries?: number;
}

/** shop answers in 40 ms, of which stock takes 20. */
function request({ stockMs = 20, fails = false, name = 'POST /buy', queries = 0 }: Variant): readonly DrawnSpan[] {
  const status = fails ? ({ failed: true } as const) : {};
  return [
    { id: 'a', name, service: 'shop', kind: 'server', at: [0, 20 + stockMs], ...status },
    { id: 'b', parent: 'a', name: 'POST', service: 'shop', kind: 'client', at: [10, 10 + stockMs], ...status },
    { id: 'c', parent: 'b', name: 'POST /take', service: 'stock', kind: 'server', at: [10, 10 + stockMs], ...status },
    ...Array.from({ length: queries }, (_, at): DrawnSpan => {
      const each = stockMs / queries;
      return {
        id: `d${at}`,
        parent: 'c',
        name: 'SELECT item',
        service: 'stock',
        kind: 'client',
        at: [10 + at * each, 10 + (at + 1) * each],
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': at === 0 ? 'SELECT id FROM basket' : 'SELECT * FROM item WHERE id = ?',
        },
      };
    }),
  ];
}

const many = (count: number, variant: (at: number) => Variant): TraceSet =>
  drawnSet(...Array.from({ length: count }, (_, at) => request(variant(at))));
const jitter = (at: number): number => (at * 7) % 11;
const normal = many(200, (at) => ({ stockMs: 20 + jitter(at) }));

function against(run: TraceSet): Split {
  const count = run.traceIds.length;
  const prepared = prepareTraces(joinTraceSets(run, normal));
  return splitAgainst(
    prepared,
    Array.from({ length: count }, (_, at) => at),
    Array.from({ length: normal.traceIds.length }, (_, at) => count + at),
  );
}

test('a slow tail is compared with the rest of its own run, not the mean of all with the baseline', () => {
  const { violating, complying } = against(many(200, (at) => ({ stockMs: (at % 20 === 3 ? 320 : 20) + jitter(at) })));
  assert.equal(violating.length, 10);
  assert.ok(violating.every((at) => at % 20 === 3));
  assert.equal(complying.length, 190);
});

test('failures in a few requests are what is explained', () => {
  const { violating } = against(many(200, (at) => ({ stockMs: 20 + jitter(at), fails: at % 25 === 3 })));
  assert.deepEqual(
    violating,
    Array.from({ length: 8 }, (_, at) => 3 + 25 * at),
  );
});

test('where all requests became slower all are explained', () => {
  const { violating, complying } = against(many(200, (at) => ({ stockMs: 45 + jitter(at) })));
  assert.deepEqual([violating.length, complying.length], [200, 0]);
});

test('where nothing changed nothing is picked out', () => {
  const { violating, complying } = against(many(200, (at) => ({ stockMs: 20 + jitter(at + 5) })));
  assert.deepEqual([violating.length, complying.length], [200, 0]);
});

test('one burst of slow requests is one event, not many', () => {
  const burst = many(200, (at) => ({ stockMs: (at >= 90 && at < 95 ? 120 : 20) + jitter(at) }));
  assert.equal(against(burst).complying.length, 0);
});

test('without a baseline the natural spread of a kind of request makes none of them slow', () => {
  // From 29 ms to 217 ms, even on a scale of factors: two of five take more than twice what the fast quarter takes.
  const spread = many(200, (at) => ({ stockMs: 80 * Math.exp(((at * 37) % 200) / 100 - 1) - 20 }));
  assert.deepEqual(splitByOutcome(prepareTraces(spread)).violating, []);
  const outlier = many(60, (at) => ({ stockMs: (at % 20 === 0 ? 500 : 20) + jitter(at) }));
  assert.deepEqual(splitByOutcome(prepareTraces(outlier)).violating, [0, 20, 40]);
});

test('a pattern that every request shows is named without a baseline; a mere sequence is not', () => {
  const [finding] = attributeTraces({ traces: many(30, () => ({ stockMs: 120, queries: 30 })) }).findings;
  assert.equal(finding?.mechanism, 'n-plus-one');
  const { findings, notAttributable } = attributeTraces({ traces: normal });
  assert.deepEqual(findings, []);
  assert.match(notAttributable ?? '', /baseline/);
});

test('an id in the name of a request makes it no kind of its own', () => {
  const named = (count: number, stockMs: number): TraceSet =>
    many(count, (at) => ({ stockMs: stockMs + jitter(at), name: `POST /buy/${1000 + at}` }));
  const [finding] = attributeTraces({ traces: named(60, 220), baseline: named(50, 20) }).findings;
  assert.deepEqual([finding?.mechanism, finding?.service], ['slow-dependency', 'stock']);
});

for (const attributes of [
  { 'http.response.status_code': 500 },
  { 'http.status_code': '503' },
  { 'rpc.grpc.status_code': 13 },
  { error: true },
  { 'otel.status_code': 'ERROR' },
]) {
  test(`requests that only ${JSON.stringify(attributes)} calls failed are what is explained`, () => {
    const run = drawnSet(
      ...Array.from({ length: 100 }, (_, at) =>
        request({ stockMs: 20 + jitter(at) }).map((span) => (at % 10 < 3 ? { ...span, attributes } : span)),
      ),
    );
    const failed = Array.from({ length: 100 }, (_, at) => at).filter((at) => at % 10 < 3);
    assert.deepEqual(against(run).violating, failed);
    assert.deepEqual(splitByOutcome(prepareTraces(run)).violating, failed);
    const [finding] = attributeTraces({ traces: run, baseline: normal }).findings;
    assert.deepEqual([finding?.mechanism, finding?.service], ['error-origin', 'stock']);
  });
}
