// Time between a call and its answer: network, pool, processor - told apart by which half grows, how evenly, and by metrics.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cpuStarvation } from '../../../../src/core/trace/mechanisms/cpu-starvation.ts';
import type { MechanismContext } from '../../../../src/core/trace/mechanisms/mechanism.ts';
import { networkDelay } from '../../../../src/core/trace/mechanisms/network-delay.ts';
import { poolWait } from '../../../../src/core/trace/mechanisms/pool-wait.ts';
import type { ResourceChange } from '../../../../src/core/trace/metrics/metric-corroboration.ts';
import { call, client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

interface Gaps {
  readonly before: number;
  readonly after: number;
  readonly work?: number;
}

/** checkout asks pricing, which works for `work` ms and is reached `before` ms late; its answer comes `after` ms late. */
function checkout({ before, after, work = 30 }: Gaps): DrawnWork {
  const end = 5 + before + work + after;
  return server('checkout', 'POST /checkout', [0, end + 5], {
    below: [call(['checkout', 'pricing', 'POST /prices'], [5, end], { within: [5 + before, 5 + before + work] })],
  });
}

const healthy = requests(30, (jitter) => checkout({ before: 1 + jitter / 10, after: 1, work: 30 + jitter }));

function against(
  gaps: (jitter: number, at: number) => Gaps,
  resources: readonly ResourceChange[] = [],
): MechanismContext {
  const violating = requests(30, (jitter, at) => checkout({ work: 30 + jitter, ...gaps(jitter, at) }));
  return contextOf({ violating, reference: healthy, resources });
}

function change(given: Partial<ResourceChange> & Pick<ResourceChange, 'signal' | 'metric'>): ResourceChange {
  return { service: 'pricing', reference: 0.2, observed: 0.9, score: 8, ...given };
}

describe('network delay', () => {
  test('the same delay on every packet, either way', () => {
    const [found] = networkDelay.detect(against((jitter) => ({ before: 90 + jitter, after: 100 + jitter })));
    assert.equal(found?.service, 'pricing');
    assert.deepEqual(found?.edge, { caller: 'checkout', callee: 'pricing', operation: 'POST /prices' });
    assert.ok(Math.abs((found?.effectMs ?? 0) - 192) < 5, String(found?.effectMs));
  });

  test('only the answers are late', () => {
    const found = networkDelay.detect(against(() => ({ before: 1, after: 200 })));
    assert.equal(found[0]?.mechanism, 'network-delay');
    assert.deepEqual(poolWait.detect(against(() => ({ before: 1, after: 200 }))), []);
  });

  const negatives: readonly { readonly name: string; readonly context: MechanismContext }[] = [
    { name: 'nothing changed', context: against(() => ({ before: 1, after: 1 })) },
    { name: 'the work takes longer, not the way', context: against(() => ({ before: 1, after: 1, work: 230 })) },
    {
      name: 'delays of anything between nothing and much: a process that waits for the processor',
      context: against((_, at) => ({ before: (at * 13) % 200, after: (at * 29) % 150 })),
    },
    {
      name: 'an even delay, but the callee has no processor time left',
      context: against(
        () => ({ before: 90, after: 100 }),
        [change({ signal: 'cpu', metric: 'process_cpu_seconds_total' })],
      ),
    },
    {
      name: 'the callee is late and slow alike',
      context: against(() => ({ before: 60, after: 60, work: 160 })),
    },
  ];
  for (const { name, context } of negatives) {
    test(`is not named when ${name}`, () => {
      assert.deepEqual(networkDelay.detect(context), []);
    });
  }
});

describe('pool wait', () => {
  test('calls wait before the callee sees them, and it works as fast as ever', () => {
    const [found] = poolWait.detect(against((_, at) => ({ before: 50 + 10 * (at % 10), after: 1 })));
    assert.equal(found?.mechanism, 'pool-wait');
    assert.equal(found?.confidence, 'medium');
    assert.equal(found?.corroborated, false);
  });

  test("the caller's waiting requests confirm it", () => {
    const pending = change({
      service: 'checkout',
      signal: 'pool-waiting',
      metric: 'http_client_pending_requests',
      reference: 0,
      observed: 12,
    });
    const [found] = poolWait.detect(against((_, at) => ({ before: 50 + 10 * (at % 10), after: 1 }), [pending]));
    assert.equal(found?.confidence, 'high');
    assert.equal(found?.detail, 'http_client_pending_requests');
  });

  test('calls that give up in line leave only the pool to tell', () => {
    const pending = change({
      service: 'checkout',
      signal: 'pool-waiting',
      metric: 'http_client_pending_requests',
      reference: 0,
      observed: 300,
    });
    const inLine = (jitter: number): DrawnWork =>
      server('checkout', 'POST /checkout', [0, 510 + jitter], {
        below: [client('checkout', 'POST', [5, 505 + jitter], { attributes: { 'peer.service': 'pricing' } })],
      });
    const usual = (jitter: number): DrawnWork =>
      server('checkout', 'POST /checkout', [0, 60 + jitter], {
        below: [
          client('checkout', 'POST', [5, 55 + jitter], {
            attributes: { 'peer.service': 'pricing' },
            below: [server('pricing', 'POST /quotes', [6, 54 + jitter])],
          }),
        ],
      });
    const drawn = { violating: requests(30, inLine), reference: requests(30, usual) };
    assert.deepEqual(poolWait.detect(contextOf(drawn)), []);
    const [found] = poolWait.detect(contextOf({ ...drawn, resources: [pending] }));
    assert.equal(found?.service, 'pricing');
    assert.equal(found?.corroborated, true);
  });

  test('a callee whose event loop is as late as its callers wait has no pool problem', () => {
    const late = change({
      signal: 'event-loop',
      metric: 'nodejs_eventloop_lag_mean_seconds',
      reference: 0.01,
      observed: 0.15,
    });
    assert.deepEqual(poolWait.detect(against(() => ({ before: 100, after: 1 }), [late])), []);
  });

  test('an event loop that is late by a fraction of the wait does not explain it away', () => {
    const hardlyLate = change({
      signal: 'event-loop',
      metric: 'nodejs_eventloop_lag_p99_seconds',
      reference: 0.02,
      observed: 0.04,
    });
    assert.equal(poolWait.detect(against(() => ({ before: 100, after: 1 }), [hardlyLate])).length, 1);
  });
});

describe('CPU starvation', () => {
  const starved = (_: number, at: number): Gaps => ({ before: (at * 13) % 60, after: 2, work: 60 + ((at * 17) % 90) });

  test('is named with a metric that says so', () => {
    const cpu = change({ signal: 'cpu', metric: 'process_cpu_seconds_total' });
    const [found] = cpuStarvation.detect(against(starved, [cpu]));
    assert.equal(found?.service, 'pricing');
    assert.equal(found?.corroborated, true);
    assert.equal(found?.detail, 'process_cpu_seconds_total');
  });

  test('is never guessed without one', () => {
    assert.deepEqual(cpuStarvation.detect(against(starved)), []);
  });

  test('needs more than a wobble, and the right service', () => {
    const wobble = change({
      signal: 'cpu',
      metric: 'process_cpu_seconds_total',
      reference: 0.5,
      observed: 0.55,
      score: 4,
    });
    const elsewhere = change({ service: 'cart', signal: 'cpu', metric: 'process_cpu_seconds_total' });
    assert.deepEqual(cpuStarvation.detect(against(starved, [wobble, elsewhere])), []);
  });

  test('a share of capacity counts by what it does to waiting', () => {
    const some = change({ signal: 'cpu', metric: 'cpu_utilization', utilisation: { reference: 0.1, observed: 0.35 } });
    const much = change({ signal: 'cpu', metric: 'cpu_utilization', utilisation: { reference: 0.3, observed: 0.9 } });
    assert.deepEqual(cpuStarvation.detect(against(starved, [some])), []);
    assert.equal(cpuStarvation.detect(against(starved, [much])).length, 1);
  });

  test('a resource that is used up speaks for itself, however unsteady it was before', () => {
    const unsteady = (reference: number, observed: number): ResourceChange =>
      change({ signal: 'event-loop', metric: 'eventloop_utilization', score: 2, utilisation: { reference, observed } });
    assert.equal(cpuStarvation.detect(against(starved, [unsteady(0.4, 1)])).length, 1);
    assert.deepEqual(cpuStarvation.detect(against(starved, [unsteady(0.8, 0.9)])), []);
    assert.deepEqual(cpuStarvation.detect(against(starved, [unsteady(0.3, 0.7)])), []);
  });
});
