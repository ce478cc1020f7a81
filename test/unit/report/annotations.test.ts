import assert from 'node:assert/strict';
import { test } from 'node:test';
import { githubAnnotations } from '../../../src/report/annotations.ts';
import { brokenCheckoutRun, runWith, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

test('broken musts are errors on their line, the rest warnings and notices; what passed says nothing', () => {
  const info = verdictWith({ requirement: 'CHK-11', verdict: 'fail', priority: 'info' });
  const run = brokenCheckoutRun();
  const lines = githubAnnotations({ ...run, verdicts: [...run.verdicts, info] });
  assert.deepEqual(
    lines.map((line) => line.replace(/ .*title=/, ' ').slice(0, 20)),
    [
      '::error CHK-01 failed',
      '::error CHK-10 not lo',
      '::warning CHK-05 inco',
      '::warning CHK-08 warn',
      '::notice CHK-11 faile',
    ].map((each) => each.slice(0, 20)),
  );
  assert.match(
    lines[0] ?? '',
    /^::error file=slos\/checkout\.yaml,line=101,endLine=107,col=7,title=CHK-01 failed%3A Buyers get an answer fast::p99 is 412 ms/,
  );
  assert.match(
    lines[0] ?? '',
    /2\.34%25 of requests were slower or failed, 1%25 may\.%0AWhere: gateway > checkout > payments > fraud/,
  );
  assert.match(lines[2] ?? '', /%0ANeeded: 1 passed run/);
});

test('text cannot end the command or forge another', () => {
  const evil = verdictWith({
    verdict: 'fail',
    title: 'a,b:c%\r\n::error::x',
    explanation: 'one\r\n::warning::two 100%',
  });
  const lines = githubAnnotations(runWith({ verdicts: [evil] }));
  assert.equal(lines.length, 1);
  assert.doesNotMatch(lines[0] ?? '', /[\r\n]/);
  assert.match(
    lines[0] ?? '',
    /title=CHK-01 failed%3A a%2Cb%3Ac%25%0D%0A%3A%3Aerror%3A%3Ax::one%0D%0A::warning::two 100%25$/,
  );
});

test('at most ten of a level; the tenth says how many are left', () => {
  const verdicts = Array.from({ length: 25 }, (_, i) => verdictWith({ requirement: `R-${i}`, verdict: 'fail' }));
  const should = Array.from({ length: 12 }, (_, i) =>
    undecidedVerdict('fail', { requirement: `S-${i}`, priority: 'should' }),
  );
  const lines = githubAnnotations(runWith({ verdicts: [...should, ...verdicts] }));
  assert.equal(lines.filter((line) => line.startsWith('::error')).length, 10);
  assert.equal(lines.filter((line) => line.startsWith('::warning')).length, 10);
  assert.match(lines[9] ?? '', /^::error::and 16 more requirements/);
});

test('a passing run says nothing', () => {
  assert.deepEqual(githubAnnotations(runWith({ verdicts: [verdictWith()] })), []);
});

test('a run that is no pass although its requirements are kept gets one error that says why', () => {
  const run = runWith({ verdict: 'inconclusive', verdicts: [verdictWith()], message: 'not one of 9 traces arrived' });
  assert.deepEqual(githubAnnotations(run), ['::error title=checkout-peak inconclusive::not one of 9 traces arrived']);
});
