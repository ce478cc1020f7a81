import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InconclusiveReason, VerdictName } from '../../../src/core/model/verdict.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { reasonWords } from '../../../src/report/verdict-words.ts';
import { lengthOf } from '../../../src/report/wrap-text.ts';
import {
  brokenCheckoutRun,
  emptyAttribution,
  findingWith,
  runWith,
  undecidedVerdict,
  verdictWith,
} from '../../support/run-builder.ts';

const report = (run: Parameters<typeof terminalReport>[0], width = 122): string =>
  terminalReport(run, plainStyle, { width });

test('a broken requirement tells its numbers, the chain, the mechanism, the cause, the advice and the traces', () => {
  const lines = report(brokenCheckoutRun()).split('\n');
  assert.match(
    lines[0] ?? '',
    /^✗ FAIL {2}checkout-peak {2}1 failed, 1 not looked at, 1 inconclusive, 1 warned, 1 passed$/,
  );
  const from = lines.findIndex((line) => line.startsWith('✗  CHK-01'));
  assert.deepEqual(lines.slice(from, from + 13), [
    '✗  CHK-01  Buyers get an answer fast                        412 ms   398–431 ms  p99 ≤ 300 ms                   37% beyond',
    '   verdict  p99 is 412 ms (398–431 ms at 95%), beyond 300 ms: 2.34% of requests were slower or failed, 1% may.',
    '   where    gateway > checkout > payments > fraud',
    '   cause    slow dependency in fraud POST /score: +158 ms (140–177 ms), 61% of the violation, high confidence',
    "   why      checkout p99 is 412 ms against a limit of 300 ms: 61% of the excess is fraud's own time on POST /score,",
    '            reached through payments, whose retries (x2.3) double it.',
    '   do       Look at fraud POST /score first; a time-out with a budget in payments would keep checkout inside its limit.',
    '   since    2 min 11 s into the run',
    '   worsened retry storm at checkout -> payments',
    '   traces   4bf92f3577b34da6a3ce929d0e0e4736',
    '            4bf92f3577b34da6b1c0a8d2f04e9913',
    '   rule     p99 <= 300ms (slos/checkout.yaml:101)',
    '',
  ]);
});

test('where names and numbers do not fit side by side, the name stands whole above its aligned numbers', () => {
  const lines = report(brokenCheckoutRun(), 90).split('\n');
  const heads = lines.filter((line, i) => /^[✗⊘?!✓] /.test(line) || /^[✗⊘?!✓] /.test(lines[i - 1] ?? ''));
  assert.deepEqual(heads.slice(2, 4), [
    '✗  CHK-01 Buyers get an answer fast',
    '     412 ms   398–431 ms  p99 ≤ 300 ms                    37% beyond  must',
  ]);
  assert.equal(heads.at(-1), '     0.031%  0.02–0.047%  rate ≤ 0.1%                   69% to spare  must');
});

test('requirements stand before validity and load, worst first', () => {
  const text = report(brokenCheckoutRun());
  const order = ['CHK-01', 'CHK-10', 'CHK-05', 'CHK-08', 'CHK-02', 'POST /cart', 'validity', 'load ', 'unseen'];
  const positions = order.map((word) => text.search(new RegExp(`^(.  )?(buy: )?${word}`, 'm')));
  assert.deepEqual(
    positions,
    [...positions].sort((a, b) => a - b),
  );
  assert.ok(
    positions.every((position) => position >= 0),
    String(positions),
  );
});

for (const width of [32, 40, 60, 80, 84, 100, 110, 140]) {
  test(`no line is wider than a terminal of ${width} columns`, () => {
    const long = verdictWith({
      requirement: 'LONG-01',
      title: 'A title that goes on and on, well past what a terminal shows in one line, as titles do',
      rule: 'timeTo(CHK-01) <= 60s after spike',
      verdict: 'fail',
    });
    const run = brokenCheckoutRun();
    const lines = report({ ...run, verdicts: [...run.verdicts, long] }, width).split('\n');
    for (const line of lines) assert.ok(lengthOf(line) <= width, `${lengthOf(line)}: ${line}`);
  });
}

