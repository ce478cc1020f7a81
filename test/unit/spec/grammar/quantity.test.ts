// Numbers with units: what they are inside, and what is said when one is missing or unknown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAbortRule, parseBound } from '../../../../src/spec/grammar/bound.ts';
import { parseCron } from '../../../../src/spec/grammar/cron.ts';
import { parseDuration } from '../../../../src/spec/grammar/duration.ts';
import { parseDurationRange, parseRate, parseRateRange } from '../../../../src/spec/grammar/pace.ts';
import { parseQuantity } from '../../../../src/spec/grammar/quantity.ts';
import { parseEdgeSelector, parseSpanSelector } from '../../../../src/spec/grammar/selector.ts';
import { parseConfidence, parseShare } from '../../../../src/spec/grammar/share.ts';
import type { Parsed } from '../../../../src/spec/grammar/text-problem.ts';

function read<T>(parsed: Parsed<T>): T | string {
  return parsed.ok ? parsed.value : parsed.error.code;
}

const quantities: readonly (readonly [string, number | string, string])[] = [
  ['300ms', 300, 'ms'],
  ['1.5s', 1500, 'ms'],
  ['250us', 0.25, 'ms'],
  ['250µs', 0.25, 'ms'],
  ['.5s', 500, 'ms'],
  ['2h', 7_200_000, 'ms'],
  ['0.1%', 0.001, 'ratio'],
  ['12000/min', 200, '/s'],
  ['64MiB', 67_108_864, 'B'],
  ['1kB', 1000, 'B'],
  ['25 tok/s', 25, 'tok/s'],
  ['1e3ms', 1000, 'ms'],
  ['0.004 USD', 0.004, 'USD'],
];
for (const [text, value, unit] of quantities) {
  test(`${text} is ${value} ${unit}`, () => {
    const parsed = parseQuantity(text);
    assert.deepEqual(parsed.ok && [parsed.value.value, parsed.value.unit], [value, unit]);
  });
}

const hints: readonly (readonly [string, RegExp])[] = [
  ['300 sec', /^write 300s$/],
  ['5min', /^write 5m$/],
  ['300MS', /^write 300ms$/],
  ['4 $', /^write 4 USD$/],
  ['20kb', /^write 20kB$|^write 20KiB$/],
  ['1_000ms', /^write 1000ms$/],
];
for (const [text, help] of hints) {
  test(`help for ${text}`, () => {
    const parsed = parseQuantity(text, undefined);
    assert.match(parsed.ok ? '' : (parsed.error.help ?? ''), help);
  });
}

const durations: readonly (readonly [string, number | string])[] = [
  ['0s', 0],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1m30s500ms', 90_500],
  ['14d', 1_209_600_000],
  ['20', 'SPEC_UNIT_MISSING'],
  ['-1s', 'SPEC_VALUE_RANGE'],
  ['11000d', 'SPEC_VALUE_RANGE'],
  ['1 minute', 'SPEC_UNIT_UNKNOWN'],
  ['soon', 'SPEC_QUANTITY_SYNTAX'],
  ['', 'SPEC_QUANTITY_SYNTAX'],
];
for (const [text, expected] of durations)
  test(`duration \`${text}\``, () => assert.equal(read(parseDuration(text)), expected));

test('rates and ranges', () => {
  assert.equal(read(parseRate('200/s')), 200);
  assert.equal(read(parseRate('200')), 'SPEC_UNIT_MISSING');
  assert.deepEqual(read(parseRateRange('5/s..200/s')), { from: 5, to: 200 });
  assert.deepEqual(read(parseRateRange('60/min')), { from: 1, to: 1 });
  assert.deepEqual(read(parseDurationRange('1s .. 3s')), { min: 1000, max: 3000 });
  assert.equal(read(parseDurationRange('3s..1s')), 'SPEC_VALUE_RANGE');
});

test('a problem in the second half of a range points there', () => {
  const parsed = parseRateRange('5/s.. 200');
  assert.deepEqual(!parsed.ok && [parsed.error.from, parsed.error.to], [6, 9]);
});

test('shares are percent or a number up to one', () => {
  assert.equal(read(parseShare('95%')), 0.95);
  assert.equal(read(parseShare('0.95')), 0.95);
  assert.equal(read(parseShare('95')), 'SPEC_VALUE_RANGE');
  assert.equal(read(parseShare('-1%')), 'SPEC_VALUE_RANGE');
  assert.equal(read(parseConfidence('0.4')), 'SPEC_VALUE_RANGE');
  assert.equal(read(parseConfidence('1')), 'SPEC_VALUE_RANGE');
});

test('bounds', () => {
  const form = { units: ['ms'], operators: ['lte'], subject: 'p99', example: 'p99 <= 20ms' } as const;
  assert.deepEqual(read(parseBound('p99 <= 20ms', form)), {
    op: 'lte',
    quantity: { value: 20, unit: 'ms', text: '20ms' },
  });
  const reversed = parseBound('p99 >= 20ms', form);
  assert.deepEqual(!reversed.ok && [reversed.error.from, reversed.error.help], [4, 'write `p99 <= 20ms`']);
});

test('safety limits', () => {
  assert.deepEqual(read(parseAbortRule('errorRate > 50% for 10s')), { kind: 'errorRate', above: 0.5, for: 10_000 });
  assert.deepEqual(read(parseAbortRule('p99 > 30s for 10s')), { kind: 'p99', above: 30_000, for: 10_000 });
  assert.equal(read(parseAbortRule('p99 > 30s')), 'SPEC_RULE_SYNTAX');
  assert.equal(read(parseAbortRule('errorRate > 50ms for 10s')), 'SPEC_RULE_UNIT');
});

test('cron expressions', () => {
  for (const good of ['*/30 * * * *', '0 2 * * mon-fri', '5,35 0-6/2 1 jan *'])
    assert.equal(read(parseCron(good)), good);
  for (const bad of ['* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '*/0 * * * *', '5-1 * * * *'])
    assert.equal(read(parseCron(bad)), 'SPEC_CRON_SYNTAX');
});

test('span selectors', () => {
  assert.deepEqual(
    read(parseSpanSelector(`[service.name="a \\"b\\"" kind=server, name contains 'GET /' and status!=error]`)),
    {
      conditions: [
        { key: 'service.name', op: 'eq', value: 'a "b"' },
        { key: 'kind', op: 'eq', value: 'server' },
        { key: 'name', op: 'contains', value: 'GET /' },
        { key: 'status', op: 'ne', value: 'error' },
      ],
      text: `[service.name="a \\"b\\"" kind=server, name contains 'GET /' and status!=error]`,
    },
  );
  for (const bad of ['service=a', '[', '[]', '[a]', '[a=]', '[a=b', '[a=~b]', '[a=b] c'])
    assert.equal(read(parseSpanSelector(bad)), 'SPEC_SELECTOR_SYNTAX', bad);
});

test('edges', () => {
  assert.deepEqual(read(parseEdgeSelector('checkout -> payments')), { caller: 'checkout', callee: 'payments' });
  assert.deepEqual(read(parseEdgeSelector('a->b POST /charge')), {
    caller: 'a',
    callee: 'b',
    operation: 'POST /charge',
  });
  for (const bad of ['a', '-> b', 'a ->', 'a b -> c'])
    assert.equal(read(parseEdgeSelector(bad)), 'SPEC_EDGE_SYNTAX', bad);
});
