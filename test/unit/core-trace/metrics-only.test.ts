// Blame on a call graph by metrics alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unixMillis } from '../../../src/core/model/units.ts';
import { blameByMetrics, type NodeMetrics } from '../../../src/core/trace/metrics/metrics-only.ts';

/** A node with a range around `normal`, and four samples. */
function node(name: string, normal: number, values: readonly number[], calls = 100): NodeMetrics {
  const times = values.map((_, at) => unixMillis(1000 * at));
  return {
    node: name,
    measure: { labels: {}, times, values },
    calls: { labels: {}, times, values: times.map(() => calls) },
    reference: [0.9, 1, 1.1, 1, 1].map((factor) => factor * normal),
  };
}

const graph = { shop: ['cart', 'pay'], pay: ['bank'], cart: ['db'], other: ['bank'] };

test('who only waits is left with nothing, the deepest slow node with all of it', () => {
  const ranked = blameByMetrics({
    target: 'shop',
    graph,
    nodes: [
      node('shop', 100, [100, 180, 182, 101]),
      node('pay', 40, [40, 120, 121, 40]),
      node('bank', 20, [20, 100, 101, 20]),
      node('cart', 30, [30, 31, 29, 30]),
      node('db', 5, [5, 5, 5, 5]),
    ],
  });
  assert.equal(ranked[0]?.node, 'bank');
  assert.ok((ranked[0]?.share ?? 0) > 0.9);
  assert.ok(ranked.every((each) => each.node === 'bank' || Math.abs(each.own) < 5));
});

test('a callee’s excess is split among its callers by their calls', () => {
  const ranked = blameByMetrics({
    target: 'a',
    graph: { a: ['b', 'c'], b: ['d'], c: ['d'] },
    nodes: [node('a', 10, [60, 60]), node('b', 10, [60, 60], 75), node('c', 10, [10, 10], 25), node('d', 5, [5, 5])],
  });
  assert.equal(ranked[0]?.node, 'b');
});

test('what does not go along with the violation counts less', () => {
  const ranked = blameByMetrics({
    target: 'shop',
    graph,
    nodes: [
      node('shop', 100, [100, 100, 180, 180]),
      node('cart', 30, [400, 400, 30, 30]),
      node('pay', 40, [40, 40, 120, 120]),
    ],
  });
  assert.equal(ranked[0]?.node, 'pay');
});

test('nodes that the target never reaches are no suspects, however bad', () => {
  const ranked = blameByMetrics({ target: 'shop', graph, nodes: [node('shop', 100, [150]), node('other', 1, [900])] });
  assert.deepEqual(
    ranked.map((each) => each.node),
    ['shop'],
  );
});

test('a node without a healthy range cannot be judged', () => {
  const unknown = { ...node('pay', 40, [400]), reference: [1] };
  assert.deepEqual(
    blameByMetrics({ target: 'shop', graph, nodes: [node('shop', 100, [150]), unknown] }).map(({ node: name, own }) => [
      name,
      own,
    ]),
    [
      ['shop', 50],
      ['pay', 0],
    ],
  );
});

test('a graph with a circle ends', () => {
  const ranked = blameByMetrics({
    target: 'a',
    graph: { a: ['b'], b: ['a'] },
    nodes: [node('a', 1, [5]), node('b', 1, [5])],
  });
  assert.equal(ranked.length, 2);
});

for (const [what, gap] of [
  ['not a number', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
] as const) {
  test(`a sample that is ${what} is none: of the target, of another node, of calls`, () => {
    const [shop, pay, cart] = [
      node('shop', 100, [100, gap, 180, 181]),
      node('pay', 40, [gap, 41, 120, 121]),
      node('cart', 30, [30, 31, 30, 30]),
    ];
    const calls = { ...pay.measure, values: [100, 100, 100, gap] };
    for (const nodes of [
      [shop, pay, cart],
      [shop, { ...pay, calls }, cart],
    ]) {
      const ranked = blameByMetrics({ target: 'shop', graph, nodes });
      assert.ok(ranked.every(({ own, share, score }) => [own, share, score].every(Number.isFinite)));
      assert.ok(Math.abs(ranked.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
    }
    assert.equal(blameByMetrics({ target: 'shop', graph, nodes: [shop, pay, cart] })[0]?.node, 'pay');
  });
}
