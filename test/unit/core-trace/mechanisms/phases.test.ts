// Mechanisms that need the course of the load or of a resource: metastable failure, saturation, memory growth, cold start.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadPhase } from '../../../../src/core/trace/mechanisms/mechanism.ts';
import { memoryGrowth } from '../../../../src/core/trace/mechanisms/memory-growth.ts';
import { metastable } from '../../../../src/core/trace/mechanisms/metastable.ts';
import { saturation } from '../../../../src/core/trace/mechanisms/saturation.ts';
import type { ResourceChange } from '../../../../src/core/trace/metrics/metric-corroboration.ts';
import { call, client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

function charge(attempts: number): DrawnWork {
  return server('payments', 'POST /payments', [0, attempts * 110 + 10], {
    below: Array.from({ length: attempts }, (_, at) =>
      client('payments', 'POST', [5 + at * 110, 105 + at * 110], {
        failed: at < attempts - 1,
        attributes: { 'peer.service': 'bank', ...(at < attempts - 1 ? { 'error.type': 'timeout' } : {}) },
      }),
    ),
  });
}

const healthy = requests(40, () => charge(1));

describe('metastable failure', () => {
  const phases = (recovery: Partial<LoadPhase>, steady: Partial<LoadPhase> = {}): readonly LoadPhase[] => [
    { name: 'steady', role: 'load', startMs: -4000, endMs: 0, ratePerSecond: 20, goodPerSecond: 20, ...steady },
    { name: 'rush', role: 'load', startMs: 0, endMs: 1000, ratePerSecond: 60, goodPerSecond: 10 },
    {
      name: 'recovery',
      role: 'recovery',
      startMs: 1000,
      endMs: 6000,
      ratePerSecond: 20,
      goodPerSecond: 5,
      ...recovery,
    },
  ];
  const violating = requests(40, () => charge(3));
  const detect = (given: readonly LoadPhase[]) =>
    metastable.detect(contextOf({ violating, reference: healthy, phases: given, startMs: (at) => at * 140 }));

  test('retries keep a system down that carried this load before', () => {
    const [found] = detect(phases({}));
    assert.equal(found?.edge?.callee, 'bank');
    assert.equal(found?.confidence, 'high');
    assert.equal(found?.onsetMs, 1000);
    assert.equal(found?.evidence.find(({ name }) => name === 'goodput after the load was back')?.value, 0.25);
  });

  test('a load that is back by plan is back, though chance sent a third more', () => {
    const planned = phases({ ratePerSecond: 27, plannedPerSecond: 20 }, { plannedPerSecond: 20 });
    assert.equal(detect(planned.map((each) => ({ plannedPerSecond: 60, ...each }))).length, 1);
  });

  const negatives: readonly { readonly name: string; readonly given: readonly LoadPhase[] }[] = [
    { name: 'without phases nobody knows', given: [] },
    { name: 'goodput is back', given: phases({ goodPerSecond: 19.5 }) },
    { name: 'the load is not back', given: phases({ ratePerSecond: 50 }) },
    { name: 'the load was never carried', given: phases({}, { goodPerSecond: 4 }) },
  ];
  for (const { name, given } of negatives) {
    test(`is not named when ${name}`, () => {
      assert.deepEqual(detect(given), []);
    });
  }

  test('is not named when nothing sustains it: what piled up is being worked off', () => {
    const backlog = requests(40, () =>
      server('payments', 'POST /payments', [0, 900], {
        below: [client('payments', 'POST', [800, 890], { attributes: { 'peer.service': 'bank' } })],
      }),
    );
    const context = contextOf({
      violating: backlog,
      reference: healthy,
      phases: phases({}),
      startMs: (at) => at * 140,
    });
    assert.deepEqual(metastable.detect(context), []);
  });
});

describe('saturation', () => {
  const slow = requests(30, (jitter) => server('shop', 'GET /', [0, 300 + jitter]));
  const quick = requests(30, (jitter) => server('shop', 'GET /', [0, 20 + jitter]));
  const level = (ratePerSecond: number, goodPerSecond: number, p50Ms: number): LoadPhase => ({
    name: String(ratePerSecond),
    role: 'load',
    startMs: 0,
    endMs: 1,
    ratePerSecond,
    goodPerSecond,
    p50Ms,
  });
  const detect = (phases: readonly LoadPhase[]) =>
    saturation.detect(contextOf({ violating: slow, reference: quick, phases }));

  test('latency runs away where throughput does not follow', () => {
    const [found] = detect([level(50, 50, 20), level(100, 100, 22), level(200, 104, 400)]);
    assert.equal(found?.service, 'shop');
    assert.equal(found?.evidence[0]?.value, 100);
  });

  test('a peak of the scalability law inside what was tested', () => {
    const usl = (n: number): number => (20 * n) / (1 + 0.02 * (n - 1) + 0.002 * n * (n - 1));
    const levels = [1, 4, 8, 16, 32, 64].map((n) => level(n * 20, usl(n), (n / usl(n)) * 1000));
    const [found] = detect(levels);
    assert.ok((found?.evidence[0]?.value ?? 0) > 150 && (found?.evidence[0]?.value ?? 0) < 250);
  });

  test('throughput that keeps up is not saturated', () => {
    assert.deepEqual(detect([level(50, 50, 20), level(100, 100, 45), level(200, 200, 60)]), []);
  });
});

describe('memory growth', () => {
  const ask = (cartMs: number, jitter: number): DrawnWork =>
    server('shop', 'GET /', [0, cartMs + 20 + jitter], {
      below: [call(['shop', 'cart', 'GET /cart'], [5, cartMs + 10 + jitter])],
    });
  const slow = requests(30, (jitter) => ask(100, jitter));
  const quick = requests(30, (jitter) => ask(10, jitter));
  const memory = (service: string, first: number, last: number): ResourceChange => ({
    service,
    signal: 'memory',
    metric: 'nodejs_heap_size_used_bytes',
    reference: Number.NaN,
    observed: last,
    score: 0,
    floor: { first: first * 1e6, last: last * 1e6 },
  });
  const others = [memory('shop', 40, 42), memory('stock', 40, 41)];

  test('what stays in memory grows, and the service slows down', () => {
    const [found] = memoryGrowth.detect(
      contextOf({ violating: slow, reference: quick, resources: [memory('cart', 40, 160), ...others] }),
    );
    assert.equal(found?.service, 'cart');
    assert.equal(found?.confidence, 'high');
    assert.ok(Math.abs((found?.effectMs ?? 0) - 90) < 2);
  });

  test('a service that others wait for on the way to it is not slowed by what it holds, unless its process is busy', () => {
    const reached = (lateMs: number, jitter: number): DrawnWork =>
      server('shop', 'GET /', [0, lateMs + 30 + jitter], {
        below: [
          call(['shop', 'cart', 'GET /cart'], [5, lateMs + 20 + jitter], {
            within: [lateMs + 6, lateMs + 14 + jitter],
          }),
        ],
      });
    const drawn = {
      violating: requests(30, (jitter) => reached(100, jitter)),
      reference: requests(30, (jitter) => reached(5, jitter)),
    };
    const grown = [memory('cart', 40, 160), ...others];
    const busy: ResourceChange = {
      service: 'cart',
      signal: 'event-loop',
      metric: 'nodejs_eventloop_lag_mean_seconds',
      reference: 0.02,
      observed: 0.2,
      score: 40,
    };
    const shareOf = (resources: readonly ResourceChange[]): number | undefined =>
      memoryGrowth.detect(contextOf({ ...drawn, resources }))[0]?.share;
    assert.equal(shareOf(grown), 0);
    assert.ok((shareOf([...grown, busy]) ?? 0) > 0.9);
  });

  test('a service that holds what waits for somebody else does not leak', () => {
    const waiting: ResourceChange = {
      service: 'ads',
      signal: 'pool-waiting',
      metric: 'http_client_connection_pending_requests',
      reference: 1,
      observed: 400,
      score: 70,
    };
    const found = (service: string, last: number) => {
      const resources = [memory(service, 40, last), { ...waiting, service }, ...others];
      return memoryGrowth
        .detect(contextOf({ violating: slow, reference: quick, resources }))
        .map((each) => each.service);
    };
    assert.deepEqual(found('ads', 160), [], 'nobody is slower for it');
    assert.deepEqual(found('cart', 52), [], 'no more than what waits');
    assert.deepEqual(found('cart', 160), ['cart'], 'far more than what waits');
  });

  test('what a process once needed and keeps is no growth while its heap holds no more', () => {
    const resident = { ...memory('cart', 40, 160), metric: 'process_resident_memory_bytes' };
    const detect = (resources: readonly ResourceChange[]) =>
      memoryGrowth.detect(contextOf({ violating: slow, reference: quick, resources }));
    assert.deepEqual(detect([resident, memory('cart', 40, 41), ...others]), []);
    assert.equal(detect([resident, ...others])[0]?.service, 'cart');
  });

  test('growth that slows nobody is told, with little weight', () => {
    const [found] = memoryGrowth.detect(
      contextOf({ violating: slow, reference: quick, resources: [memory('ads', 40, 160), ...others] }),
    );
    assert.equal(found?.service, 'ads');
    assert.equal(found?.confidence, 'low');
    assert.equal(found?.share, 0);
  });

  test('when everybody grows nobody leaks', () => {
    const all = [memory('cart', 40, 80), memory('shop', 40, 82), memory('stock', 40, 79)];
    assert.deepEqual(memoryGrowth.detect(contextOf({ violating: slow, reference: quick, resources: all })), []);
  });
});
