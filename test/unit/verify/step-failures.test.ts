// What a run's record says of why requests failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadGroup } from '../../../src/core/model/load.ts';
import type { StepFailure } from '../../../src/core/model/run.ts';
import type { LoadEngine } from '../../../src/ports/load-engine.ts';
import { worldBackends } from '../../support/recorded-world.ts';
import { freshStore, shopVerification, verifyWith } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

/** Five minutes at 40/s of which the load engine says this. */
async function failuresOf(said: Partial<LoadGroup>): Promise<readonly StepFailure[] | undefined> {
  const world = worldBackends({
    phases: [{ name: 'peak', startMs: 0, endMs: 300_000 }],
    requests: traffic({ failed: said.failed === 0 ? 0 : 0.01 }),
  });
  const load: LoadEngine = {
    drive: async (plan, options) => {
      const driven = await world.load.drive(plan, options);
      if (!driven.ok) return driven;
      return {
        ok: true,
        value: { ...driven.value, groups: driven.value.groups.map((group) => ({ ...group, ...said })) },
      };
    },
  };
  const verification = shopVerification(['{ id: E, title: t, type: errors, require: rate <= 5% }']);
  const run = await verifyWith(verification, { ...world, load, store: freshStore() }, '01');
  return run.steps[0]?.failures;
}

test('refused statuses are told apart, other kinds say what the first of them said', async () => {
  const said = {
    statusCounts: { 200: 900, 404: 20, 500: 148 },
    failureCounts: { status: 168, timeout: 30 },
    failureMessages: { status: 'status 500', timeout: 'no complete reply within 30000 ms' },
  };
  assert.deepEqual(await failuresOf(said), [
    { what: 'status 500', count: 148 },
    { what: 'timeout', count: 30, message: 'no complete reply within 30000 ms' },
    { what: 'status 404', count: 20 },
  ]);
});

test('where a document expects other statuses, the count and the first are told', async () => {
  const said = {
    statusCounts: { 200: 900, 404: 20 },
    failureCounts: { status: 900 },
    failureMessages: { status: 'status 200' },
  };
  assert.deepEqual(await failuresOf(said), [{ what: 'status', count: 900, message: 'status 200' }]);
});

test('of a step without failures nothing is said', async () => {
  assert.equal(await failuresOf({ failed: 0 }), undefined);
});
