// The one-line rule grammar: every form, and where it stops reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '../../../../src/spec/grammar/parse-rule.ts';

function clausesOf(text: string): unknown {
  const parsed = parseRule(text);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  return parsed.value.clauses.map(({ clause: { text: _, ...clause } }) => clause);
}

const ms = (value: number, text: string): unknown => ({ kind: 'fixed', quantity: { value, unit: 'ms', text } });
const number = (value: number, text: string): unknown => ({ kind: 'fixed', quantity: { value, unit: '', text } });
const share = (value: number, text: string): unknown => ({ kind: 'fixed', quantity: { value, unit: 'ratio', text } });
const named = (name: string, ...args: readonly string[]): unknown => ({ kind: 'named', name, args });

const forms: readonly (readonly [string, readonly unknown[]])[] = [
  ['p99 <= 300ms', [{ stat: { kind: 'quantile', q: 0.99 }, op: 'lte', limit: ms(300, '300ms'), while: [] }]],
  ['p99.9 < 1.5 s', [{ stat: { kind: 'quantile', q: 0.999 }, op: 'lt', limit: ms(1500, '1.5 s'), while: [] }]],
  ['rate <= 0.1%', [{ stat: named('rate'), op: 'lte', limit: share(0.001, '0.1%'), while: [] }]],
  [
    'max in_flight <= 120',
    [
      {
        stat: { kind: 'named', name: 'max', args: [], of: 'in_flight' },
        op: 'lte',
        limit: number(120, '120'),
        while: [],
      },
    ],
  ],
  [
    'perUser p10 >= 25 tok/s',
    [
      {
        stat: { kind: 'quantile', q: 0.1, of: 'perUser' },
        op: 'gte',
        limit: { kind: 'fixed', quantity: { value: 25, unit: 'tok/s', text: '25 tok/s' } },
        while: [],
      },
    ],
  ],
  [
    'capacity >= 32 while [LLM-01, LLM-02]',
    [{ stat: named('capacity'), op: 'gte', limit: number(32, '32'), while: ['LLM-01', 'LLM-02'] }],
  ],
  [
    'p95 <= baseline + 10%',
    [
      {
        stat: { kind: 'quantile', q: 0.95 },
        op: 'lte',
        limit: { kind: 'baseline', plus: { value: 0.1, unit: 'ratio', text: '10%' } },
        while: [],
      },
    ],
  ],
  [
    'p95 <= baseline',
    [
      {
        stat: { kind: 'quantile', q: 0.95 },
        op: 'lte',
        limit: { kind: 'baseline', plus: { value: 0, unit: 'ratio', text: '0%' } },
        while: [],
      },
    ],
  ],
  [
    'p95(peak) <= 2 x p95(idle)',
    [
      {
        stat: named('p95', 'peak'),
        op: 'lte',
        limit: { kind: 'multiple', factor: 2, stat: named('p95', 'idle') },
        while: [],
      },
    ],
  ],
  [
    'burnRate(1h) <= 1 and remaining >= 25%',
    [
      { stat: named('burnRate', '1h'), op: 'lte', limit: number(1, '1'), while: [] },
      { stat: named('remaining'), op: 'gte', limit: share(0.25, '25%'), while: [] },
    ],
  ],
  [
    'value <= 0.8 in 95% of slices',
    [{ stat: named('value'), op: 'lte', limit: number(0.8, '0.8'), inSlices: 0.95, while: [] }],
  ],
  [
    'p99 <= 1s over 5m',
    [{ stat: { kind: 'quantile', q: 0.99 }, op: 'lte', limit: ms(1000, '1s'), over: 300_000, while: [] }],
  ],
  [
    'timeTo(CHK-01) <= 60s after spike',
    [{ stat: named('timeTo', 'CHK-01', 'spike'), op: 'lte', limit: ms(60_000, '60s'), while: [] }],
  ],
  [
    'p50 between 20ms and 80ms and p99 <= 1s',
    [
      {
        stat: { kind: 'quantile', q: 0.5 },
        op: 'between',
        limit: {
          kind: 'range',
          low: { value: 20, unit: 'ms', text: '20ms' },
          high: { value: 80, unit: 'ms', text: '80ms' },
        },
        while: [],
      },
      { stat: { kind: 'quantile', q: 0.99 }, op: 'lte', limit: ms(1000, '1s'), while: [] },
    ],
  ],
  [
    'max 3 per request',
    [{ stat: { kind: 'named', name: 'max', args: [], of: 'request' }, op: 'lte', limit: number(3, '3'), while: [] }],
  ],
  [
    'slope(p95) <= 5ms/h',
    [
      {
        stat: named('slope', 'p95'),
        op: 'lte',
        limit: { kind: 'fixed', quantity: { value: 5, unit: 'ms/h', text: '5ms/h' } },
        while: [],
      },
    ],
  ],
  [
    'slope(heap) <= 10MiB/h',
    [
      {
        stat: named('slope', 'heap'),
        op: 'lte',
        limit: { kind: 'fixed', quantity: { value: 10_485_760, unit: 'B/h', text: '10MiB/h' } },
        while: [],
      },
    ],
  ],
  [
    'costPer1k(goodRequests) <= 0.004 USD',
    [
      {
        stat: named('costPer1k', 'goodRequests'),
        op: 'lte',
        limit: { kind: 'fixed', quantity: { value: 0.004, unit: 'USD', text: '0.004 USD' } },
        while: [],
      },
    ],
  ],
  ['value == 0', [{ stat: named('value'), op: 'eq', limit: number(0, '0'), while: [] }]],
];

