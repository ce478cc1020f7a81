// Calls that are made too often or in the wrong order: N+1, chatty, sequential fan-out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attributes } from '../../../../src/core/model/trace-set.ts';
import { chatty } from '../../../../src/core/trace/mechanisms/chatty.ts';
import { nPlusOne } from '../../../../src/core/trace/mechanisms/n-plus-one.ts';
import { sequentialFanout } from '../../../../src/core/trace/mechanisms/sequential-fanout.ts';
import { call, contextOf, type DrawnWork, query, requests, server } from '../../../support/request-traces.ts';

/** A list and then one query per row, `rowMs` each. */
function listing(rows: number, rowMs = 5): DrawnWork {
  return server('stock', 'GET /stock', [0, 20 + rows * (rowMs + 1)], {
    below: [
      query('stock', 'SELECT sku FROM basket WHERE id = 7', [2, 8]),
      ...Array.from({ length: rows }, (_, row) =>
        query('stock', `SELECT available FROM stock WHERE sku = '${row}'`, [
          10 + row * (rowMs + 1),
          10 + row * (rowMs + 1) + rowMs,
        ]),
      ),
    ],
  });
}

describe('N+1', () => {
  test('one query per row where there was one for all', () => {
    const context = contextOf({
      violating: requests(30, () => listing(20)),
      reference: requests(30, () => listing(1)),
    });
    const [found] = nPlusOne.detect(context);
    assert.equal(found?.service, 'stock');
    assert.equal(found?.operation, 'GET /stock');
    assert.equal(found?.edge?.callee, 'stock.db');
    assert.equal(found?.detail, 'select available from stock where sku = ?');
    assert.equal(found?.evidence[0]?.value, 20);
    assert.equal(found?.confidence, 'high');
  });

  test('a loop that was always there is not why requests break now', () => {
    const loop = requests(30, () => listing(20));
    assert.deepEqual(nPlusOne.detect(contextOf({ violating: loop, reference: loop })), []);
  });

  test('a loop that costs nothing is left alone', () => {
    const context = contextOf({
      violating: requests(30, () => listing(8, 0.5)),
      reference: requests(30, () => listing(1)),
    });
    assert.deepEqual(nPlusOne.detect(context), []);
  });

  describe('is not work that is batched already', () => {
    const items = Array.from({ length: 100 }, (_, item) => item).join(', ');
    const batches: readonly { readonly name: string; readonly statement: string; readonly attributes?: Attributes }[] =
      [
        {
          name: 'a batch of rows by its size',
          statement: 'INSERT INTO item (a, b) VALUES ($1, $2)',
          attributes: { 'db.operation.batch.size': 1000 },
        },
        { name: 'a list of values', statement: `SELECT * FROM orders WHERE id IN (${items})` },
        { name: 'a list of place holders', statement: 'SELECT * FROM orders WHERE id in ( $1, $2, $3 )' },
        { name: 'an array of values', statement: 'SELECT * FROM orders WHERE id = ANY($1)' },
        { name: 'several rows', statement: "INSERT INTO item (a, b) VALUES (1, 'x (y), ('), (2, lower('z'))" },
      ];
    const importing = (count: number, statement: string, attributes: Attributes = {}): DrawnWork =>
      server('import', 'POST /import', [0, 20 + count * 15], {
        below: [
          query('import', 'SELECT id FROM job WHERE id = 7', [2, 8]),
          ...Array.from({ length: count }, (_, at) =>
            query('import', statement, [10 + at * 15, 22 + at * 15], { attributes }),
          ),
        ],
      });
    for (const { name, statement, attributes } of batches) {
      test(name, () => {
        const violating = requests(30, () => importing(12, statement, attributes));
        const reference = requests(30, () => importing(3, statement, attributes));
        assert.deepEqual(nPlusOne.detect(contextOf({ violating, reference })), []);
        assert.deepEqual(nPlusOne.detect(contextOf({ violating, reference: [] })), []);
        assert.deepEqual(chatty.detect(contextOf({ violating, reference })), []);
      });
    }

    test('but one row at a time is', () => {
      const single = "INSERT INTO item (a, b) VALUES (1, 'x, (y)')";
      const violating = requests(30, () => importing(12, single, { 'db.operation.batch.size': 1 }));
      const reference = requests(30, () => importing(3, single));
      assert.equal(nPlusOne.detect(contextOf({ violating, reference }))[0]?.service, 'import');
    });
  });

  describe('of requests', () => {
    /** One request per item. */
    const prices = (items: number, url: (item: number) => string | undefined): DrawnWork =>
      server('orders', 'POST /checkout', [0, 20 + items * 12], {
        below: Array.from({ length: items }, (_, item) => {
          const asked = url(item);
          const attributes = asked === undefined ? {} : { attributes: { 'url.full': asked } };
          return call(['orders', 'price', 'GET /price/{id}'], [5 + item * 12, 15 + item * 12], attributes);
        }),
      });
    const found = (url: (item: number) => string | undefined) =>
      nPlusOne.detect(
        contextOf({
          violating: requests(30, () => prices(15, url)),
          reference: requests(30, () => prices(1, url)),
        }),
      );

    test('one per item where there was one', () => {
      const [loop] = found((item) => `http://price/price/${item}`);
      assert.equal(loop?.service, 'orders');
      assert.equal(loop?.edge?.callee, 'price');
      assert.equal(loop?.detail, 'http://price/price/*');
      assert.equal(loop?.evidence[0]?.value, 15);
      assert.equal(loop?.evidence[0]?.baseline, 1);
      assert.equal(loop?.confidence, 'high');
    });

    test('the same URL over and over, page after page, and calls without a URL are something else', () => {
      assert.deepEqual(
        found(() => 'http://price/price/7'),
        [],
      );
      assert.deepEqual(
        found((item) => `http://price/prices?page=${item}`),
        [],
      );
      assert.deepEqual(
        found(() => undefined),
        [],
      );
    });

    test('as many as ever are not why requests break now', () => {
      const loop = requests(30, () => prices(15, (item) => `http://price/price/${item}`));
      assert.deepEqual(nPlusOne.detect(contextOf({ violating: loop, reference: loop })), []);
    });
  });

  test('without a reference Sentry decides: five queries and 50 ms', () => {
    const alone = (rows: number, rowMs: number) =>
      nPlusOne.detect(contextOf({ violating: [listing(rows, rowMs)], reference: [] }));
    assert.equal(alone(10, 6).length, 1);
    assert.equal(alone(10, 6)[0]?.confidence, 'medium');
    assert.deepEqual(alone(4, 60), []);
    assert.deepEqual(alone(10, 2), []);
  });
});

