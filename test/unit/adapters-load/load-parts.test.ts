// The small parts of the engine: queue, heap, sampler, feeds, warm-up, threads, arrivals, live view.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DueHeap } from '../../../src/adapters/load/journeys/due-heap.ts';
import { feedCursors, sharedRowCounts } from '../../../src/adapters/load/journeys/feed-cursors.ts';
import { createJourney } from '../../../src/adapters/load/journeys/journey.ts';
import { RequestQueue } from '../../../src/adapters/load/lanes/request-queue.ts';
import { LiveView } from '../../../src/adapters/load/live-view.ts';
import type { CompiledScenario, PhasedStep } from '../../../src/adapters/load/requests/hot-path.ts';
import { createSampler } from '../../../src/adapters/load/requests/sampler.ts';
import { arrivals } from '../../../src/adapters/load/schedule/arrivals.ts';
import { connectionsAhead, warmUpPhase } from '../../../src/adapters/load/schedule/warm-up.ts';
import { threadCount } from '../../../src/adapters/load/workers/thread-count.ts';
import { createHistogram, record } from '../../../src/core/load/histogram.ts';
import { packHistogram } from '../../../src/core/load/packed-histogram.ts';
import { createRandom } from '../../../src/core/load/random.ts';
import { timeline } from '../../../src/core/load/timeline.ts';
import type { LoadSnapshot } from '../../../src/core/model/load.ts';
import type { LoadPlan } from '../../../src/ports/load-engine.ts';
import { loadPlan, phase, rate, step, users } from '../../support/load-plan.ts';

describe('request queue', () => {
  const waitsAtMost = (timeout: number): PhasedStep => ({ step: { source: { timeout } } }) as unknown as PhasedStep;
  it('gives back in order, through growth and around its end', () => {
    const queue = new RequestQueue(5000);
    const phased = waitsAtMost(1000);
    let pushed = 0;
    let shifted = 0;
    for (let round = 0; round < 40; round += 1) {
      for (let i = 0; i < 100; i += 1) queue.push(phased, pushed++, undefined);
      for (let i = 0; i < 60; i += 1) {
        assert.equal(queue.headDueMs, shifted++);
        queue.shift();
      }
    }
    assert.equal(queue.length, pushed - shifted);
    while (queue.length > 0) {
      assert.equal(queue.headDueMs, shifted++);
      queue.shift();
    }
  });

  it('knows when it is full', () => {
    const queue = new RequestQueue(2);
    queue.push(waitsAtMost(1000), 1, undefined);
    assert.equal(queue.isFull, false);
    queue.push(waitsAtMost(1000), 2, undefined);
    assert.equal(queue.isFull, true);
  });
});

describe('requests that wait in vain', () => {
  const waitsAtMost = (timeout: number): PhasedStep => ({ step: { source: { timeout } } }) as unknown as PhasedStep;
  const queueOf = (...timeouts: readonly number[]): RequestQueue => {
    const queue = new RequestQueue(5000);
    for (const [dueMs, timeout] of timeouts.entries()) queue.push(waitsAtMost(timeout), dueMs, undefined);
    return queue;
  };
  const dueOf = (queue: RequestQueue): readonly number[] => {
    const due: number[] = [];
    for (; queue.length > 0; queue.shift()) due.push(queue.headDueMs);
    return due;
  };

  it('leave the queue when their time is over, and no sooner', () => {
    const queue = queueOf(10, 10, 10, 10);
    assert.deepEqual(queue.takeExpired(10), []);
    assert.deepEqual(
      queue.takeExpired(11.5).map(({ dueMs }) => dueMs),
      [0, 1],
    );
    assert.deepEqual(dueOf(queue), [2, 3]);
  });

  it('do not wait for those before them that may wait longer; the others keep their order', () => {
    const queue = queueOf(100, 10, 100, 10, 500);
    const expired = queue.takeExpired(50);
    assert.deepEqual(
      expired.map(({ dueMs, phased }) => [dueMs, phased.step.source.timeout]),
      [
        [1, 10],
        [3, 10],
      ],
    );
    assert.deepEqual(dueOf(queue), [0, 2, 4]);
  });
});

describe('due heap', () => {
  it('gives back the soonest first', () => {
    const heap = new DueHeap();
    const random = createRandom(3);
    const due = Array.from({ length: 500 }, () => Math.floor(random.next() * 100));
    for (const at of due) heap.push(at, createJourney({} as CompiledScenario, at));
    const found: number[] = [];
    while (heap.size > 0) {
      const { nextMs } = heap;
      assert.equal(heap.pop()?.user, nextMs);
      found.push(nextMs);
    }
    assert.deepEqual(
      found,
      due.toSorted((a, b) => a - b),
    );
    assert.deepEqual([heap.nextMs, heap.pop()], [Number.POSITIVE_INFINITY, undefined]);
  });
});

