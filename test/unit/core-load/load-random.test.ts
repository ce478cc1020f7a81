// Seeded numbers, weighted choices, reservoirs and worst-of lists.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom, hashUnit } from '../../../src/core/load/random.ts';
import { createReservoir, createWorstList, mergeReservoirs } from '../../../src/core/load/reservoir.ts';
import { weightedChoice } from '../../../src/core/load/weighted-choice.ts';

describe('random', () => {
  it('repeats from its seed, also above 32 bits', () => {
    const draw = (seed: number): readonly number[] => {
      const random = createRandom(seed);
      return [random.next(), random.next(), random.next()];
    };
    assert.deepEqual(draw(42), draw(42));
    assert.notDeepEqual(draw(42), draw(42 + 2 ** 32));
    assert.notDeepEqual(draw(42), draw(-42));
  });

  it('spreads evenly, as a stream and as a hash', () => {
    const random = createRandom(7);
    for (const source of [() => random.next(), (i: number) => hashUnit(7, i)]) {
      const bins = new Array<number>(16).fill(0);
      for (let i = 0; i < 160_000; i += 1) bins[Math.floor(source(i) * 16)]! += 1;
      for (const count of bins) assert.ok(Math.abs(count - 10_000) < 500, `${bins}`);
    }
  });
});

describe('weighted choice', () => {
  it('gives every index its share and never one of weight 0', () => {
    const choose = weightedChoice([8, 0, 2, 0]);
    const seen = [0, 0, 0, 0];
    for (let i = 0; i < 1000; i += 1) seen[choose(i / 1000)]! += 1;
    assert.deepEqual(seen, [800, 0, 200, 0]);
  });
});

describe('reservoir', () => {
  it('holds every item of the stream with the same chance', () => {
    const kept = new Array<number>(50).fill(0);
    const random = createRandom(1);
    for (let round = 0; round < 4000; round += 1) {
      const reservoir = createReservoir<number>(10, random);
      for (let i = 0; i < 50; i += 1) if (reservoir.offer()) reservoir.put(i);
      assert.equal(reservoir.items.length, 10);
      for (const item of reservoir.items) kept[item]! += 1;
    }
    for (const count of kept) assert.ok(Math.abs(count - 800) < 130, `${kept}`);
  });

  it('keeps nothing when its size is 0, but counts', () => {
    const reservoir = createReservoir<number>(0, createRandom(1));
    assert.deepEqual([reservoir.offer(), reservoir.offer(), reservoir.seen], [false, false, 2]);
  });

  it('merges parts in proportion to what they saw', () => {
    const random = createRandom(2);
    let fromLarge = 0;
    for (let round = 0; round < 2000; round += 1) {
      const merged = mergeReservoirs(
        [
          { items: ['a', 'a', 'a', 'a', 'a'], seen: 900 },
          { items: ['b', 'b', 'b', 'b', 'b'], seen: 100 },
        ],
        5,
        random,
      );
      assert.equal(merged.length, 5);
      fromLarge += merged.filter((item) => item === 'a').length;
    }
    assert.ok(Math.abs(fromLarge / 10_000 - 0.9) < 0.02, `${fromLarge}`);
  });

  it('merges parts smaller than the wanted size completely', () => {
    const merged = mergeReservoirs(
      [
        { items: [1], seen: 1 },
        { items: [2, 3], seen: 2 },
        { items: [], seen: 0 },
      ],
      8,
      createRandom(1),
    );
    assert.deepEqual(merged.toSorted(), [1, 2, 3]);
  });
});

describe('worst list', () => {
  it('keeps the largest keys, largest first', () => {
    const worst = createWorstList<string>(3);
    for (const key of [5, 1, 9, 7, 2, 8]) if (worst.accepts(key)) worst.put(key, `k${key}`);
    assert.deepEqual(
      worst.items().map((entry) => entry.item),
      ['k9', 'k8', 'k7'],
    );
    assert.equal(worst.accepts(7), false);
    assert.equal(createWorstList(0).accepts(1e9), false);
  });
});
