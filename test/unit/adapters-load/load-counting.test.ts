// What is counted: groups, slices, watches, selections; and how the parts of several workers add up.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Recorders, recorders } from '../../../src/adapters/load/counting/recorders.ts';
import { SliceHistograms } from '../../../src/adapters/load/counting/slice-histograms.ts';
import { mergeParts } from '../../../src/adapters/load/merge-parts.ts';
import { createExchange } from '../../../src/adapters/load/requests/exchange.ts';
import type { Exchange, PhasedStep } from '../../../src/adapters/load/requests/hot-path.ts';
import type { WorkerPart } from '../../../src/adapters/load/workers/worker-protocol.ts';
import { createRandom } from '../../../src/core/load/random.ts';
import { timeline } from '../../../src/core/load/timeline.ts';
import { emptyHistogram } from '../../../src/core/model/histogram-data.ts';
import type { LoadResult, Watch } from '../../../src/core/model/load.ts';
import { millis } from '../../../src/core/model/units.ts';
import type { LoadPlan } from '../../../src/ports/load-engine.ts';
import { loadPlan, phase, rate, step, TRACE_PREFIX, users } from '../../support/load-plan.ts';

const watch = (fields: Partial<Watch> = {}): Watch => ({
  id: 'W',
  phases: ['peak'],
  measure: 'response',
  thresholds: [millis(100), millis(200)],
  slice: millis(500),
  ...fields,
});

const planWith = (fields: Partial<LoadPlan> = {}): LoadPlan =>
  loadPlan({
    target: 'http://shop.test',
    scenarios: [{ name: 'buy', steps: [step({ name: 'cart' }), step({ name: 'pay' })] }],
    phases: [phase('idle', rate(10), 1000), phase('peak', rate(10), 1200)],
    plan: { watches: [watch()], judgedPhases: ['peak'], ...fields },
  });

/** An exchange due at `dueMs` that took `took` from then, sent 1 ms late. */
const exchange = (dueMs: number, took: number, fields: Partial<Exchange> = {}): Exchange => ({
  ...createExchange(undefined as unknown as PhasedStep),
  dueMs,
  sentMs: dueMs + 1,
  firstByteMs: dueMs + took,
  endedMs: dueMs + took,
  status: 200,
  sampled: true,
  hasIds: true,
  bytesReceived: 100,
  ...fields,
});

function partOf(made: Recorders, fields: Partial<WorkerPart> = {}): WorkerPart {
  return {
    phases: [
      { due: 10, sent: 10, dropped: {} },
      { due: 12, sent: 11, dropped: { 'queue-full': 1 } },
    ],
    groups: made.groups(),
    watches: made.watches(),
    uniform: { items: made.uniform.items, seen: made.uniform.seen },
    endedMs: 2300,
    lag: emptyHistogram,
    loopDelay: emptyHistogram,
    cpuSeconds: 0.5,
    peakCpuShare: 0.1,
    maxInFlight: 3,
    connectionsOpened: 2,
    connectionWaits: 5,
    left: 15,
    lastLeftMs: 1400,
    ownLimits: {},
    ...fields,
  };
}

/** Counts exchanges of the peak phase on some workers and merges them. */
function resultOf(plan: LoadPlan, workers: readonly (readonly (readonly ['cart' | 'pay', Exchange])[])[]): LoadResult {
  const phases = timeline(plan.workload.phases, 0);
  const parts = workers.map((exchanges, shard) => {
    const made = recorders(plan, phases, shard);
    const groups = new Map(
      (['cart', 'pay'] as const).map((name) => [name, [0, 1].map((index) => made.recorderOf('buy', name, index))]),
    );
    for (const [name, each] of exchanges) groups.get(name)?.[each.dueMs < 1000 ? 0 : 1]?.record(each);
    return partOf(made);
  });
  return mergeParts(plan, parts, { startUnixMs: 1000, stoppedAtMs: 2200, aborted: undefined, interrupted: false });
}

