// Safety limits, the generator's verdict on itself, prompts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GeneratorFacts, generatorHealth } from '../../../src/core/load/generator-health.ts';
import { addData, createHistogram, record, toData } from '../../../src/core/load/histogram.ts';
import { packHistogram, unpackHistogram } from '../../../src/core/load/packed-histogram.ts';
import { promptSource } from '../../../src/core/load/prompts.ts';
import { createRandom } from '../../../src/core/load/random.ts';
import { type SafetyInterval, safetyWatch } from '../../../src/core/load/safety-watch.ts';
import type { HistogramData } from '../../../src/core/model/load.ts';
import { millis, perSecond, ratio } from '../../../src/core/model/units.ts';
import type { PromptPlan, SafetyLimits } from '../../../src/core/model/workload.ts';

const of = (count: number, microseconds: number): HistogramData => {
  const histogram = createHistogram();
  for (let i = 0; i < count; i += 1) record(histogram, microseconds);
  return toData(histogram);
};

const limits: SafetyLimits = {
  errorRate: { above: 0.5, for: millis(3000) },
  p99: { above: millis(1000), for: millis(2000) },
  maxRate: perSecond(1e5),
  maxInFlight: 1,
  maxConnections: 1,
};

/** Runs seconds through a watch; the second it breaks and the words. */
function firstBreak(seconds: readonly Partial<SafetyInterval>[]): string | undefined {
  const watch = safetyWatch(limits);
  for (const [at, fields] of seconds.entries()) {
    const { requests = 0, failed = 0, response = of(requests, 1000), overdue = 0 } = fields;
    const broken = watch.check({ startMs: at * 1000, endMs: (at + 1) * 1000, requests, failed, response, overdue });
    if (broken !== undefined) return `${at + 1}s: ${broken}`;
  }
  return undefined;
}

describe('safety watch', () => {
  const bad = { requests: 10, failed: 6 };
  const good = { requests: 10, failed: 5 };

  it('breaks when errors stay above their limit for its time', () => {
    assert.equal(firstBreak([good, bad, bad, bad, bad]), '4s: errorRate > 50% for 3s');
  });

  it('starts anew after a second within the limit', () => {
    assert.equal(firstBreak([bad, bad, good, bad, bad, good]), undefined);
  });

  it('is neither calmed nor alarmed by a second without any reply', () => {
    assert.equal(firstBreak([bad, {}, bad]), undefined);
    assert.equal(firstBreak([bad, {}, bad, bad]), '4s: errorRate > 50% for 3s');
    assert.equal(firstBreak([{}, {}, {}, {}]), undefined);
  });

  it('breaks on p99, counting requests that are already too late without a reply', () => {
    const slow = { requests: 10, response: of(10, 1_500_000) };
    assert.equal(firstBreak([slow, slow]), '2s: p99 > 1s for 2s');
    assert.equal(firstBreak([{ overdue: 10 }, { overdue: 12 }]), '2s: p99 > 1s for 2s');
    assert.equal(
      firstBreak([
        { requests: 200, overdue: 1 },
        { requests: 200, overdue: 1 },
      ]),
      undefined,
    );
  });

  it('does not end a slow run for one failed or slow request', () => {
    const failed = { requests: 1, failed: 1 };
    const slow = { requests: 1, response: of(1, 1_500_000) };
    const fine = { requests: 1, failed: 0 };
    for (const one of [failed, slow])
      assert.equal(firstBreak([fine, one, {}, {}, {}, {}, {}, {}, {}, fine]), undefined);
  });

  it('ends a slow run when ten requests in a row have failed or were slow', () => {
    const spread = (one: Partial<SafetyInterval>) => Array.from({ length: 40 }, (_, at) => (at % 3 === 0 ? one : {}));
    assert.equal(firstBreak(spread({ requests: 1, failed: 1 })), '28s: errorRate > 50% for 3s');
    assert.equal(firstBreak(spread({ requests: 1, response: of(1, 1_500_000) })), '28s: p99 > 1s for 2s');
  });

  it('ends a run whose target answers nothing at all, however few requests are overdue', () => {
    const fine = { requests: 1, failed: 0 };
    const hung = { overdue: 1 };
    assert.equal(firstBreak([fine, {}, hung, hung, hung, hung]), '4s: p99 > 1s for 2s');
    // Others are answered meanwhile: one that hangs is one of them all.
    assert.equal(firstBreak(Array(10).fill({ requests: 60, overdue: 1 })), undefined);
    assert.equal(firstBreak([fine, hung, hung, fine, hung, hung, fine]), undefined);
  });
});