describe('chatty', () => {
  const talk = (calls: number): DrawnWork =>
    server('web', 'GET /', [0, calls * 12 + 10], {
      below: Array.from({ length: calls }, (_, at) =>
        call(['web', 'cart', ['GET /a', 'GET /b', 'GET /c'][at % 3] ?? ''], [at * 12 + 2, at * 12 + 12]),
      ),
    });

  test('far more calls between two services, whatever they ask', () => {
    const [found] = chatty.detect(
      contextOf({ violating: requests(30, (jitter) => talk(24 + jitter)), reference: requests(30, () => talk(3)) }),
    );
    assert.equal(found?.service, 'web');
    assert.equal(found?.edge?.callee, 'cart');
    assert.ok((found?.evidence[0]?.value ?? 0) >= 24);
  });

  test('a few calls more are not chatty', () => {
    const context = contextOf({ violating: requests(30, () => talk(6)), reference: requests(30, () => talk(3)) });
    assert.deepEqual(chatty.detect(context), []);
  });
});

describe('sequential fan-out', () => {
  /** `count` calls of 40 ms to pricing, side by side or in turn. */
  const prices = (count: number, order: 'side by side' | 'in turn', jitter = 0): DrawnWork => {
    const starts = Array.from({ length: count }, (_, at) => (order === 'in turn' ? 5 + at * 42 : 5));
    const callMs = 40 + jitter;
    return server('checkout', 'POST /checkout', [0, (starts.at(-1) ?? 0) + callMs + 5], {
      below: starts.map((from, at) => call(['checkout', 'pricing', `POST /price/${at % 2}`], [from, from + callMs])),
    });
  };

  test('calls that ran side by side now wait for each other', () => {
    const context = contextOf({
      violating: requests(30, () => prices(6, 'in turn')),
      reference: requests(30, (jitter) => prices(6, 'side by side', jitter)),
    });
    const [found] = sequentialFanout.detect(context);
    assert.equal(found?.service, 'checkout');
    assert.equal(found?.edge?.callee, 'pricing');
    assert.ok((found?.effectMs ?? 0) > 180, String(found?.effectMs));
  });

  test('one call became many', () => {
    const context = contextOf({
      violating: requests(30, () => prices(6, 'in turn')),
      reference: requests(30, (jitter) => prices(1, 'in turn', jitter)),
    });
    assert.equal(sequentialFanout.detect(context)[0]?.service, 'checkout');
  });

  const negatives: readonly {
    readonly name: string;
    readonly violating: readonly DrawnWork[];
    readonly reference: readonly DrawnWork[];
  }[] = [
    {
      name: 'more calls side by side',
      violating: requests(30, () => prices(6, 'side by side')),
      reference: requests(30, (jitter) => prices(1, 'side by side', jitter)),
    },
    {
      name: 'calls in turn that each take longer',
      violating: requests(30, () => prices(4, 'in turn', 2)).map((work) => stretched(work, 4)),
      reference: requests(30, () => prices(4, 'in turn', 2)),
    },
    {
      name: 'calls that were always in turn',
      violating: requests(30, () => prices(5, 'in turn')),
      reference: requests(30, () => prices(5, 'in turn')),
    },
  ];
  for (const { name, violating, reference } of negatives) {
    test(`is not ${name}`, () => {
      assert.deepEqual(sequentialFanout.detect(contextOf({ violating, reference })), []);
    });
  }

  test('pages that need the page before cannot be made parallel', () => {
    const pages = (count: number): DrawnWork =>
      server('web', 'GET /all', [0, count * 50 + 10], {
        below: Array.from({ length: count }, (_, at) =>
          call(['web', 'cart', 'GET /page'], [at * 50 + 2, at * 50 + 50], {
            attributes: { 'url.full': `http://cart/page?cursor=${at}` },
          }),
        ),
      });
    const context = contextOf({ violating: requests(30, () => pages(6)), reference: requests(30, () => pages(1)) });
    assert.deepEqual(sequentialFanout.detect(context), []);
  });

  test('without a reference three calls in turn that waste 100 ms and a fifth of their parent', () => {
    const alone = (count: number) =>
      sequentialFanout.detect(contextOf({ violating: [prices(count, 'in turn')], reference: [] }));
    assert.equal(alone(6)[0]?.service, 'checkout');
    assert.deepEqual(alone(2), []);
  });
});

function stretched(work: DrawnWork, factor: number): DrawnWork {
  return {
    ...work,
    at: [work.at[0] * factor, work.at[1] * factor],
    below: (work.below ?? []).map((each) => stretched(each, factor)),
  };
}
