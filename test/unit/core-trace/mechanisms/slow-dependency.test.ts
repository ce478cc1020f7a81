// Slow dependency: own time, time around the spans, late callers, and slow queries without anything to compare with.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { slowDependency } from '../../../../src/core/trace/mechanisms/slow-dependency.ts';
import { call, client, contextOf, type DrawnWork, query, requests, server } from '../../../support/request-traces.ts';

/** gateway > payments > fraud; fraud works for `scoreMs`. */
function payment(scoreMs: number, jitter: number): DrawnWork {
  const end = 20 + scoreMs + jitter;
  return server('gateway', 'POST /pay', [0, end + 10], {
    below: [
      call(['gateway', 'payments', 'POST /payments'], [2, end + 5], {
        below: [call(['payments', 'fraud', 'POST /score'], [10, end], { within: [11, end - 1] })],
      }),
    ],
  });
}

const paymentsOf = (scoreMs: number): readonly DrawnWork[] => requests(30, (jitter) => payment(scoreMs, jitter));

describe('slow dependency', () => {
  test('a service that works longer is named with its path, its effect and the traces that show it', () => {
    const [found, ...others] = slowDependency.detect(
      contextOf({ violating: paymentsOf(250), reference: paymentsOf(10) }),
    );
    assert.deepEqual(others, []);
    assert.equal(found?.service, 'fraud');
    assert.equal(found?.operation, 'POST /score');
    assert.deepEqual(found?.edge, { caller: 'payments', callee: 'fraud', operation: 'POST /score' });
    assert.deepEqual(found?.path, ['gateway', 'payments', 'fraud']);
    assert.ok(Math.abs((found?.effectMs ?? 0) - 240) < 2, String(found?.effectMs));
    assert.equal(found?.confidence, 'high');
    assert.equal(found?.traces.length, 10);
  });

  test('nothing is slow when nothing differs', () => {
    assert.deepEqual(slowDependency.detect(contextOf({ violating: paymentsOf(10), reference: paymentsOf(10) })), []);
  });

  /** What a service without spans makes of its calls is seen in their order only. */
  const behindUnseen = (ms: number, apartMs: number): readonly DrawnWork[] =>
    requests(30, (jitter) => {
      const end = 4 * apartMs + ms + 10 + jitter;
      const prices = [0, 1, 2, 3].map((at) =>
        client('cart', 'POST', [5, end], {
          lost: true,
          below: [server('pricing', 'POST /quotes', [6 + at * apartMs, 6 + at * apartMs + ms])],
        }),
      );
      return server('gateway', 'POST /pay', [0, end + 10], {
        below: [client('gateway', 'POST', [2, end + 5], { attributes: { 'peer.service': 'cart' }, below: prices })],
      });
    });

  test('a service that takes longer each time it is asked is slow, whoever asks it', () => {
    const context = contextOf({ violating: behindUnseen(150, 2), reference: behindUnseen(40, 2) });
    assert.deepEqual(
      slowDependency.detect(context).map(({ service }) => service),
      ['pricing'],
    );
  });

  test('a service that is asked in turn instead of at once is not slow', () => {
    const context = contextOf({ violating: behindUnseen(40, 42), reference: behindUnseen(40, 2) });
    assert.deepEqual(slowDependency.detect(context), []);
  });

  test('noise of one request in thirty is no slow service', () => {
    const violating = requests(30, (jitter, at) => payment(at === 3 ? 900 : 10, jitter));
    assert.deepEqual(slowDependency.detect(contextOf({ violating, reference: paymentsOf(10) })), []);
  });

  test('a caller that takes up all answers late is the slow one, not those it asks', () => {
    const shop =
      (lateMs: number) =>
      (jitter: number): DrawnWork =>
        server('web', 'GET /', [0, 3 * (20 + lateMs) + jitter], {
          below: ['ads', 'cart', 'stock'].map((callee, at) => {
            const from = at * (20 + lateMs);
            return call(['web', callee, 'GET /'], [from, from + 15 + lateMs], { within: [from + 1, from + 14] });
          }),
        });
    const context = contextOf({ violating: requests(30, shop(40)), reference: requests(30, shop(0)) });
    const found = slowDependency.detect(context).find(({ service }) => service === 'web');
    assert.ok(found !== undefined);
    assert.equal(found.evidence.find(({ name }) => name === 'callees it is late for')?.value, 3);
  });

  test('without a reference only a query that is slow by any standard counts', () => {
    const slowQuery = requests(3, () =>
      server('shop', 'GET /', [0, 900], { below: [query('shop', 'SELECT * FROM orders WHERE id = 7', [10, 810])] }),
    );
    const [found] = slowDependency.detect(contextOf({ violating: slowQuery, reference: [] }));
    assert.equal(found?.service, 'stock.db');
    const quickQuery = requests(3, () =>
      server('shop', 'GET /', [0, 900], { below: [query('shop', 'SELECT 1', [10, 110])] }),
    );
    assert.deepEqual(slowDependency.detect(contextOf({ violating: quickQuery, reference: [] })), []);
  });
});
