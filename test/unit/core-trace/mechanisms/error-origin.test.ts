// Error origin: the deepest failing span, whose error it is, and work that ends early.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isBorneOut } from '../../../../src/core/trace/is-borne-out.ts';
import { errorOrigin } from '../../../../src/core/trace/mechanisms/error-origin.ts';
import { call, client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

/** gateway > payments > fraud; where fraud fails, everybody above does. */
function payment(isBroken: boolean): DrawnWork {
  const failed = isBroken ? { failed: true } : {};
  const thrown = isBroken ? { attributes: { 'exception.type': 'ModelUnavailableError' } } : {};
  const relayed = isBroken ? { attributes: { 'exception.type': 'PeerError' } } : {};
  return server('gateway', 'POST /pay', [0, 50], {
    ...failed,
    below: [
      client('gateway', 'POST', [2, 48], {
        ...failed,
        below: [
          server('payments', 'POST /payments', [4, 46], {
            ...failed,
            ...relayed,
            below: [
              client('payments', 'POST', [10, 40], {
                ...failed,
                below: [server('fraud', 'POST /score', [11, 39], { ...failed, ...thrown })],
              }),
            ],
          }),
        ],
      }),
    ],
  });
}

const healthy = requests(30, () => payment(false));

describe('error origin', () => {
  test('the service that threw is named with the type, not those that passed it on', () => {
    const [found, ...others] = errorOrigin.detect(
      contextOf({ violating: requests(30, () => payment(true)), reference: healthy }),
    );
    assert.deepEqual(others, []);
    assert.equal(found?.service, 'fraud');
    assert.equal(found?.operation, 'POST /score');
    assert.equal(found?.detail, 'ModelUnavailableError');
    assert.equal(found?.edge?.caller, 'payments');
    assert.equal(found?.effectMs, 0);
    assert.equal(found?.share, 1);
    assert.equal(found?.confidence, 'high');
  });

  test('a callee that records nothing is blamed for the calls it fails', () => {
    const charge = (isBroken: boolean): DrawnWork =>
      server('payments', 'POST /payments', [0, 50], {
        failed: isBroken,
        below: [client('payments', 'POST', [5, 45], { failed: isBroken, attributes: { 'peer.service': 'bank' } })],
      });
    const context = contextOf({
      violating: requests(30, () => charge(true)),
      reference: requests(30, () => charge(false)),
    });
    assert.equal(errorOrigin.detect(context)[0]?.service, 'bank');
  });

  test('a call that its callee thought went well is the caller’s error', () => {
    const ask = (isBroken: boolean): DrawnWork =>
      server('web', 'GET /', [0, 50], {
        failed: isBroken,
        below: [client('web', 'GET', [5, 45], { failed: isBroken, below: [server('cart', 'GET /cart', [7, 40])] })],
      });
    const context = contextOf({ violating: requests(30, () => ask(true)), reference: requests(30, () => ask(false)) });
    assert.equal(errorOrigin.detect(context)[0]?.service, 'web');
  });

  test('an origin at the caller of a 4xx has its sign of failure there', () => {
    const reserve = (isBroken: boolean): DrawnWork =>
      server('orders', 'POST /checkout', [0, 50], {
        failed: isBroken,
        below: [
          client('orders', 'POST', [5, 45], {
            failed: isBroken,
            below: [
              server('stock', 'POST /reserve', [7, 40], {
                attributes: { 'http.response.status_code': isBroken ? 404 : 200 },
              }),
            ],
          }),
        ],
      });
    const context = contextOf({
      violating: requests(30, () => reserve(true)),
      reference: requests(30, () => reserve(false)),
    });
    const [found] = errorOrigin.detect(context);
    assert.equal(found?.service, 'orders');
    assert.ok(found !== undefined && isBorneOut(found, context));
  });

  test('time-outs have no origin here', () => {
    const late = (): DrawnWork =>
      server('web', 'GET /', [0, 350], {
        failed: true,
        attributes: { 'error.type': 'ETIMEDOUT' },
        below: [
          client('web', 'GET', [5, 305], {
            failed: true,
            attributes: { 'error.type': 'ETIMEDOUT', 'peer.service': 'bank' },
          }),
        ],
      });
    const usual = (): DrawnWork =>
      server('web', 'GET /', [0, 50], {
        below: [client('web', 'GET', [5, 45], { attributes: { 'peer.service': 'bank' } })],
      });
    assert.deepEqual(
      errorOrigin.detect(contextOf({ violating: requests(30, late), reference: requests(30, usual) })),
      [],
    );
  });

  test('an error as frequent as ever is not the cause', () => {
    const now = requests(30, (_, at) => payment(at % 3 === 0));
    assert.deepEqual(errorOrigin.detect(contextOf({ violating: now, reference: now })), []);
  });

  describe('a failure that requests live with hides no origin above it', () => {
    const tolerated: readonly { readonly name: string; readonly below: DrawnWork }[] = [
      {
        name: 'a flag that is not there',
        below: client('web', 'GET', [2, 10], {
          failed: true,
          attributes: { 'http.response.status_code': 404 },
          below: [server('flags', 'GET /flag', [3, 9], { attributes: { 'http.response.status_code': 404 } })],
        }),
      },
      {
        name: 'a callee that fails whatever it is asked',
        below: call(['web', 'ads', 'GET /ads'], [2, 10], { failed: true }),
      },
      {
        name: 'the loser of a hedge',
        below: client('web', 'GET', [2, 10], { failed: true, attributes: { 'error.type': 'AbortError' } }),
      },
    ];
    for (const { name, below } of tolerated) {
      test(name, () => {
        const answer = (throws: boolean): DrawnWork =>
          server('web', 'GET /', [0, 50], {
            ...(throws ? { failed: true, attributes: { 'exception.type': 'TypeError' } } : {}),
            below: [below],
          });
        const context = contextOf({
          violating: requests(30, () => answer(true)),
          reference: requests(30, () => answer(false)),
        });
        const [found, ...others] = errorOrigin.detect(context);
        assert.equal(found?.service, 'web');
        assert.equal(found?.detail, 'TypeError');
        assert.equal(found?.confidence, 'high');
        assert.ok(found !== undefined && isBorneOut(found, context));
        assert.deepEqual(others, []);
      });
    }

    test('but one that is new does', () => {
      const answer = (fails: boolean): DrawnWork =>
        server('web', 'GET /', [0, 50], {
          ...(fails ? { failed: true, attributes: { 'exception.type': 'PeerError' } } : {}),
          below: [call(['web', 'ads', 'GET /ads'], [2, 10], { failed: fails })],
        });
      // Of those it is compared with, one in thirty fails there too and is answered all the same.
      const usual = requests(30, (_, at) =>
        at === 0
          ? server('web', 'GET /', [0, 50], { below: [call(['web', 'ads', 'GET /ads'], [2, 10], { failed: true })] })
          : answer(false),
      );
      const context = contextOf({ violating: requests(30, () => answer(true)), reference: usual });
      assert.deepEqual(
        errorOrigin.detect(context).map(({ service }) => service),
        ['ads'],
      );
    });
  });

  test('with nothing to compare with, an answer that callers may expect is doubtful', () => {
    const answer = (status: number): DrawnWork =>
      server('web', 'GET /', [0, 50], {
        failed: true,
        below: [client('web', 'GET', [5, 45], { failed: true, attributes: { 'http.response.status_code': status } })],
      });
    const confidence = (status: number) =>
      errorOrigin.detect(contextOf({ violating: requests(30, () => answer(status)), reference: [] }))[0]?.confidence;
    assert.equal(confidence(404), 'low');
    assert.equal(confidence(500), 'high');
  });

  test('an error that failed no request is doubtful', () => {
    const absorbed = requests(30, () =>
      server('web', 'GET /', [0, 50], { below: [call(['web', 'ads', 'GET /ads'], [5, 45], { failed: true })] }),
    );
    const usual = requests(30, () =>
      server('web', 'GET /', [0, 50], { below: [call(['web', 'ads', 'GET /ads'], [5, 45])] }),
    );
    const [found] = errorOrigin.detect(contextOf({ violating: absorbed, reference: usual }));
    assert.equal(found?.service, 'ads');
    assert.equal(found?.confidence, 'low');
  });

  describe('calls that are no longer made', () => {
    const page = (isCached: boolean, jitter: number, failed = false): DrawnWork =>
      server('web', 'GET /', [0, (isCached ? 10 : 30) + jitter], {
        failed,
        below: isCached ? [] : [call(['web', 'catalog', 'GET /items'], [3, 23 + jitter])],
      });
    const usual = requests(40, (jitter) => page(false, jitter));

    test('are nothing to explain where requests are quicker for it', () => {
      const cached = requests(40, (jitter) => page(true, jitter));
      assert.deepEqual(errorOrigin.detect(contextOf({ violating: cached, reference: usual })), []);
    });

    test('are a sign where requests fail as well', () => {
      const broken = requests(40, (jitter) => page(true, jitter, true));
      const found = errorOrigin.detect(contextOf({ violating: broken, reference: usual }));
      assert.ok(found.some(({ evidence }) => evidence[0]?.name === 'requests that end early'));
    });
  });

  test('work that ends after a call where it used to go on', () => {
    const steps = (count: number): DrawnWork =>
      server('web', 'GET /', [0, 100], {
        below: ['cart', 'ads', 'stock']
          .slice(0, count)
          .map((callee, at) => call(['web', callee, 'GET /'], [at * 30 + 2, at * 30 + 30])),
      });
    const [found] = errorOrigin.detect(
      contextOf({ violating: requests(30, () => steps(1)), reference: requests(30, () => steps(3)) }),
    );
    assert.equal(found?.evidence[0]?.name, 'requests that end early');
    assert.ok(['web', 'cart'].includes(found?.service ?? ''));
    assert.equal(found?.confidence, 'low');
  });
});