describe('groups', () => {
  const result = resultOf(planWith(), [
    [
      ['cart', exchange(1000, 10)],
      ['cart', exchange(1499.9, 150, { failure: 'status', status: 500 })],
    ],
    [
      ['cart', exchange(1500, 20)],
      ['cart', exchange(2190, 5)],
      // The last step of the last journey: after the phase, kept in its last slice.
      ['cart', exchange(2400, 5, { failure: 'timeout', status: 0, firstByteMs: -1 })],
      ['pay', exchange(500, 7, { connectMs: 3 })],
    ],
  ]);
  const cart = result.groups.find(({ step, phase }) => step === 'cart' && phase === 'peak');

  it('exist for every step and phase, workers added up', () => {
    assert.deepEqual(
      result.groups.map(({ step, phase, requests }) => `${step} ${phase} ${requests}`),
      ['cart idle 0', 'cart peak 5', 'pay idle 1', 'pay peak 0'],
    );
    assert.deepEqual([cart?.good, cart?.failed, cart?.bytesReceived], [3, 2, 500]);
    assert.deepEqual(
      [cart?.statusCounts, cart?.failureCounts],
      [
        { 200: 3, 500: 1 },
        { status: 1, timeout: 1 },
      ],
    );
  });

  it('have slices by intended start that add up to the whole', () => {
    assert.deepEqual(
      cart?.slices.map(({ startMs, durationMs, requests }) => [startMs, durationMs, requests]),
      [
        [1000, 500, 2],
        [1500, 500, 1],
        [2000, 200, 2],
      ],
    );
    assert.equal(cart?.histograms.response?.count, 5);
    assert.equal(cart?.histograms.response?.max, 150_000);
  });

  it('measure service from the send, lag up to it, the connection when one was opened', () => {
    const pay = result.groups.find(({ step, phase }) => step === 'pay' && phase === 'idle');
    assert.equal(pay?.histograms.service?.max, 6000);
    assert.equal(pay?.histograms.lag?.max, 1000);
    assert.equal(pay?.histograms.connect?.max, 3000);
    assert.equal(cart?.histograms.connect, undefined);
    assert.equal(cart?.histograms.firstByte?.count, 4);
  });
});

describe('the run', () => {
  it('knows its phases, what was planned, sent and dropped', () => {
    const result = resultOf(planWith(), [[], []]);
    assert.deepEqual(
      result.phases.map(({ name, startMs, endMs, plannedArrivals, sentArrivals }) => [
        name,
        startMs,
        endMs,
        plannedArrivals,
        sentArrivals,
      ]),
      [
        ['idle', 0, 1000, 20, 20],
        ['peak', 1000, 2200, 24, 22],
      ],
    );
    assert.deepEqual(result.dropped, [{ phase: 'peak', reason: 'queue-full', count: 2 }]);
    assert.deepEqual(
      [result.generator.cpuSeconds, result.generator.maxInFlight, result.generator.connectionsOpened],
      [1, 6, 4],
    );
    assert.equal(result.generator.connectionWaits, 10);
  });

  it('names users of a closed phase, and the plan of a phase that was cut short', () => {
    const plan = loadPlan({
      target: 'http://shop.test',
      phases: [phase('a', users(5), 1000), phase('b', rate(100), 1000)],
    });
    const made = recorders(plan, timeline(plan.workload.phases, 0), 0);
    const part = partOf(made, {
      phases: [
        { due: 9, sent: 9, dropped: {} },
        { due: 10, sent: 10, dropped: {} },
      ],
    });
    const { phases } = mergeParts(plan, [part], {
      startUnixMs: 0,
      stoppedAtMs: 1100,
      aborted: undefined,
      interrupted: true,
    });
    assert.deepEqual([phases[0]?.users, phases[0]?.plannedArrivals, phases[1]?.plannedArrivals], [5, 9, 100]);
  });

  it('achieved what left, over the time until the last of it did', () => {
    const plan = planWith();
    const made = recorders(plan, timeline(plan.workload.phases, 0), 0);
    const end = { startUnixMs: 0, stoppedAtMs: 2200, aborted: undefined, interrupted: false };
    const rateOf = (...parts: readonly Partial<WorkerPart>[]): number =>
      mergeParts(
        plan,
        parts.map((fields) => partOf(made, fields)),
        end,
      ).generator.achievedRate;
    assert.equal(rateOf({ left: 22, lastLeftMs: 2190 }), 10);
    assert.equal(rateOf({ left: 11, lastLeftMs: 2000 }, { left: 11, lastLeftMs: 4400 }), 5);
  });

  it('blames the generator for connections its own machine refused', () => {
    const plan = planWith();
    const made = recorders(plan, timeline(plan.workload.phases, 0), 0);
    const end = { startUnixMs: 0, stoppedAtMs: 2200, aborted: undefined, interrupted: false };
    const parts = [{ ownLimits: { EMFILE: 2 } }, { ownLimits: { EMFILE: 3, EADDRNOTAVAIL: 1 } }];
    const { generator } = mergeParts(
      plan,
      parts.map((fields) => partOf(made, fields)),
      end,
    );
    assert.equal(generator.healthy, false);
    assert.match(generator.reasons[0] ?? '', /^5 requests got no connection \(EMFILE\).*ulimit -n/);
    assert.match(generator.reasons[1] ?? '', /^1 request got no connection \(EADDRNOTAVAIL\).*ip_local_port_range/);
  });

  it('miss what no worker took up, and the generator says so', () => {
    const { phases, generator } = resultOf(planWith(), [[]]);
    assert.deepEqual([phases[0]?.plannedArrivals, phases[1]?.plannedArrivals], [10, 12]);
    assert.equal(generator.healthy, true, generator.reasons.join());
    const plan = planWith();
    const made = recorders(plan, timeline(plan.workload.phases, 0), 0);
    const part = partOf(made, {
      phases: [
        { due: 10, sent: 10, dropped: {} },
        { due: 7, sent: 7, dropped: {} },
      ],
    });
    const short = mergeParts(plan, [part], {
      startUnixMs: 0,
      stoppedAtMs: 2200,
      aborted: undefined,
      interrupted: false,
    });
    assert.equal(short.phases[1]?.plannedArrivals, 12);
    assert.match(short.generator.reasons.join(), /22\.73% of the planned arrivals were never taken up/);
  });

  it('of a run that was cut short speak of the time it had', () => {
    const plan = planWith();
    const made = recorders(plan, timeline(plan.workload.phases, 0), 0);
    const part = partOf(made, {
      phases: [
        { due: 10, sent: 10, dropped: {} },
        { due: 5, sent: 5, dropped: {} },
      ],
    });
    const end = { startUnixMs: 0, stoppedAtMs: 1500, aborted: undefined, interrupted: true };
    const { generator } = mergeParts(plan, [part], end);
    assert.deepEqual([generator.plannedRate, generator.achievedRate, generator.healthy], [10, 10, true]);
  });
});

