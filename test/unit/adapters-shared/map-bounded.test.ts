import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapBounded } from '../../../src/adapters/shared/map-bounded.ts';

test('results come in the order of the items, with at most so many jobs at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([3, 1, 2, 0, 4], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let i = 0; i < item; i += 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  assert.deepEqual(results, [30, 10, 20, 0, 40]);
  assert.equal(most, 2);
});

test('after a rejection no job is started any more', async () => {
  const started: number[] = [];
  const work = mapBounded([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    await Promise.resolve();
    if (item === 1) throw new Error('no');
  });
  await assert.rejects(work, /no/);
  assert.ok(started.length <= 3, `${started}`);
});
