// A machine that is too busy to generate load on time proves nothing: the test says so and stops, and fails where it must not be skipped (CI).
import assert from 'node:assert/strict';
import process from 'node:process';
import type { TestContext } from 'node:test';
import type { ResultDocument } from '../../src/report/result-document.ts';

/** Whether the test was skipped. */
export function skipWhenBusy(t: TestContext, { generator }: ResultDocument): boolean {
  if (generator === undefined || generator.healthy) return false;
  const reason = `this machine is too busy for load on time: ${generator.reasons.join('; ')}`;
  assert.ok(!process.env['CI'], reason);
  t.skip(reason);
  return true;
}