describe('sampler', () => {
  const sampledOf = (share: number, perSecond: number, ratePerSecond: number, seconds: number): readonly number[] => {
    const sampler = createSampler(share, perSecond, createRandom(1));
    const counts = new Array<number>(seconds).fill(0);
    for (let i = 0; i < ratePerSecond * seconds; i += 1) {
      const nowMs = (i * 1000) / ratePerSecond;
      if (sampler.next(nowMs)) counts[Math.floor(nowMs / 1000)]! += 1;
    }
    return counts;
  };

  it('takes all when all are wanted and allowed', () => {
    assert.deepEqual(sampledOf(1, 1000, 500, 3), [500, 500, 500]);
  });

  it('takes its share', () => {
    const [, second = 0] = sampledOf(0.2, 1000, 1000, 3);
    assert.ok(Math.abs(second - 200) < 50, `${second}`);
  });

  it('holds the most allowed a second, spread over the second', () => {
    const counts = sampledOf(1, 100, 20_000, 5);
    for (const count of counts.slice(1)) assert.ok(count > 60 && count <= 130, `${counts}`);
    assert.ok((counts[0] as number) <= 200, `${counts}`);
  });

  it('saves up for one where less than one a second is allowed', () => {
    const counts = sampledOf(1, 0.5, 100, 60);
    const sum = counts.reduce((total, count) => total + count, 0);
    assert.ok(sum >= 8 && sum <= 31, `${sum} in 60 s`);
  });

  it('takes none when none are wanted', () => {
    assert.deepEqual(sampledOf(0, 100, 100, 1), [0]);
    assert.deepEqual(sampledOf(1, 0, 100, 1), [0]);
  });
});

describe('feeds', () => {
  const rows = { users: Array.from({ length: 5 }, (_, i) => ({ name: `u${i}` })) };
  const random = createRandom(1);
  const feed = (order: 'sequential' | 'random' | 'unique') => [{ name: 'users', path: 'users.csv', order }];
  const drawn = (
    order: 'sequential' | 'random' | 'unique',
    shard: number,
    shards: number,
    count: number,
  ): readonly (string | undefined)[] => {
    const cursors = feedCursors(rows, { shard, shards, rowsTaken: sharedRowCounts(feed(order)) });
    return Array.from({ length: count }, () => cursors.take(feed(order), random)?.get('users')?.['name']);
  };

  it('go round in order', () => {
    assert.deepEqual(drawn('sequential', 0, 1, 7), ['u0', 'u1', 'u2', 'u3', 'u4', 'u0', 'u1']);
  });

  it('go round in turns over workers', () => {
    assert.deepEqual(drawn('sequential', 1, 2, 3), ['u1', 'u3', 'u0']);
  });

  it('give each unique row once over all workers, to whoever comes first', () => {
    const rowsTaken = sharedRowCounts(feed('unique'));
    const [one, two] = [0, 1].map((shard) => feedCursors(rows, { shard, shards: 2, rowsTaken }));
    const take = (cursors: typeof one): string | undefined =>
      cursors?.take(feed('unique'), random)?.get('users')?.['name'];
    assert.deepEqual(
      [take(two), take(two), take(one), take(two), take(two), take(one), take(two)],
      ['u0', 'u1', 'u2', 'u3', 'u4', undefined, undefined],
    );
  });

  it('draw at random', () => {
    assert.equal(new Set(drawn('random', 0, 1, 200)).size, 5);
  });
});

describe('warm-up', () => {
  it('ramps to the first phase’s starting rate, not beyond', () => {
    const [ramp] = timeline([phase('ramp', rate(5, 200), 1000)], 500);
    assert.deepEqual(warmUpPhase(ramp, 500)?.pace, rate(0.5, 5));
    assert.equal(warmUpPhase(ramp, 0), undefined);
  });

  it('opens a few connections for small rates, never a crowd for large ones', () => {
    const ahead = (pace: ReturnType<typeof rate>, most = 1000): number =>
      connectionsAhead(timeline([phase('a', pace, 1000)], 0), most);
    assert.deepEqual(
      [ahead(rate(5)), ahead(rate(1000)), ahead(rate(50_000)), ahead(users(300)), ahead(users(300), 50)],
      [2, 20, 128, 300, 50],
    );
  });

  it('comes before the plan, counted apart', () => {
    const phases = timeline([phase('a', rate(10), 300)], 200);
    const found: string[] = [];
    const next = arrivals({ warmUp: warmUpPhase(phases[0], 200), phases, seed: 1, shard: 0, shards: 1 });
    for (; next.nextMs !== Number.POSITIVE_INFINITY; next.advance())
      found.push(`${Math.round(next.nextMs)} ${next.phase} ${next.index}`);
    assert.deepEqual(found, ['0 1 -1', '190 1 -2', '200 0 0', '300 0 1', '400 0 2']);
  });
});

