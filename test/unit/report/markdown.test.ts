import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownReport } from '../../../src/report/markdown.ts';
import { brokenCheckoutRun, runWith, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

const cells = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

test('the table has a row a requirement, worst first, each with as many cells as the header', () => {
  const text = markdownReport(brokenCheckoutRun(), { trace: 'https://t.example/{traceId}' });
  const table =
    text
      .split('\n\n')
      .find((block) => block.includes('Requirement |'))
      ?.split('\n') ?? [];
  assert.equal(table.length, 7);
  assert.ok(table.every((line) => cells(line).length === 9));
  assert.deepEqual(cells(table[2] ?? ''), [
    '✗ fail',
    '**CHK-01** Buyers get an answer fast',
    '412 ms',
    '398–431 ms',
    'p99 ≤ 300 ms',
    '37% beyond',
    '+69%',
    'gateway > checkout > payments > fraud',
    '[`4bf92f35`](https://t.example/4bf92f3577b34da6a3ce929d0e0e4736)',
  ]);
});

test('a broken requirement has its where; an undecided one what it needs', () => {
  const text = markdownReport(brokenCheckoutRun());
  assert.match(
    text,
    /### ✗ CHK-01[\s\S]*\*\*Where\*\*: gateway > checkout > payments > fraud\n- \*\*Cause\*\*: slow dependency in fraud `POST \/score`/,
  );
  assert.match(text, /Needed: 1 passed run/);
  assert.doesNotMatch(text, /### ✓/);
});

test('titles and names stay text: no markup, no mention, no broken table', () => {
  const title = 'a|b `c` **d** <img src=x> @team [x](y)\n# e';
  const text = markdownReport(runWith({ verdicts: [verdictWith({ title, verdict: 'fail' })] }));
  assert.doesNotMatch(text, /<img|@team|\n# e/);
  const row = text.split('\n').find((line) => line.includes('CHK-01')) ?? '';
  assert.equal(cells(row).length, 9);
});

test('a run that judged nothing says so', () => {
  const text = markdownReport(runWith({ verdict: 'error', message: 'no answer at http://127.0.0.1:1' }));
  assert.match(text, /No requirement was judged/);
  assert.match(text, /> no answer at http/);
});

test('reasons are said in words', () => {
  const text = markdownReport(runWith({ verdicts: [undecidedVerdict('inconclusive', { reason: 'trace-coverage' })] }));
  assert.match(text, /too few traces arrived complete: Nothing was observed/);
});

test('code is shown as it is, whatever it holds', () => {
  const rule = 'p95{path="/a_b*[x]"} <= 300ms `now`';
  const text = markdownReport(runWith({ verdicts: [verdictWith({ rule, verdict: 'fail' })] }));
  assert.ok(text.includes(`Rule \`\` ${rule} \`\`, \`slos/checkout.yaml:101\``), text);
});

test('the address of a link cannot end it', () => {
  const text = markdownReport(brokenCheckoutRun(), { dashboard: 'https://g.example/d/x?a=(b c)|d' });
  assert.ok(text.includes('[dashboard](https://g.example/d/x?a=%28b%20c%29%7Cd)'), text);
});
