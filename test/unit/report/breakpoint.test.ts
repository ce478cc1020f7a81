// What the reports say of a breakpoint search.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Breakpoint, BreakpointStep } from '../../../src/core/model/breakpoint.ts';
import { millis } from '../../../src/core/model/units.ts';
import { jsonReport } from '../../../src/report/json.ts';
import { markdownReport } from '../../../src/report/markdown.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { emptyAttribution, findingWith, runWith } from '../../support/run-builder.ts';

const step = (index: number, fields: Partial<BreakpointStep> = {}): BreakpointStep => ({
  phase: 'rise',
  startMs: millis(index * 1000),
  endMs: millis((index + 1) * 1000),
  level: 100 + 50 * index,
  levelUnit: '/s',
  state: 'held',
  isMet: true,
  samples: 100,
  clause: 'p95 <= 100ms',
  value: 20 + index,
  limit: 100,
  unit: 'ms',
  ...fields,
});

const knee = step(4, { state: 'undecided', value: 80 });
const broken = step(5, { state: 'broke', isMet: false, value: 212 });
const found: Breakpoint = {
  requirement: 'LAT',
  rule: 'p95 <= 100ms',
  steps: [step(0), step(1), step(2), step(3), knee, broken],
  lastHeld: knee,
  firstBroken: broken,
};

const terminal = (breakpoint: Breakpoint): readonly string[] => {
  const lines = terminalReport(runWith({ breakpoint }), plainStyle, { width: 100 }).split('\n');
  const from = lines.findIndex((line) => line.startsWith('Breaking point'));
  return lines.slice(from, lines.indexOf('', from));
};

test('the terminal names the knee, what broke, and two steps before', () => {
  assert.deepEqual(terminal(found), [
    'Breaking point: LAT broke at 350/s; the knee is 300/s (p95 <= 100ms)',
    ' load  state              value   limit  samples  phase',
    '200/s  held               22 ms  100 ms      100  rise',
    '250/s  held               23 ms  100 ms      100  rise',
    '300/s  held as measured   80 ms  100 ms      100  rise',
    '350/s  broke             212 ms  100 ms      100  rise',
  ]);
});

test('an undecided step says why', () => {
  const undecided = { ...knee, reason: 'too-few-samples' as const };
  const run = { ...found, steps: [step(2), step(3), undecided, broken], lastHeld: undecided };
  assert.deepEqual(terminal(run).slice(1), [
    ' load  state              value   limit  samples  phase  undecided because',
    '200/s  held               22 ms  100 ms      100  rise',
    '250/s  held               23 ms  100 ms      100  rise',
    '300/s  held as measured   80 ms  100 ms      100  rise   too few samples',
    '350/s  broke             212 ms  100 ms      100  rise',
  ]);
  assert.match(markdownReport(runWith({ breakpoint: run })), /\| held as measured: too few samples \|/);
});

test('a rise that broke nothing says so, with its last steps', () => {
  const { firstBroken: _, ...rest } = { ...found, steps: [step(0), step(1)], lastHeld: step(1) };
  assert.match(terminal(rest)[0] ?? '', /LAT did not break up to 150\/s: the breaking point lies beyond/);
});

test('the first step may break already', () => {
  const { lastHeld: _, ...rest } = { ...found, steps: [broken] };
  const [sentence, , ...rows] = terminal(rest);
  assert.match(sentence ?? '', /LAT broke at 350\/s and held at no step before/);
  assert.equal(rows.length, 1);
});

test('users at a time are a level, too', () => {
  const users = { ...broken, level: 64, levelUnit: 'users' as const };
  assert.match(terminal({ ...found, steps: [users], firstBroken: users })[0] ?? '', /broke at 64 users/);
});

test('Markdown and JSON hold it', () => {
  const run = runWith({ breakpoint: found });
  assert.match(
    markdownReport(run),
    /\*\*Breaking point\*\*: LAT broke at 350\/s; the knee is 300\/s \(`p95 <= 100ms`\)/,
  );
  assert.match(markdownReport(run), /\| 350\/s \| broke \| 212 ms \| 100 ms \| 100 \| rise \|/);
  assert.deepEqual(jsonReport(run).breakpoint, found);
  assert.equal(jsonReport(runWith()).breakpoint, undefined);
});

test('what gave way is told, though the requirement passed on what held', () => {
  const finding = findingWith();
  const attribution = { ...emptyAttribution, findings: [finding] };
  const run = runWith({ breakpoint: found, byRequirement: [{ requirement: 'LAT', attribution, waterfalls: [] }] });
  const sentence =
    /What gave way: .*fraud.*; slow dependency in fraud POST \/score, .*confidence \(trace [0-9a-f]{32}\)/;
  assert.match(terminalReport(run, plainStyle, { width: 140 }).replaceAll(/\s+/g, ' '), sentence);
  assert.match(markdownReport(run).replaceAll('\\', ''), sentence);
  const unbroken = { ...found, steps: [step(0)] };
  const { firstBroken: _, ...nothingBroke } = unbroken;
  assert.doesNotMatch(markdownReport({ ...run, breakpoint: nothingBroke }), /gave way/);
});
