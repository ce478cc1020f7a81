// What detectors decide by: differences within cohorts, change points, the scalability law.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { onsetOf } from '../../../../src/core/trace/mechanisms/shared/onset.ts';
import { stratifiedDifference } from '../../../../src/core/trace/mechanisms/shared/stratified-difference.ts';
import { tally } from '../../../../src/core/trace/mechanisms/shared/tally.ts';
import { fitUsl } from '../../../../src/core/trace/mechanisms/shared/usl-fit.ts';
import { contextOf, requests, server } from '../../../support/request-traces.ts';

/** One key, one stratum. */
function compared(violating: readonly number[], reference: readonly number[]) {
  const moments = (values: readonly number[]) => ({
    sum: Float64Array.of(values.reduce((sum, value) => sum + value, 0)),
    squares: Float64Array.of(values.reduce((sum, value) => sum + value * value, 0)),
  });
  const sums = { violating: moments(violating), reference: moments(reference) };
  return stratifiedDifference(sums, [{ violating: violating.length, reference: reference.length }], 1);
}

describe('differences', () => {
  test('means of both sides', () => {
    const { violating, reference } = compared([4, 6], [1, 3]);
    assert.deepEqual([violating[0], reference[0]], [5, 2]);
  });

  test('equal samples differ by nothing', () => {
    assert.equal(compared([1, 2, 3], [1, 2, 3]).certainty[0], 0);
  });

  test('few clear-cut values are believed, few scattered ones are not', () => {
    const clear = compared([520, 530, 540, 555], [7, 8]).certainty[0] ?? 0;
    const scattered = compared([20, 530, 40, 300], [7, 180]).certainty[0] ?? 0;
    assert.ok(clear > 3, String(clear));
    assert.ok(scattered < 2, String(scattered));
  });

  test('the sign is that of the difference', () => {
    const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { certainty, violating, reference } = compared(a, b);
        const difference = (violating[0] ?? 0) - (reference[0] ?? 0);
        return Number.isFinite(certainty[0]) && (certainty[0] ?? 0) * difference >= 0;
      }),
    );
  });

  test('a different mix of requests is no difference', () => {
    const browse = () => server('shop', 'GET /', [0, 10]);
    const buy = () => server('shop', 'POST /buy', [0, 500]);
    const context = contextOf({
      violating: [...requests(25, buy), ...requests(5, browse)],
      reference: [...requests(5, buy), ...requests(25, browse)],
    });
    const sums = tally(context, 1, (trace, add) => {
      const entry = context.prepared.entry[trace] ?? 0;
      add(0, ((context.prepared.end[entry] ?? 0) - (context.prepared.start[entry] ?? 0)) / 1e6);
    });
    assert.ok(Math.abs((sums.violating[0] ?? 0) - (sums.reference[0] ?? 0)) < 1e-9);
  });
});

describe('onset', () => {
  const context = contextOf({
    violating: requests(40, () => server('shop', 'GET /', [0, 100])),
    reference: requests(40, () => server('shop', 'GET /', [0, 10])),
  });

  test('is the first violating request after the share rose', () => {
    const onset = onsetOf(
      context,
      [...context.atMs.keys()].filter((trace) => (context.atMs[trace] ?? 0) >= 1500),
    );
    assert.equal(onset, 1500);
  });

  test('without a rise it is the first one that shows it', () => {
    const { violating } = context;
    const everyOther = Array.from(violating.traces).filter((_, at) => at % 2 === 0);
    const only = { ...context, reference: { traces: new Uint32Array(), weight: new Float64Array() } };
    assert.equal(onsetOf(only, everyOther), 0);
  });

  test('is unknown for a single sighting', () => {
    assert.equal(onsetOf(context, [50]), undefined);
  });
});

describe('universal scalability law', () => {
  const law = (gain: number, contention: number, coherence: number) => (concurrency: number) => ({
    concurrency,
    throughput:
      (gain * concurrency) / (1 + contention * (concurrency - 1) + coherence * concurrency * (concurrency - 1)),
  });

  test('finds the coefficients it was drawn from', () => {
    const fit = fitUsl([1, 2, 4, 8, 16, 32].map(law(50, 0.05, 0.001)));
    assert.ok(fit !== undefined);
    assert.ok(Math.abs(fit.gain - 50) < 0.01 && Math.abs(fit.contention - 0.05) < 1e-4);
    assert.ok(Math.abs((fit.peakConcurrency ?? 0) - Math.sqrt(0.95 / 0.001)) < 0.1);
  });

  test('what only contends never peaks', () => {
    assert.equal(fitUsl([1, 2, 4, 8, 16, 32].map(law(50, 0.05, 0)))?.peakConcurrency, undefined);
  });

  test('two concurrencies are too few', () => {
    assert.equal(fitUsl([1, 2, 2].map(law(50, 0.05, 0.001))), undefined);
  });
});
