// Hidden retries: several SERVER spans for one CLIENT span.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenRetries } from '../../../../src/core/trace/mechanisms/hidden-retries.ts';
import { client, contextOf, type DrawnWork, type Extra, requests, server } from '../../../support/request-traces.ts';

interface Answer extends Extra {
  readonly at: readonly [number, number];
  readonly by?: readonly [string, string];
}

const failed = { failed: true, attributes: { 'http.response.status_code': 503 } };

/** One call of web, and who answers it. */
const ask = (...answers: readonly Answer[]): DrawnWork =>
  server('web', 'GET /', [0, 200], {
    below: [
      client('web', 'GET', [5, 190], {
        below: answers.map(({ at, by = ['stock', 'GET /stock'], ...extra }) => server(...by, at, extra)),
      }),
    ],
  });

const once = requests(20, () => ask({ at: [10, 60] }));

test('a mesh that repeats calls shows as servers in turn below one call', () => {
  const [found] = hiddenRetries.detect(
    contextOf({
      violating: requests(20, () => ask({ at: [10, 60], ...failed }, { at: [70, 120], ...failed }, { at: [130, 180] })),
      reference: once,
    }),
  );
  assert.deepEqual(found?.edge, { caller: 'web', callee: 'stock', operation: 'GET /stock' });
  assert.equal(found?.evidence[0]?.value, 3);
  assert.equal(found?.effectMs, 120);
});

test('the very same URL once more is a retry, whatever the first answer said', () => {
  const same = { attributes: { 'url.path': '/stock/7' } };
  const twice = requests(20, () => ask({ at: [10, 60], ...same }, { at: [70, 120], ...same }));
  assert.equal(hiddenRetries.detect(contextOf({ violating: twice, reference: once }))[0]?.evidence[0]?.value, 2);
});

const healthy: readonly { readonly name: string; readonly answers: readonly Answer[] }[] = [
  { name: 'servers side by side, which are hedged', answers: [{ at: [10, 60], ...failed }, { at: [12, 62] }] },
  {
    name: 'a redirect that the client follows',
    answers: [{ at: [10, 60], attributes: { 'http.response.status_code': 302 } }, { at: [70, 120] }],
  },
  {
    name: 'a login challenge',
    answers: [{ at: [10, 60], attributes: { 'http.response.status_code': 401 } }, { at: [70, 120] }],
  },
  {
    name: 'a client that asks one service after another',
    answers: [
      { at: [10, 60], by: ['auth', 'Check'] },
      { at: [70, 120], by: ['cart', 'Get'] },
      { at: [130, 180], by: ['price', 'Quote'] },
    ],
  },
  { name: 'a client that asks twice', answers: [{ at: [10, 60] }, { at: [70, 120] }] },
];
for (const { name, answers } of healthy) {
  test(`${name}: not retried`, () => {
    const violating = requests(20, () => ask(...answers));
    assert.deepEqual(hiddenRetries.detect(contextOf({ violating, reference: once })), []);
    assert.deepEqual(hiddenRetries.detect(contextOf({ violating, reference: [] })), []);
  });
}

test('what was always so is not news', () => {
  const twice = requests(20, () => ask({ at: [10, 60], ...failed }, { at: [70, 120] }));
  assert.deepEqual(hiddenRetries.detect(contextOf({ violating: twice, reference: twice })), []);
});
