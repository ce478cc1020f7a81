// Retries: as many as the policy says, only where trying again can help.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PeerError, statusFor } from '../../../demo/kit/peer-error.ts';
import { withRetries } from '../../../demo/kit/with-retries.ts';

const policy = { timeoutMs: 100, attempts: 3, backoffMs: 0 };
const late = new PeerError('bank', 'timeout', 'no answer within 100 ms');
const overloaded = new PeerError('bank', 'status', 'answered 503', 503);
const broken = new PeerError('fraud', 'status', 'answered 500', 500);

async function attemptsUntilGivingUp(error: unknown): Promise<number> {
  let attempts = 0;
  await assert.rejects(
    withRetries(
      policy,
      async () => {
        attempts += 1;
        throw error;
      },
      () => undefined,
    ),
    (thrown) => thrown === error,
  );
  return attempts;
}

describe('with retries', () => {
  const cases: readonly (readonly [sentence: string, error: unknown, attempts: number])[] = [
    ['a late peer is asked again', late, 3],
    ['an overloaded peer is asked again', overloaded, 3],
    ['a broken peer is not', broken, 1],
    ['a mistake of our own is not', new Error('bug'), 1],
  ];
  for (const [sentence, error, attempts] of cases)
    test(sentence, async () => assert.equal(await attemptsUntilGivingUp(error), attempts));

  test('ends with the first success and counts only what came after the first attempt', async () => {
    let attempts = 0;
    let retries = 0;
    const result = await withRetries(
      policy,
      async () => {
        attempts += 1;
        if (attempts < 2) throw late;
        return 'paid';
      },
      () => {
        retries += 1;
      },
    );
    assert.deepEqual([result, attempts, retries], ['paid', 2, 1]);
  });
});

describe('status for', () => {
  test('passes on lateness and overload, and calls a broken peer a bad gateway', () => {
    assert.deepEqual([late, overloaded, broken, new Error('bug')].map(statusFor), [504, 503, 502, 500]);
  });
});