describe('watches', () => {
  const watched = (
    fields: Partial<Watch>,
    exchanges: readonly (readonly ['cart' | 'pay', Exchange])[],
    more: Partial<LoadPlan> = {},
  ) => resultOf(planWith({ watches: [watch(fields)], ...more }), [exchanges]).watches[0]!;

  it('count exactly what exceeds each threshold; failed requests exceed all', () => {
    const result = watched({}, [
      ['cart', exchange(1000, 100)],
      ['cart', exchange(1001, 100.001)],
      ['pay', exchange(1600, 250)],
      ['cart', exchange(1700, 1, { failure: 'reset', status: 0 })],
      ['cart', exchange(10, 999)],
    ]);
    assert.deepEqual([result.requests, result.failed, result.over], [4, 1, [3, 2]]);
    assert.deepEqual(result.slices, [
      { startMs: 1000, phase: 'peak', requests: 2, failed: 0, over: [1, 0] },
      { startMs: 1500, phase: 'peak', requests: 2, failed: 1, over: [2, 2] },
      { startMs: 2000, phase: 'peak', requests: 0, failed: 0, over: [0, 0] },
    ]);
    assert.equal(result.histogram.count, 4);
  });

  it('may be narrowed to a step and a scenario', () => {
    const both = [
      ['cart', exchange(1000, 300)],
      ['pay', exchange(1000, 300)],
    ] as const;
    assert.equal(watched({ step: 'pay' }, both).requests, 1);
    assert.equal(watched({ scenario: 'other' }, both).requests, 0);
  });

  it('select the worst, and uniform samples of violators and compliers, of judged and sampled requests only', () => {
    const slow = Array.from({ length: 50 }, (_, i) => ['cart', exchange(1000 + i, 101 + i)] as const);
    const fast = Array.from({ length: 50 }, (_, i) => ['cart', exchange(1000 + i, 5)] as const);
    const unsampled = ['cart', exchange(1000, 9999, { sampled: false })] as const;
    const idle = ['cart', exchange(10, 9999)] as const;
    const refused = ['cart', exchange(1000, 9999, { failure: 'connect', status: 0 })] as const;
    const { selection } = watched({ phases: ['idle', 'peak'] }, [...slow, ...fast, unsampled, idle, refused]);
    assert.deepEqual(
      selection.worst.map(({ scheduledAt, endedAt }) => Math.round(endedAt - scheduledAt)),
      [150, 149, 148, 147, 146],
    );
    assert.equal(selection.violators.length, 5);
    assert.ok(selection.violators.every(({ scheduledAt, endedAt }) => endedAt - scheduledAt > 100));
    assert.ok(selection.compliers.every(({ scheduledAt, endedAt }) => endedAt - scheduledAt < 6));
    assert.equal(selection.compliers.length, 5);
    assert.ok(
      selection.worst.every(
        ({ traceId, spanId }) => traceId.startsWith(TRACE_PREFIX) && traceId.length === 32 && spanId.length === 16,
      ),
    );
  });

  it('take failures as the violators where no threshold is given', () => {
    const { selection } = watched({ thresholds: [] }, [
      ['cart', exchange(1000, 5000)],
      ['cart', exchange(1000, 5, { failure: 'status', status: 503 })],
    ]);
    assert.deepEqual(
      selection.violators.map(({ outcome }) => outcome),
      [{ kind: 'reply', status: 503, good: false }],
    );
    assert.equal(selection.compliers.length, 1);
  });

  it('hold a request to further bounds; one without the value exceeds them', () => {
    const stream = { firstTokenMs: 1300, lastTokenMs: 1400, gapsMs: [50, 50], outputTokens: 3, inputTokens: 5 };
    const result = watched({ bounds: [{ measure: 'ttft', atMost: millis(200) }], thresholds: [millis(10_000)] }, [
      ['cart', exchange(1000, 500, { stream })],
      ['cart', exchange(1150, 500, { stream })],
      ['cart', exchange(1150, 500)],
    ]);
    assert.deepEqual([result.requests, result.over, result.boundsApplied], [3, [2], true]);
  });

  it('count every gap between tokens as one of its own', () => {
    const stream = { firstTokenMs: 1100, lastTokenMs: 1400, gapsMs: [10, 150, 300], outputTokens: 4, inputTokens: 5 };
    const result = watched({ measure: 'itl' }, [['cart', exchange(1000, 500, { stream })]]);
    assert.deepEqual([result.requests, result.over, result.histogram.count], [3, [2, 1], 3]);
  });

  it('leave out requests that have no such value', () => {
    assert.equal(watched({ measure: 'connect' }, [['cart', exchange(1000, 5)]]).requests, 0);
  });
});

