// The bank's contract: sized by the first seconds, blind to what comes later.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contractedCapacity } from '../../../demo/kit/contracted-capacity.ts';

/** Waits of requests that arrive evenly at `perSecond` from `fromMs` to `toMs`. */
function offer(
  capacity: ReturnType<typeof contractedCapacity>,
  perSecond: number,
  fromMs: number,
  toMs: number,
): readonly number[] {
  const waits: number[] = [];
  for (let at = fromMs; at < toMs; at += 1_000 / perSecond) waits.push(capacity.waitMs(at));
  return waits;
}

describe('contracted capacity', () => {
  test('is unlimited in the first twelve seconds', () => {
    assert.equal(Math.max(...offer(contractedCapacity(), 20, 0, 12_000)), 0);
  });

  test('carries the load it was sized for without waiting', () => {
    const capacity = contractedCapacity();
    offer(capacity, 10, 0, 12_000);
    assert.equal(Math.max(...offer(capacity, 10, 12_000, 30_000)), 0);
  });

  test('falls behind in a rush of twice the load, by more the longer it lasts', () => {
    const capacity = contractedCapacity();
    offer(capacity, 10, 0, 12_000);
    const waits = offer(capacity, 20, 12_000, 16_000);
    // 80 requests at 16 a second take 5 s, and 4 s have passed.
    assert.ok(Math.abs((waits.at(-1) ?? 0) - 1_000) < 100, `waited ${waits.at(-1)} ms`);
  });

  test('never keeps a request waiting longer than a minute', () => {
    const capacity = contractedCapacity();
    offer(capacity, 1, 0, 12_000);
    assert.ok(Math.max(...offer(capacity, 200, 12_000, 24_000)) <= 60_000);
  });
});