test('the same cause is told once and pointed to afterwards', () => {
  const run = brokenCheckoutRun();
  const again = verdictWith({ requirement: 'CHK-03', verdict: 'fail', margin: -0.2 });
  const own = run.byRequirement[0];
  assert.ok(own !== undefined);
  const text = report({
    ...run,
    verdicts: [...run.verdicts, again],
    byRequirement: [own, { ...own, requirement: 'CHK-03' }],
  });
  assert.match(text, /where {4}as CHK-01: gateway > checkout > payments > fraud \(slow dependency, \+158 ms/);
  assert.equal(text.match(/Look at fraud POST \/score first/g)?.length, 1);
});

test('a second cause is named below the first', () => {
  const run = brokenCheckoutRun();
  const second = findingWith({
    rank: 2,
    mechanism: 'pool-wait',
    service: 'payments',
    path: ['gateway', 'payments'],
    effectMs: 40,
    share: 0.2,
  });
  const attribution = { ...run.attribution, findings: [second, ...run.attribution.findings] };
  const text = report({ ...run, byRequirement: [{ requirement: 'CHK-01', attribution, waterfalls: [] }] });
  assert.match(text, /where {4}gateway > checkout > payments > fraud/);
  assert.match(text, /also {5}gateway > payments: wait for a pool, \+40 ms/);
});

test('what cannot be attributed says so and what is missing', () => {
  const attribution = { ...emptyAttribution, notAttributable: 'only 12 violating traces, 20 are needed' };
  const run = runWith({
    verdicts: [verdictWith({ verdict: 'fail', margin: -0.2 })],
    byRequirement: [{ requirement: 'CHK-01', attribution, waterfalls: [] }],
  });
  assert.match(report(run), /where {4}not attributable: only 12 violating traces, 20 are needed/);
});

test('every verdict has a mark of its own', () => {
  const names: readonly VerdictName[] = ['pass', 'warn', 'fail', 'inconclusive', 'error'];
  const run = runWith({ verdicts: names.map((verdict, i) => undecidedVerdict(verdict, { requirement: `R-${i}` })) });
  const marks = new Set(
    report(run)
      .match(/^(\S) {2}R-\d/gm)
      ?.map((line) => line[0]),
  );
  assert.equal(marks.size, names.length);
});

test('every reason for not deciding is said in words, with the need', () => {
  for (const reason of Object.keys(reasonWords) as InconclusiveReason[]) {
    const run = runWith({
      verdicts: [undecidedVerdict('inconclusive', { reason, need: 'need 299 samples, have 140' })],
    });
    const text = report(run);
    assert.ok(text.includes(`${reasonWords[reason]}: Nothing was observed.`), text);
    assert.ok(text.includes('need     need 299 samples, have 140'), text);
    assert.ok(text.includes('no value'), text);
  }
});

test('what an explanation already says is not said again as a need', () => {
  const verdict = undecidedVerdict('inconclusive', {
    explanation: '3% dropped, 0.1% may; as far as was seen: fine',
    need: '3% dropped, 0.1% may',
  });
  assert.doesNotMatch(report(runWith({ verdicts: [verdict] })), /^ +need/m);
});

test('a run without requirements says that nothing was judged, and why', () => {
  const text = report(
    runWith({ verdict: 'error', status: 'failed', message: 'http://127.0.0.1:1 refused the connection' }),
  );
  assert.match(text, /No requirement was judged: http:\/\/127\.0\.0\.1:1 refused the connection/);
  assert.match(text, /the run could not be made: http/);
});

test('an invalid run lists its reasons, an unhealthy generator its own', () => {
  const run = brokenCheckoutRun();
  assert.ok(run.generator !== undefined);
  const text = report({
    ...run,
    validity: { ...run.validity, ok: false, reasons: ['3% of arrivals were dropped, 0.1% may'] },
    generator: { ...run.generator, healthy: false, reasons: ['send lag p99 is 41 ms, 20 ms may'] },
  });
  assert.match(text, /validity the run may not judge; .*\n {9}- 3% of arrivals were dropped/);
  assert.match(text, /load {5}not healthy, .*\n( {9}.*\n)* {9}- send lag p99 is 41 ms/);
  const cut = report({ ...run, validity: { ...run.validity, ok: false, failuresStand: true, reasons: ['aborted'] } });
  assert.match(cut, /validity the run may fail requirements, not pass any; /);
});

test('what waited for a connection is counted, and no coverage is claimed of traces that nobody asked for', () => {
  const run = brokenCheckoutRun();
  assert.ok(run.generator !== undefined);
  const text = report({
    ...run,
    validity: { ...run.validity, traceCoverage: 1, tracesAsked: 0 },
    generator: { ...run.generator, connectionWaits: 1234 },
  });
  assert.match(text, /validity .* no traces asked for/);
  assert.match(text, /waited {3}1234 requests, because all connections that safety\.maxConnections allows were in use/);
  assert.doesNotMatch(report(run), /waited/);
});

test('a clause that also broke is told below the deciding one', () => {
  const [fail] = brokenCheckoutRun().verdicts.filter((each) => each.verdict === 'fail');
  assert.ok(fail !== undefined);
  const second = {
    clause: 'p50 <= 50ms',
    verdict: 'inconclusive' as const,
    explanation: 'p50 needs 5 samples, 3 came.',
  };
  const text = report(runWith({ verdicts: [{ ...fail, clauses: [...fail.clauses, second] }] }));
  assert.match(text, /clauses {2}\? p50 needs 5 samples, 3 came\./);
});

test('names from the system under test cannot move the cursor, colour the terminal or break a line', () => {
  const evil = '\u001b[31mfraud\u001b[0m\n\u0007\u202egnp';
  const attribution = {
    ...emptyAttribution,
    findings: [findingWith({ service: evil, operation: evil, path: ['gateway', evil], explanation: evil })],
  };
  const run = brokenCheckoutRun({
    byRequirement: [{ requirement: 'CHK-01', attribution, waterfalls: [] }],
    message: evil,
    gaps: [{ kind: 'traces', source: evil, reason: 'timeout', message: evil, requirements: [] }],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  for (const width of [50, 110]) assert.doesNotMatch(report(run, width).replaceAll('\n', ''), /[\u0000-\u001f\u202e]/);
});

test('paint never changes the layout', () => {
  const bracketed = { paint: (_tone: string, text: string): string => `⟦${text}⟧` };
  for (const width of [60, 110]) {
    const painted = terminalReport(brokenCheckoutRun(), bracketed, { width });
    assert.match(painted, /⟦✗ FAIL⟧/);
    assert.equal(painted.replaceAll(/[⟦⟧]/g, ''), report(brokenCheckoutRun(), width));
  }
});

test('the load table lists judged phases first and counts what it leaves out', () => {
  const run = brokenCheckoutRun();
  const step = run.steps[0];
  assert.ok(step !== undefined);
  const many = Array.from({ length: 40 }, (_, i) => ({ ...step, step: `GET /${i}` }));
  assert.match(report({ ...run, steps: many }), /and 16 more rows/);
  const phases = report(run)
    .match(/^(?:buy|browse): .*?(idle|peak)/gm)
    ?.map((line) => line.slice(-4));
  assert.deepEqual(phases, ['peak', 'peak', 'peak', 'idle']);
});
