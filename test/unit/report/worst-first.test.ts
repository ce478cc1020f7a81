import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Priority } from '../../../src/core/model/requirement.ts';
import type { VerdictName } from '../../../src/core/model/verdict.ts';
import { worstFirst } from '../../../src/report/worst-first.ts';
import { verdictWith } from '../../support/run-builder.ts';

const of = (requirement: string, verdict: VerdictName, priority: Priority, margin = 0.1) =>
  verdictWith({ requirement, verdict, priority, margin });

test('broken musts come first, failed before not looked at before undecided; what passed comes last', () => {
  const verdicts = [
    of('info-fail', 'fail', 'info'),
    of('must-pass', 'pass', 'must'),
    of('should-fail', 'fail', 'should'),
    of('must-undecided', 'inconclusive', 'must'),
    of('should-pass', 'pass', 'should'),
    of('must-error', 'error', 'must'),
    of('must-warn', 'warn', 'must'),
    of('must-fail', 'fail', 'must'),
    { ...of('skipped', 'inconclusive', 'must'), skipped: true as const },
  ];
  assert.deepEqual(
    worstFirst(verdicts).map((each) => each.requirement),
    [
      'must-fail',
      'must-error',
      'must-undecided',
      'must-warn',
      'should-fail',
      'info-fail',
      'skipped',
      'must-pass',
      'should-pass',
    ],
  );
});

test('of equal verdicts the smaller margin comes first, one without a margin last, then the id decides', () => {
  const { margin: _none, ...withoutMargin } = of('D', 'fail', 'must');
  const verdicts = [
    withoutMargin,
    of('C', 'fail', 'must', -0.1),
    of('B', 'fail', 'must', -0.4),
    of('A', 'fail', 'must', -0.1),
  ];
  assert.deepEqual(
    worstFirst(verdicts).map((each) => each.requirement),
    ['B', 'A', 'C', 'D'],
  );
});

test('the given list is left as it is', () => {
  const verdicts = Object.freeze([of('A', 'pass', 'must'), of('B', 'fail', 'must')]);
  worstFirst(verdicts);
  assert.deepEqual(
    verdicts.map((each) => each.requirement),
    ['A', 'B'],
  );
});
