// Exit codes are an interface: scripts rely on each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, worstExitCode } from '../../../src/cli/exit-codes.ts';
import type { RunStatus } from '../../../src/core/model/run.ts';
import type { VerdictName } from '../../../src/core/model/verdict.ts';
import { defaultFailOn } from '../../../src/report/default-fail-on.ts';
import { runWith } from '../../support/run-builder.ts';

const cases: readonly (readonly [string, VerdictName, RunStatus, number])[] = [
  ['a passed run', 'pass', 'completed', 0],
  ['a run with warnings', 'warn', 'completed', 0],
  ['a failed requirement', 'fail', 'completed', 1],
  ['an inconclusive run', 'inconclusive', 'completed', 3],
  ['a run that could not look', 'error', 'completed', 4],
  ['a run that could not be made', 'error', 'failed', 4],
  ['a run that a safety limit ended', 'fail', 'aborted', 5],
  ['a run that the user ended', 'inconclusive', 'interrupted', 130],
];
for (const [name, verdict, status, code] of cases) {
  test(`${name} exits ${code}`, () => {
    assert.equal(exitCodeOf({ ...runWith(), verdict, status }, defaultFailOn), code);
  });
}

test('--fail-on decides which verdicts are not 0', () => {
  const run = { ...runWith(), status: 'completed' as const };
  assert.equal(exitCodeOf({ ...run, verdict: 'warn' }, ['fail', 'warn']), 1);
  assert.equal(exitCodeOf({ ...run, verdict: 'inconclusive' }, ['fail']), 0);
});

test('of several runs the worst code counts', () => {
  assert.equal(worstExitCode([0, 3, 1]), 1);
  assert.equal(worstExitCode([1, 4]), 4);
  assert.equal(worstExitCode([0, 0]), 0);
  assert.equal(worstExitCode([5, 130]), 130);
});
