// Lock contention: who leaves one by one, and who only seems to.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lockContention } from '../../../../src/core/trace/mechanisms/lock-contention.ts';
import type { ResourceChange } from '../../../../src/core/trace/metrics/metric-corroboration.ts';
import { call, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

const holdMs = 40;

/** A reservation that takes `ms` in the service. */
function reservation(ms: number): DrawnWork {
  return server('shop', 'POST /buy', [0, ms + 10], {
    below: [call(['shop', 'stock', 'POST /reservations'], [2, ms + 8], { within: [4, ms + 4] })],
  });
}

const undisturbed = requests(40, (jitter) => reservation(holdMs + jitter / 5));

/** One every 25 ms, for a lock that is held for 40: each waits 15 ms longer than the one before. */
const queued = requests(60, (_, at) => reservation(holdMs + at * (holdMs - 25)));

describe('lock contention', () => {
  test('requests that come together leave one after another, a hold time apart', () => {
    const context = contextOf({ violating: queued, reference: undisturbed, startMs: (at) => at * 25 });
    const [found] = lockContention.detect(context);
    assert.equal(found?.service, 'stock');
    assert.equal(found?.operation, 'POST /reservations');
    const distance = found?.evidence.find(({ name }) => name === 'time between departures')?.value ?? 0;
    assert.ok(Math.abs(distance - holdMs) < 1, String(distance));
  });

  test('a lock that is held far longer than a visit used to take is still one', () => {
    const quick = requests(40, (jitter) => reservation(8 + jitter / 5));
    const context = contextOf({ violating: queued, reference: quick, startMs: (at) => at * 25 });
    const [found] = lockContention.detect(context);
    assert.equal(found?.service, 'stock');
    const undisturbedMs = found?.evidence.find(({ name }) => name === 'undisturbed visit')?.value ?? 0;
    assert.ok(undisturbedMs >= holdMs, String(undisturbedMs));
  });

  test('independent slowness of each request is no lock', () => {
    const slow = requests(60, (_, at) => reservation(300 + ((at * 37) % 90)));
    assert.deepEqual(
      lockContention.detect(contextOf({ violating: slow, reference: undisturbed, startMs: (at) => at * 25 })),
      [],
    );
  });

  test('a steady stream of equally slow requests leaves at even distances too, but not a visit apart', () => {
    const steady = requests(60, () => reservation(400));
    assert.deepEqual(
      lockContention.detect(contextOf({ violating: steady, reference: undisturbed, startMs: (at) => at * 25 })),
      [],
    );
  });

  test('a busy processor serves one after another without any lock', () => {
    const cpu: ResourceChange = {
      service: 'stock',
      signal: 'cpu',
      metric: 'process_cpu_seconds_total',
      reference: 0.2,
      observed: 0.99,
      score: 9,
    };
    const context = contextOf({
      violating: queued,
      reference: undisturbed,
      startMs: (at) => at * 25,
      resources: [cpu],
    });
    assert.deepEqual(lockContention.detect(context), []);
  });
});
