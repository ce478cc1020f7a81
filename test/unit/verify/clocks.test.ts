// The same thing by other clocks: the server's spans beside the client's times, Little's law beside a gauge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import type { World } from '../../support/recorded-world.ts';
import { type DrawnWork, server } from '../../support/request-traces.ts';
import { freshStore, shopVerification, verifyWorld } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

async function judge(requirement: string, world: Partial<World>): Promise<Verdict> {
  const phases = [{ name: 'peak', startMs: 0, endMs: 300_000 }];
  const run = await verifyWorld(
    shopVerification([requirement]),
    { requests: traffic(), phases, ...world },
    freshStore(),
    '1',
  );
  const [verdict] = run.verdicts;
  assert.ok(verdict);
  return verdict;
}

/** A gateway that waits for the checkout: both are server spans. */
const behindGateway = (gatewayMs: number, checkoutMs: number) => (): DrawnWork =>
  server('gateway', 'POST /checkout', [1, 1 + gatewayMs], {
    below: [server('checkout', 'POST /checkout', [2, 2 + checkoutMs])],
  });

test('the entry span is a vantage point beside the client', async () => {
  const whole = await judge('{ id: L-1, type: latency, require: p95 <= 300ms }', { trace: behindGateway(50, 40) });
  assert.equal(whole.vantage?.traceRoot, 50);
  assert.deepEqual(whole.notes, []);
});

test('what the server does not account for is the network or a queue', async () => {
  const verdict = await judge('{ id: L-1, type: latency, require: p95 <= 300ms }', { trace: behindGateway(20, 10) });
  assert.match(
    verdict.notes.join(),
    /^where: network-or-queue: .* sampled requests took at the client, the entry span accounts for 20 ms$/,
  );
});

const inFlight = '{ id: C-1, type: concurrency, where: { service: checkout }, require: max in_flight <= 120 }';

/** The gauge, and the seconds that the requests of five seconds took together. */
const counting = (gauge: number, busy: number | undefined): Partial<World> => ({
  answer: (query) => {
    if (query.includes('active_requests')) return [() => gauge];
    return busy === undefined ? [] : [() => busy];
  },
});

test("a service's gauge is held against its own durations", async () => {
  assert.deepEqual((await judge(inFlight, counting(10, 50))).notes, []);
  const doubted = await judge(inFlight, counting(10, 200));
  assert.equal(doubted.verdict, 'pass');
  assert.match(doubted.notes.join(), /^by Little's law 40 requests should be in progress .* the gauge says 10/);
});

test('a law that could not be checked is said', async () => {
  const verdict = await judge(inFlight, counting(10, undefined));
  assert.equal(verdict.verdict, 'pass');
  assert.match(verdict.notes.join(), /^Little's law was not checked/);
});
