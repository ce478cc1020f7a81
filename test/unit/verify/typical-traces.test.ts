// A run that is slow as a whole is compared with the last passed one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import type { World } from '../../support/recorded-world.ts';
import { call, type DrawnWork, server } from '../../support/request-traces.ts';
import { freshStore, shopVerification, verifyWorld } from '../../support/verified-run.ts';

const requirements = ['{ id: TRC-01, type: latency, source: trace, require: p95 <= 120ms }'];
const verification = shopAt('40/s');

function shopAt(rate: string): Verification {
  return shopVerification(requirements, { phases: [`{ name: peak, rate: ${rate}, duration: 1m }`] });
}

/** checkout asks cart and payments in turn; every request of a run is alike. */
function world(paymentsMs: number): World {
  return {
    phases: [{ name: 'peak', startMs: 0, endMs: 60_000 }],
    requests: Array.from({ length: 2400 }, (_, i) => ({ atMs: i * 25, latencyMs: 60 + paymentsMs })),
    trace(_, random): DrawnWork {
      const cart = 20 + 4 * random();
      const end = 10 + cart + paymentsMs + 4 * random();
      return server('checkout', 'POST /checkout', [0, end + 10], {
        below: [
          call(['checkout', 'cart', 'GET /cart'], [5, 5 + cart]),
          call(['checkout', 'payments', 'POST /charge'], [10 + cart, end]),
        ],
      });
    },
  };
}

function run(id: string, store: RunStore, world: World, of = verification): Promise<Run> {
  return verifyWorld(of, world, store, id);
}

test('what every request loses is found beside the last passed run', async () => {
  const store = freshStore();
  assert.equal((await run('R1', store, world(30))).verdict, 'pass');
  const slow = await run('R2', store, world(180));
  assert.equal(slow.verdict, 'fail');
  const [finding] = slow.attribution.findings;
  assert.deepEqual([finding?.mechanism, finding?.service], ['slow-dependency', 'payments']);
  assert.ok(Math.abs((finding?.effectMs ?? 0) - 150) < 10, String(finding?.effectMs));
});

test('waterfalls and trace ids are of the run, not of its baseline', async () => {
  const store = freshStore();
  await run('R1', store, world(30));
  const slow = await run('R2', store, world(180));
  assert.deepEqual(
    slow.byRequirement[0]?.waterfalls.map(({ role }) => role),
    ['violating'],
  );
});

test('a run under another load is nothing to compare with, and a failed one never becomes a baseline', async () => {
  const store = freshStore();
  await run('R1', store, world(30), shopAt('41/s'));
  await run('R2', store, world(150));
  const slow = await run('R3', store, world(180));
  const effect = slow.attribution.findings.find(({ service }) => service === 'payments')?.effectMs ?? 0;
  // Without anything to compare with, the time itself is all that can be told.
  assert.ok(Math.abs(effect - 150) > 10, String(effect));
});

test('what was typical under another load is forgotten when three newer ones are known', async () => {
  const store = freshStore();
  for (const [at, rate] of ['40/s', '41/s', '42/s', '40/s', '43/s'].entries())
    await run(`R${at}`, store, world(30), shopAt(rate));
  const kept = await store.readState('typical-traces/shop/default');
  const loads = Object.keys(JSON.parse((kept.ok ? kept.value : undefined) ?? '{}'));
  assert.equal(loads.length, 3);
  const slow = async (id: string, rate: string): Promise<number> => {
    const { attribution } = await run(id, store, world(180), shopAt(rate));
    return attribution.findings.find(({ service }) => service === 'payments')?.effectMs ?? 0;
  };
  assert.ok(Math.abs((await slow('S1', '40/s')) - 150) < 10, 'used again since');
  assert.ok(Math.abs((await slow('S2', '41/s')) - 150) > 10, 'the oldest is gone');
});
