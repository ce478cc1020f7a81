// What holds for every schedule and histogram.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arrivalSchedule, expectedArrivals } from '../../src/core/load/arrival-schedule.ts';
import { bucketOf, createHistogram, mergeData, record, toData } from '../../src/core/load/histogram.ts';
import { parseTemplate } from '../../src/core/load/template.ts';
import { timeline } from '../../src/core/load/timeline.ts';
import { bucketHigh, bucketLow, countAbove, quantileOf } from '../../src/core/model/histogram-data.ts';
import type { HistogramData } from '../../src/core/model/load.ts';
import { millis, perSecond } from '../../src/core/model/units.ts';
import type { Phase } from '../../src/core/model/workload.ts';

const rates = fc.integer({ min: 0, max: 400 }).map((rate) => rate / 4);
const phases = (arrivals: fc.Arbitrary<'constant' | 'poisson'>): fc.Arbitrary<readonly Phase[]> =>
  fc.array(
    fc.record({ from: rates, to: rates, duration: fc.integer({ min: 1, max: 20_000 }), arrivals }).map(
      ({ from, to, duration, arrivals }): Phase => ({
        name: 'p',
        role: 'load',
        duration: millis(duration),
        pace: { kind: 'rate', from: perSecond(from), to: perSecond(to), arrivals },
      }),
    ),
    { minLength: 1, maxLength: 5 },
  );

function walk(plan: readonly Phase[], seed: number, shard: number, shards: number) {
  const cursor = arrivalSchedule({ phases: timeline(plan, 100), seed, shard, shards });
  const found: { dueMs: number; phase: number; index: number }[] = [];
  while (cursor.advance()) found.push({ dueMs: cursor.dueMs, phase: cursor.phase, index: cursor.index });
  return found;
}

describe('every schedule', () => {
  it('stays inside its phases and never goes back', () => {
    fc.assert(
      fc.property(phases(fc.constantFrom('constant', 'poisson')), fc.nat(), (plan, seed) => {
        const timed = timeline(plan, 100);
        let last = 0;
        for (const { dueMs, phase } of walk(plan, seed, 0, 1)) {
          const { startMs, endMs } = timed[phase]!;
          assert.ok(dueMs >= startMs && dueMs <= endMs, `${dueMs} in ${startMs}..${endMs}`);
          assert.ok(dueMs >= last);
          last = dueMs;
        }
      }),
    );
  });

  it('holds as many constant arrivals as the integral of the rate, whatever the phases', () => {
    fc.assert(
      fc.property(phases(fc.constant('constant')), (plan) => {
        const whole = timeline(plan, 100).reduce((sum, phase) => sum + expectedArrivals(phase), 0);
        const count = walk(plan, 1, 0, 1).length;
        assert.ok(count >= whole - 1e-6 && count <= whole + 1 + 1e-6, `${count} of ${whole}`);
      }),
    );
  });

  it('is the union of its shards', () => {
    fc.assert(
      fc.property(
        phases(fc.constantFrom('constant', 'poisson')),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (plan, seed, shards) => {
          const union = Array.from({ length: shards }, (_, shard) => walk(plan, seed, shard, shards)).flat();
          assert.deepEqual(
            union.toSorted((a, b) => a.index - b.index),
            walk(plan, seed, 0, 1),
          );
        },
      ),
    );
  });
});

const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 5000 })), {
  minLength: 1,
  maxLength: 200,
});
const histogramOf = (numbers: readonly number[]): HistogramData => {
  const histogram = createHistogram();
  for (const value of numbers) record(histogram, value);
  return toData(histogram);
};

describe('every histogram', () => {
  it('puts a value into the bucket that holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        const bucket = bucketOf(value);
        assert.ok(bucketLow(bucket) <= value && value <= bucketHigh(bucket));
      }),
    );
  });

  it('has quantiles that never fall, lie between the extremes and are within 0.4 % of the true one', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const data = histogramOf(numbers);
        const sorted = numbers.toSorted((a, b) => a - b);
        let last = -1;
        for (const q of [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
          const value = quantileOf(data, q) as number;
          assert.ok(value >= last && value >= data.min && value <= data.max);
          const rank = q === 0 ? 0 : Math.max(1, Math.ceil(q * numbers.length - 1e-9)) - 1;
          const truth = sorted[rank] as number;
          assert.ok(Math.abs(value - truth) <= 0.5 + truth * 0.004, `${value} for ${truth}`);
          last = value;
        }
      }),
    );
  });

  it('merges as if all values had come together', () => {
    fc.assert(
      fc.property(values, values, (a, b) =>
        assert.deepEqual(mergeData([histogramOf(a), histogramOf(b)]), histogramOf([...a, ...b])),
      ),
    );
  });

  it('never counts a value above a limit that is not', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (numbers, limit) => {
        const { least: above } = countAbove(histogramOf(numbers), limit);
        assert.ok(above <= numbers.filter((value) => value > limit).length);
        assert.ok(above >= numbers.filter((value) => value > limit * (1 + 1 / 128)).length);
      }),
    );
  });
});

describe('every template', () => {
  it('parses or says where it is wrong, and keeps text without ${ as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseTemplate(text);
        if (!parsed.ok) assert.ok(parsed.error.offset >= 0 && text.startsWith('${', parsed.error.offset));
        else if (!text.includes('${')) assert.deepEqual(parsed.value, text === '' ? [] : [{ kind: 'text', text }]);
      }),
    );
  });
});