for (const [text, clauses] of forms) test(`\`${text}\` is read`, () => assert.deepEqual(clausesOf(text), clauses));

test('each clause keeps its own text', () => {
  const parsed = parseRule('p99 <= 120ms and  criticalPathShare <= 45% in 90% of slices');
  assert.deepEqual(parsed.ok && parsed.value.clauses.map(({ clause }) => clause.text), [
    'p99 <= 120ms',
    'criticalPathShare <= 45% in 90% of slices',
  ]);
});

const broken: readonly (readonly [string, string, string])[] = [
  ['', '', 'SPEC_RULE_SYNTAX'],
  ['p99', '', 'SPEC_RULE_SYNTAX'],
  ['p99 <=', '', 'SPEC_RULE_SYNTAX'],
  ['<= 300ms', '<=', 'SPEC_RULE_SYNTAX'],
  ['p99 =< 300ms', '=<', 'SPEC_RULE_SYNTAX'],
  ['p99 below 300ms', 'below', 'SPEC_RULE_SYNTAX'],
  ['p99 <= 300ms or p50 <= 1s', 'or', 'SPEC_RULE_SYNTAX'],
  ['p99 <= 300ms and', '', 'SPEC_RULE_SYNTAX'],
  ['p100 <= 1s', 'p100', 'SPEC_RULE_STATISTIC'],
  ['p0 <= 1s', 'p0', 'SPEC_RULE_STATISTIC'],
  ['p99 <= 300parsecs', 'parsecs', 'SPEC_UNIT_UNKNOWN'],
  ['p99 <= fast', 'fast', 'SPEC_QUANTITY_SYNTAX'],
  ['p99 <= 1e400ms', '1e400', 'SPEC_VALUE_RANGE'],
  ['value <= 1 in 200% of slices', '200%', 'SPEC_VALUE_RANGE'],
  ['value <= 1 while CHK-01', 'CHK-01', 'SPEC_RULE_SYNTAX'],
  ['value <= 1 while [CHK-01', '', 'SPEC_RULE_SYNTAX'],
  ['value between 1', '', 'SPEC_RULE_SYNTAX'],
  ['value between 2 and 1', '2 and 1', 'SPEC_RULE_IMPOSSIBLE'],
  ['p95 <= baseline 10%', '10%', 'SPEC_RULE_SYNTAX'],
  ['burnRate(1h <= 1', '<=', 'SPEC_RULE_SYNTAX'],
];

for (const [text, pointed, code] of broken) {
  test(`\`${text}\` stops at \`${pointed}\``, () => {
    const parsed = parseRule(text);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.code, code);
    assert.equal(text.slice(parsed.error.from, parsed.error.to), pointed);
  });
}
