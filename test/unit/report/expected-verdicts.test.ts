// A replayed run against what was expected of it: only what is said is compared, and differences read like a diff.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, type ExpectedVerdicts, verdictsOf } from '../../../src/report/expected-verdicts.ts';
import { replayText } from '../../../src/report/replay-text.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { brokenCheckoutRun, runWith, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

const run = brokenCheckoutRun();

test('a run is as expected by what it gave itself', () => {
  const expected = verdictsOf(run);
  assert.deepEqual(expected.requirements['CHK-01'], {
    verdict: 'fail',
    mechanism: 'slow-dependency',
    service: 'fraud',
  });
  assert.deepEqual(differences(expected, run), []);
});

test('what is not said may be anything', () => {
  assert.deepEqual(differences({ requirements: {} }, run), []);
  assert.deepEqual(differences({ requirements: { 'CHK-01': { verdict: 'fail' } } }, run), []);
});

const undecided = runWith({
  verdict: 'inconclusive',
  verdicts: [undecidedVerdict('inconclusive', { reason: 'no-baseline' })],
});

const cases: readonly (readonly [string, ExpectedVerdicts, typeof run, unknown])[] = [
  [
    'another verdict',
    { requirements: { 'CHK-01': { verdict: 'pass' } } },
    runWith({ verdicts: [verdictWith({ verdict: 'warn' })] }),
    [{ id: 'CHK-01', wanted: { verdict: 'pass' }, found: { verdict: 'warn' } }],
  ],
  [
    'another reason',
    { requirements: { 'CHK-01': { verdict: 'inconclusive', reason: 'no-data' } } },
    undecided,
    [
      {
        id: 'CHK-01',
        wanted: { verdict: 'inconclusive', reason: 'no-data' },
        found: { verdict: 'inconclusive', reason: 'no-baseline' },
      },
    ],
  ],
  [
    'another service to blame',
    { requirements: { 'CHK-01': { verdict: 'fail', service: 'payments' } } },
    run,
    [
      {
        id: 'CHK-01',
        wanted: { verdict: 'fail', service: 'payments' },
        found: { verdict: 'fail', mechanism: 'slow-dependency', service: 'fraud' },
      },
    ],
  ],
  [
    'a requirement that is gone',
    { requirements: { 'OLD-01': { verdict: 'pass' } } },
    run,
    [{ id: 'OLD-01', wanted: { verdict: 'pass' } }],
  ],
  [
    'another verdict of the run',
    { verdict: 'pass', requirements: {} },
    run,
    [{ wanted: { verdict: 'pass' }, found: { verdict: 'fail' } }],
  ],
];

for (const [name, expected, seen, found] of cases)
  test(`${name} is a difference`, () => {
    assert.deepEqual(differences(expected, seen), found);
  });

test('differences read like a diff, with the reason and the place', () => {
  const expected: ExpectedVerdicts = {
    verdict: 'pass',
    requirements: { 'CHK-01': { verdict: 'pass' }, 'OLD-01': { verdict: 'pass' } },
  };
  const text = replayText(
    { folder: 'recordings/slow', run, expected: 3, differences: differences(expected, run), remarks: ['less exact'] },
    plainStyle,
  );
  assert.match(text, /^✗ recordings\/slow: 3 of 3 verdicts not as expected \(checkout-peak, run 01J9ZK3W6Q of 2026-/);
  assert.match(text, /\n {2}note: less exact\n/);
  assert.match(
    text,
    /CHK-01 .*\n {4}- pass\n {4}\+ fail: slow-dependency in fraud\n {6}.+\n {6}slos\/checkout\.yaml:101\n/,
  );
  assert.match(text, /OLD-01\n {4}- pass\n {4}\+ the document has no requirement of this id\n/);
  assert.match(text, /the run\n {4}- pass\n {4}\+ fail\n/);
  const fine = replayText({ folder: 'a', run, expected: 2, differences: [], remarks: [] }, plainStyle);
  assert.match(fine, /^✓ a: 2 verdicts as expected \(/);
});