describe('the uniform sample', () => {
  it('holds judged requests of all workers, each as likely', () => {
    const many = Array.from({ length: 400 }, (_, i) => ['cart', exchange(1000 + i, 5)] as const);
    const result = resultOf(planWith(), [many, many.slice(0, 100)]);
    assert.equal(result.uniform.length, 10);
    assert.ok(result.uniform.every(({ phase }) => phase === 'peak'));
  });
});

describe('slice histograms', () => {
  it('find stragglers of slices that were packed long ago', () => {
    const slices = new SliceHistograms();
    for (let slice = 0; slice < 20; slice += 1) slices.record(slice, 1000 + slice);
    slices.record(2, 7);
    slices.record(19, 8);
    assert.deepEqual([slices.data(2).count, slices.data(2).min, slices.data(2).max], [2, 7, 1002]);
    assert.deepEqual(slices.data(7).sum, 1007);
    assert.deepEqual(slices.data(25), emptyHistogram);
  });

  it('hold every value, however the slices come in turn', () => {
    const slices = new SliceHistograms();
    const wanted = Array.from({ length: 12 }, () => ({ count: 0, sum: 0 }));
    const random = createRandom(7);
    for (let i = 0; i < 20_000; i += 1) {
      // Replies to requests of up to eight slices come at the same time.
      const newest = Math.min(11, Math.floor(i / 1500));
      const slice = Math.max(0, newest - Math.floor(random.next() * 8));
      const value = Math.floor(random.next() * 1e6);
      slices.record(slice, value);
      wanted[slice]!.count += 1;
      wanted[slice]!.sum += value;
      // A look in the middle of the run changes nothing.
      if (i % 4999 === 0) slices.data(slice);
    }
    assert.deepEqual(
      wanted.map((_, slice) => ({ count: slices.data(slice).count, sum: slices.data(slice).sum })),
      wanted,
    );
  });
});
