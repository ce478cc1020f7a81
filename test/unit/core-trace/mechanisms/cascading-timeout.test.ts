// Cascading timeout: who gave up, who went on working, and whose time budgets are the wrong way round.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cascadingTimeout } from '../../../../src/core/trace/mechanisms/cascading-timeout.ts';
import { call, client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

const gaveUp = { failed: true, attributes: { 'error.type': 'ETIMEDOUT' } };

/** gateway waits 300 ms, checkout 500, payments 700 for a fraud that needs 900; each goes on working after its caller has gone. */
function cascade(): DrawnWork {
  const fraud = client('payments', 'POST', [20, 720], {
    ...gaveUp,
    below: [server('fraud', 'POST /score', [22, 920])],
  });
  const payments = client('checkout', 'POST', [10, 510], {
    ...gaveUp,
    below: [server('payments', 'POST /payments', [12, 725], { failed: true, below: [fraud] })],
  });
  const checkout = client('gateway', 'POST', [2, 302], {
    ...gaveUp,
    below: [server('checkout', 'POST /checkout', [4, 515], { failed: true, below: [payments] })],
  });
  return server('gateway', 'POST /checkout', [0, 304], { failed: true, below: [checkout] });
}

function quick(): DrawnWork {
  return server('gateway', 'POST /checkout', [0, 60], {
    below: [
      call(['gateway', 'checkout', 'POST /checkout'], [2, 58], {
        below: [
          call(['checkout', 'payments', 'POST /payments'], [5, 50], {
            below: [call(['payments', 'fraud', 'POST /score'], [10, 40])],
          }),
        ],
      }),
    ],
  });
}

const healthy = requests(30, quick);

describe('cascading timeout', () => {
  test('the origin is the deepest call that was given up, with the work for nobody and the inverted budgets', () => {
    const [found] = cascadingTimeout.detect(contextOf({ violating: requests(30, cascade), reference: healthy }));
    assert.deepEqual(found?.edge, { caller: 'payments', callee: 'fraud', operation: 'POST /score' });
    assert.equal(found?.support, 1);
    assert.equal(found?.confidence, 'high');
    assert.match(found?.detail ?? '', /gives .+ \d+ ms, .+ gives .+ \d+ ms/);
    const wasted = found?.evidence.find(({ name }) => name === 'work for nobody')?.value ?? 0;
    assert.ok(Math.abs(wasted - (920 - 720 + (920 - 510) + (920 - 302))) < 1, String(wasted));
  });

  test('a server span that ends with the connection still counts by what goes on below it', () => {
    const closed = (): DrawnWork =>
      server('gateway', 'GET /', [0, 305], {
        failed: true,
        below: [
          client('gateway', 'GET', [2, 302], {
            ...gaveUp,
            below: [
              server('stock', 'GET /stock', [4, 303], {
                below: [client('stock', 'SELECT', [5, 800], { attributes: { 'db.system.name': 'mysql' } })],
              }),
            ],
          }),
        ],
      });
    const usual = (): DrawnWork =>
      server('gateway', 'GET /', [0, 30], { below: [call(['gateway', 'stock', 'GET /stock'], [2, 28])] });
    const [found] = cascadingTimeout.detect(
      contextOf({ violating: requests(30, closed), reference: requests(30, usual) }),
    );
    assert.equal(found?.service, 'stock');
  });

  test('behind a service that records nothing, it is the one still at work that was waited for', () => {
    const withoutPayments = (work: DrawnWork): DrawnWork => ({
      ...work,
      lost: work.service === 'payments',
      attributes: { ...work.attributes, ...(work.service === 'checkout' ? { 'peer.service': 'pay:80' } : {}) },
      below: (work.below ?? []).map(withoutPayments),
    });
    const drawn = (work: () => DrawnWork): readonly DrawnWork[] => requests(30, () => withoutPayments(work()));
    const [found] = cascadingTimeout.detect(contextOf({ violating: drawn(cascade), reference: drawn(quick) }));
    assert.deepEqual(found?.edge, { caller: 'checkout', callee: 'fraud', operation: 'POST /score' });
    assert.equal(found?.service, 'fraud');
  });

  const negatives: readonly { readonly name: string; readonly work: () => DrawnWork }[] = [
    { name: 'slow calls that are waited for', work: quick },
    {
      name: 'a time-out that the caller absorbs',
      work: () =>
        server('gateway', 'GET /', [0, 320], {
          below: [client('gateway', 'GET', [2, 302], { ...gaveUp, below: [server('ads', 'GET /ads', [4, 900])] })],
        }),
    },
    {
      name: 'a call that failed while its callee was done',
      work: () =>
        server('gateway', 'GET /', [0, 320], {
          failed: true,
          below: [client('gateway', 'GET', [2, 302], { ...gaveUp, below: [server('ads', 'GET /ads', [4, 40])] })],
        }),
    },
  ];
  for (const { name, work } of negatives) {
    test(`is not ${name}`, () => {
      assert.deepEqual(cascadingTimeout.detect(contextOf({ violating: requests(30, work), reference: healthy })), []);
    });
  }

  test('limits that no attribute admits are seen by failures that all take the same time', () => {
    const silent = (jitter: number): DrawnWork =>
      server('gateway', 'GET /', [0, 310], {
        failed: true,
        below: [
          client('gateway', 'GET', [2, 302], { failed: true, below: [server('ads', 'GET /ads', [4, 600 + jitter])] }),
        ],
      });
    const usual = (): DrawnWork =>
      server('gateway', 'GET /', [0, 30], { below: [call(['gateway', 'ads', 'GET /ads'], [2, 28])] });
    const found = cascadingTimeout.detect(
      contextOf({ violating: requests(30, silent), reference: requests(30, usual) }),
    );
    assert.equal(found[0]?.service, 'ads');
  });

  /** web hedges every read and drops the loser, which works on; now and then web itself throws. */
  const hedged = (throws: boolean, extra: readonly DrawnWork[] = []): DrawnWork =>
    server('web', 'GET /', [0, 60], {
      failed: throws,
      attributes: throws ? { 'exception.type': 'TypeError' } : {},
      below: [
        client('web', 'GET', [2, 20], {
          failed: true,
          attributes: { 'error.type': 'AbortError' },
          below: [server('read', 'GET /item', [3, 45])],
        }),
        call(['web', 'read', 'GET /item'], [10, 20]),
        ...extra,
      ],
    });

  test('is not a failure beside calls that are given up in every request, healthy ones too', () => {
    const context = contextOf({
      violating: requests(30, () => hedged(true)),
      reference: requests(30, () => hedged(false)),
    });
    assert.deepEqual(cascadingTimeout.detect(context), []);
  });

  for (const status of [500, 504])
    test(`a new time-out among calls that are always given up is the origin, passed on as ${status}`, () => {
      const late = client('web', 'POST', [22, 52], { ...gaveUp, below: [server('pay', 'POST /pay', [23, 400])] });
      const context = contextOf({
        violating: requests(30, () => ({
          ...hedged(true, [late]),
          attributes: { 'http.response.status_code': status },
        })),
        reference: requests(30, () => hedged(false, [call(['web', 'pay', 'POST /pay'], [22, 40])])),
      });
      const [found] = cascadingTimeout.detect(context);
      assert.equal(found?.service, 'pay');
      assert.equal(found?.evidence[0]?.value, 1);
    });

  test('with nothing to compare with, a call that another one for the same URL made good is none', () => {
    const url = { 'url.full': 'http://read/item/7' };
    const read = (at: readonly [number, number], isLost: boolean, asked = url): DrawnWork =>
      client('web', 'GET', at, {
        failed: isLost,
        attributes: isLost ? { ...asked, 'error.type': 'AbortError' } : asked,
        below: [server('read', 'GET /item', [at[0] + 1, isLost ? at[1] + 40 : at[1] - 1])],
      });
    const detect = (...below: readonly DrawnWork[]) =>
      cascadingTimeout.detect(
        contextOf({
          violating: requests(30, () => server('web', 'GET /', [0, 60], { failed: true, below })),
          reference: [],
        }),
      );
    assert.deepEqual(detect(read([2, 20], true), read([10, 20], false)), []);
    assert.deepEqual(detect(read([2, 20], true), read([22, 40], false)), []);
    assert.equal(detect(read([2, 20], true), read([10, 15], false))[0]?.service, 'read');
    assert.equal(
      detect(read([2, 20], true), read([22, 40], false, { 'url.full': 'http://read/item/8' }))[0]?.service,
      'read',
    );
  });

  test('a time-out that was absorbed before and fails requests with a time-out now is one', () => {
    const asked = (isFatal: boolean): DrawnWork =>
      server('web', 'GET /', [0, 320], {
        ...(isFatal ? { failed: true, attributes: { 'http.response.status_code': 504 } } : {}),
        below: [client('web', 'GET', [2, 302], { ...gaveUp, below: [server('ads', 'GET /ads', [4, 900])] })],
      });
    const context = contextOf({
      violating: requests(30, () => asked(true)),
      reference: requests(30, () => asked(false)),
    });
    assert.equal(cascadingTimeout.detect(context)[0]?.service, 'ads');
  });
});
