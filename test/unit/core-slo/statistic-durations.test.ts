// Durations inside statistics are read as the document's grammar reads them, and nothing stands in for one that cannot be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import { parseDuration } from '../../../src/core/slo/statistic-durations.ts';
import { parseDuration as parseOfDocument } from '../../../src/spec/grammar/duration.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';

const accepted = [
  '1h',
  '.5h',
  '0.1s',
  '+1h',
  '3e2ms',
  '3e+2 ms',
  '1.5e-3s',
  '3600000000µs',
  '5us',
  '7ns',
  '1h30m',
  '1.5d12h',
  '2w',
  '10 m',
];
test('every form that check accepts is read alike', () => {
  for (const text of accepted) {
    const wanted = parseOfDocument(text);
    assert.ok(wanted.ok, text);
    assert.equal(parseDuration(text), wanted.value, text);
  }
});

test('what is no duration is none', () => {
  for (const text of ['', 'h', '1', '1 parsec', '1h 30m', '5MS']) assert.equal(parseDuration(text), undefined, text);
});

test('a burn rate over a window that cannot be read is an error, never one over the whole window', () => {
  const slo = {
    name: 'fast',
    target: 0.99,
    window: 2_419_200_000,
    method: 'Occurrences',
    indicator: { kind: 'good-total', good: 'good[{{.window}}]', total: 'total[{{.window}}]', dataSource: '' },
  };
  const requirement = (window: string) =>
    requirementOf({
      type: 'errorBudget',
      source: 'server',
      sloRef: 'fast',
      require: ruleOf(clauseOf({ stat: named('burnRate', [window]), op: 'lte', limit: fixed(1, '') })),
    });
  const input = { ...judgeInputOf([], observationsOf()), slos: [slo as never] };
  const asked = (window: string) => needsOf([requirement(window)], input).queries.map(({ query }) => query);
  assert.deepEqual(asked('.5h'), ['good[1800s]', 'total[1800s]']);
  for (const window of ['soon', '0s']) {
    assert.deepEqual(asked(window), []);
    assert.equal(judgeAll([requirement(window)], input).verdicts[0]?.verdict, 'error');
  }
});
