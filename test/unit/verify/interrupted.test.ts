// A run that somebody stops is no run that came to an end, whenever the stop comes before the verdict.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import type { Backends } from '../../../src/verify/backends.ts';
import type { VerifyOptions } from '../../../src/verify/verify-options.ts';
import { worldBackends } from '../../support/recorded-world.ts';
import { freshStore, shopVerification, verifyWith } from '../../support/verified-run.ts';
import { minutes5, traffic } from '../core-slo/cases/simulated.ts';

const verification = shopVerification([
  '{ id: R1, title: Fast, type: latency, require: p95 <= 300ms, priority: must }',
]);
const world = { requests: traffic({ slow: 0 }), phases: [{ name: 'peak', startMs: 0, endMs: minutes5 }] };

async function stopped(when: 'after the load' | 'after the verdict') {
  const controller = new AbortController();
  const { load, ...others } = worldBackends(world);
  const ending: Backends['load'] = {
    ...load,
    drive: async (...given) => {
      const driven = await load.drive(...given);
      if (when === 'after the load') controller.abort(new Error('interrupted'));
      return driven;
    },
  };
  const onProgress: VerifyOptions['onProgress'] = (progress) => {
    if (progress.kind === 'stage' && progress.stage === 'record') controller.abort(new Error('interrupted'));
  };
  const backends = { ...others, load: ending, store: freshStore() };
  return verifyWith(verification, backends, when, { signal: controller.signal, onProgress });
}

test('stopped in the wait for traces it is interrupted, and says so', async () => {
  const run = await stopped('after the load');
  assert.equal(run.status, 'interrupted');
  assert.match(run.message ?? '', /stopped while telemetry was awaited/);
  assert.equal(exitCodeOf(run, ['fail']), 130);
});

test('stopped once the verdict is there it has come to its end', async () => {
  const run = await stopped('after the verdict');
  assert.equal(run.status, 'completed');
});