describe('generator health', () => {
  const fine: GeneratorFacts = {
    plannedArrivals: 1000,
    takenUp: 1000,
    hasPlannedRate: true,
    sentArrivals: 990,
    seconds: 10,
    sendingSeconds: 10,
    ownLimits: {},
    lag: of(1000, 900),
    loopDelay: of(500, 1500),
    cpuSeconds: 1,
    peakCpuShare: 0.3,
    spins: false,
    maxInFlight: 5,
    connectionsOpened: 3,
    connectionWaits: 0,
  };

  it('is good when every figure is within its limit', () => {
    const health = generatorHealth(fine);
    assert.deepEqual([health.healthy, health.reasons, health.plannedRate, health.achievedRate], [true, [], 100, 99]);
    assert.equal(Math.round(health.lagP99 * 10), 9);
  });

  it('knows no planned rate of users', () => {
    assert.equal('plannedRate' in generatorHealth({ ...fine, hasPlannedRate: false }), false);
  });

  const cases: Record<string, readonly [Partial<GeneratorFacts>, RegExp]> = {
    'requests that leave late': [
      { lag: of(100, 30_000) },
      /30\.\d ms after their intended start.*limit 20 ms.*not the target/,
    ],
    'a blocked event loop': [{ loopDelay: of(100, 80_000) }, /event loop was held up 80\.\d ms.*limit 50 ms/],
    'a whole core used': [{ peakCpuShare: 0.97 }, /used 97% of a core \(limit 95%\)/],
    'arrivals never taken up': [{ takenUp: 990 }, /1\.00% of the planned arrivals/],
  };
  for (const [what, [facts, reason]] of Object.entries(cases)) {
    it(`blames itself for ${what}`, () => {
      const health = generatorHealth({ ...fine, ...facts });
      assert.equal(health.healthy, false);
      assert.match(health.reasons.join(), reason);
    });
  }

  it('is as strict as the document says, about its event loop too', () => {
    const late = { ...fine, lag: of(100, 55_000), loopDelay: of(100, 55_000) };
    assert.ok(generatorHealth({ ...late, lagLimitMs: 60 }).healthy);
    assert.match(generatorHealth({ ...late, lagLimitMs: 10 }).reasons.join(), /limit 10 ms[\s\S]*limit 50 ms/);
  });

  it('does not mind a whole core where the scheduler spins', () => {
    assert.ok(generatorHealth({ ...fine, peakCpuShare: 1, spins: true }).healthy);
  });
});

describe('packed histogram', () => {
  it('is the same histogram', () => {
    const histogram = createHistogram();
    for (const value of [1, 1, 300, 70_000, 2 ** 31]) record(histogram, value);
    assert.deepEqual(unpackHistogram(packHistogram(histogram)), toData(histogram));
    assert.deepEqual(unpackHistogram(packHistogram(createHistogram())), toData(createHistogram()));
  });

  it('holds counts of any size', () => {
    const histogram = createHistogram();
    const counts = [1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1];
    const data = { buckets: counts.map((_, i) => 5 + 400 * i), counts, count: 9, sum: 8, min: 5, max: 2 ** 31 };
    addData(histogram, data);
    assert.deepEqual(unpackHistogram(packHistogram(histogram)), toData(histogram));
  });

  it('takes about two bytes a bucket', () => {
    const histogram = createHistogram();
    const random = createRandom(3);
    for (let i = 0; i < 10_000; i += 1) record(histogram, 100 * Math.exp(4 * random.next()));
    const { buckets } = toData(histogram);
    assert.ok(buckets.length > 400, `${buckets.length}`);
    assert.ok(packHistogram(histogram).bytes.length < 2.3 * buckets.length);
  });
});

describe('prompts', () => {
  const plan: PromptPlan = {
    model: 'm',
    inputTokens: { p50: 500, p95: 2000 },
    outputTokens: { max: 10, ignoreEos: false },
    sharedPrefix: ratio(0.4),
    seed: 7,
  };

  it('have the lengths of their distribution', () => {
    const prompt = promptSource(plan);
    const lengths = Array.from({ length: 4000 }, (_, i) => prompt(i).tokens).sort((a, b) => a - b);
    assert.ok(Math.abs((lengths[2000] as number) / 500 - 1) < 0.08, `p50 ${lengths[2000]}`);
    assert.ok(Math.abs((lengths[3800] as number) / 2000 - 1) < 0.12, `p95 ${lengths[3800]}`);
  });

  it('share their beginning and differ after it', () => {
    const prompt = promptSource(plan);
    const [a, b] = [prompt(1), prompt(2)];
    const words = [a.text.split(' '), b.text.split(' ')] as const;
    const shared = Math.floor(Math.min(a.tokens, b.tokens) * 0.4);
    assert.deepEqual(words[0].slice(0, shared), words[1].slice(0, shared));
    assert.notDeepEqual(words[0].slice(Math.floor(a.tokens * 0.4)), words[1].slice(Math.floor(b.tokens * 0.4)));
    assert.equal(words[0].length, a.tokens);
  });

  it('repeat from their seed', () => {
    assert.equal(promptSource(plan)(3).text, promptSource(plan)(3).text);
    assert.notEqual(promptSource({ ...plan, seed: 8 })(3).text, promptSource(plan)(3).text);
  });
});
