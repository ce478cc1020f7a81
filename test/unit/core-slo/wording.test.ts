// How numbers are said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../../src/core/slo/statistic-durations.ts';
import { sayCount, sayDuration, sayInterval, sayQuantity, sayShare } from '../../../src/core/slo/wording.ts';

test('quantities have three telling digits and their unit', () => {
  const cases = [
    [sayDuration(412), '412 ms'],
    [sayDuration(0.25), '250 us'],
    [sayDuration(1500), '1.5 s'],
    [sayDuration(720_000), '12 min'],
    [sayDuration(0), '0 ms'],
    [sayShare(0.0234), '2.34%'],
    [sayShare(0.0005), '0.05%'],
    [sayShare(1), '100%'],
    [sayCount(48_013), '48,013'],
    [sayQuantity(10 * 2 ** 20, 'B/h'), '10 MiB/h'],
    [sayQuantity(0.004, 'USD'), '0.004 USD'],
    [sayQuantity(1500, 'tok/s'), '1,500 tok/s'],
    [sayQuantity(Number.NaN, ''), 'not a number'],
  ] as const;
  for (const [said, wanted] of cases) assert.equal(said, wanted);
});

test('an interval says the unit once where it can', () => {
  assert.equal(sayInterval(412, [398, 431], 'ms'), '412 ms (398-431)');
  assert.equal(sayInterval(950, [900, 1100], 'ms'), '950 ms (900 ms to 1.1 s)');
  assert.equal(sayInterval(0.0234, [0.0207, 0.0264], 'ratio'), '2.34% (2.07-2.64)');
  assert.equal(sayInterval(1.2, [1.1, 1.3], ''), '1.2 (1.1 to 1.3)');
  assert.equal(sayInterval(5, undefined, 'ms'), '5 ms');
  assert.equal(sayInterval(1, [-2, 4], 'ms'), '1 ms (-2 to 4)');
  assert.equal(sayInterval(-4, [-4.1, -3.9], 'ratio'), '-400% (-410% to -390%)');
});

test('durations inside statistics', () => {
  assert.equal(parseDuration('300ms'), 300);
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('soon'), undefined);
});
