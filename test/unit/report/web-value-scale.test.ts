import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ratio } from '../../../src/core/model/units.ts';
import { valueScale } from '../../../web/report/value-scale.ts';
import { clauseWith } from '../../support/run-builder.ts';

test('a value beyond an upper limit stands in the broken stretch, which runs to the right end', () => {
  const scale = valueScale(
    clauseWith({ observed: { value: 412, unit: 'ms', interval: [398, 431], confidence: ratio(0.95) } }),
  );
  assert.ok(scale !== undefined);
  assert.ok(scale.value > scale.limit);
  assert.deepEqual(scale.broken, [scale.limit, 1]);
});

test('for a lower limit the broken stretch is on the left', () => {
  const scale = valueScale(
    clauseWith({
      clause: 'goodput >= 190/s',
      limit: 190,
      observed: { value: 199, unit: '/s', confidence: ratio(0.95) },
    }),
  );
  assert.ok(scale !== undefined);
  assert.ok(scale.value > scale.limit);
  assert.deepEqual(scale.broken, [0, scale.limit]);
});

test('nothing is drawn without a value, a limit, or a number', () => {
  const { observed: _o, ...withoutValue } = clauseWith();
  const { limit: _l, ...withoutLimit } = clauseWith();
  const nan = clauseWith({ observed: { value: Number.NaN, unit: 'ms', confidence: ratio(0.95) } });
  assert.deepEqual(
    [
      withoutValue,
      withoutLimit,
      nan,
      clauseWith({ limit: 0, observed: { value: 0, unit: 'ms', confidence: ratio(0.95) } }),
    ].map(valueScale),
    [undefined, undefined, undefined, undefined],
  );
});

test('everything stays on the bar, in the order of its size', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(number, number, number, number, (a, b, c, limit) => {
      const [low, value, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
      const scale = valueScale(
        clauseWith({ limit, observed: { value, unit: 'ms', interval: [low, high], confidence: ratio(0.95) } }),
      );
      if (scale === undefined) return;
      const points = [scale.value, scale.limit, ...(scale.interval ?? [])];
      assert.ok(
        points.every((point) => point >= -1e-9 && point <= 1 + 1e-9),
        JSON.stringify(scale),
      );
      assert.ok((scale.interval?.[0] ?? 0) <= scale.value && scale.value <= (scale.interval?.[1] ?? 1));
    }),
  );
});
