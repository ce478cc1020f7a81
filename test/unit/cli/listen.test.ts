// Why the service's port cannot be had, and what to do then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../../src/cli/listen.ts';

test('a port that is taken asks for another port', async () => {
  const first = await listen('127.0.0.1', 0);
  assert.ok(first.ok);
  const second = await listen('127.0.0.1', first.value.port);
  first.value.close();
  assert.deepEqual(second, { ok: false, error: 'the port is taken; choose another with --port' });
});

test('an address of another machine asks for another host', async () => {
  const elsewhere = await listen('192.0.2.1', 0);
  assert.match(elsewhere.ok ? '' : elsewhere.error, /this machine does not have that address; --host names/);
});