describe('threads', () => {
  const threads = (pace: ReturnType<typeof rate>, cores: number, wanted?: number): number =>
    threadCount(
      loadPlan({
        target: 'http://a',
        scenarios: [{ steps: [step(), step()] }],
        phases: [phase('a', pace, 1)],
        plan: wanted === undefined ? {} : { threads: wanted },
      }),
      cores,
    );

  it('are as many as the plan says', () => {
    assert.equal(threads(rate(1), 2, 7), 7);
  });

  it('are never more than connections', () => {
    const plan = (connections: number, fields: Partial<LoadPlan>): number =>
      threadCount(
        loadPlan({
          target: 'http://a',
          safety: { maxConnections: connections },
          phases: [phase('a', rate(1e6), 1)],
          plan: fields,
        }),
        8,
      );
    assert.deepEqual([plan(1, { threads: 4 }), plan(3, { threads: 4 }), plan(4, { threads: 4 })], [1, 3, 4]);
  });

  it('grow with requests and users, and leave a core alone', () => {
    const plan = (pace: ReturnType<typeof rate>, cores: number): number => {
      const { threads: _, ...rest } = loadPlan({
        target: 'http://a',
        scenarios: [{ steps: [step(), step()] }],
        phases: [phase('a', pace, 1)],
      });
      return threadCount(rest, cores);
    };
    assert.deepEqual(
      [plan(rate(100), 8), plan(rate(30_000), 8), plan(rate(1e6), 8), plan(users(2000), 8), plan(rate(1e6), 1)],
      [1, 3, 7, 4, 1],
    );
  });
});

describe('live view', () => {
  it('shows each second of all workers once, and reports a broken limit once', () => {
    const snapshots: LoadSnapshot[] = [];
    const broken: string[] = [];
    const { workload } = loadPlan({ target: 'http://a', phases: [phase('peak', rate(1), 60_000)], warmUpMs: 500 });
    const view = new LiveView({
      phases: timeline(workload.phases, 500),
      safety: workload.safety,
      onSnapshot: (snapshot) => snapshots.push(snapshot),
      onBroken: (limit, atMs) => broken.push(`${limit} at ${atMs}`),
    });
    const histogram = createHistogram();
    record(histogram, 5000);
    for (let atMs = 250; atMs <= 15_000; atMs += 250) {
      for (const worker of [0, 1]) {
        view.add(worker, {
          atMs,
          requests: 1,
          failed: 1,
          warmUp: { requests: 0, failed: 0 },
          dropped: 0,
          inFlight: 3,
          overdue: 0,
          response: packHistogram(histogram),
        });
      }
    }
    assert.equal(snapshots.length, 15);
    const [first, second] = snapshots;
    assert.deepEqual([first?.phase, first?.phaseEndsMs, first?.endsMs, first?.inFlight], ['peak', 60_500, 60_500, 6]);
    assert.equal((second?.requests ?? 0) - (first?.requests ?? 0), 8);
    assert.equal(second?.rate, 8);
    assert.deepEqual(broken, ['errorRate > 50% for 10s at 10000']);
  });

  it('holds the safety limits in the warm-up, of which it counts nothing', () => {
    const broken: string[] = [];
    let last: LoadSnapshot | undefined;
    const { workload } = loadPlan({ target: 'http://a', phases: [phase('peak', rate(1), 60_000)], warmUpMs: 30_000 });
    const view = new LiveView({
      phases: timeline(workload.phases, 30_000),
      safety: workload.safety,
      onSnapshot: (snapshot) => {
        last = snapshot;
      },
      onBroken: (limit, atMs) => broken.push(`${limit} at ${atMs}`),
    });
    const response = packHistogram(createHistogram());
    const nothing = { requests: 0, failed: 0, dropped: 0, inFlight: 0, overdue: 0, response };
    for (let atMs = 250; atMs <= 12_000; atMs += 250)
      view.add(0, { ...nothing, atMs, warmUp: { requests: 2, failed: 2 } });
    assert.deepEqual(broken, ['errorRate > 50% for 10s at 10000']);
    assert.deepEqual([last?.phase, last?.requests, last?.failed], ['warm-up', 0, 0]);
  });
});
