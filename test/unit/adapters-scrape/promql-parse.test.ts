import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Expression, PromqlFault } from '../../../src/adapters/scrape/promql/expression.ts';
import { parsePromql } from '../../../src/adapters/scrape/promql/parse.ts';

/** The tree with every operator in brackets. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'negate':
      return `(- ${shown(expression.operand)})`;
    case 'selector': {
      const matchers = expression.matchers.map(({ label, op, value }) => `${label}${op}${value}`).join(',');
      return `{${matchers}}${expression.range === undefined ? '' : `[${expression.range}]`}${expression.offset === 0 ? '' : `@-${expression.offset}`}`;
    }
    case 'binary': {
      const { op, isBool, matching, left, right } = expression;
      const labels =
        matching.kind === 'on' || matching.labels.length > 0 ? ` ${matching.kind}(${matching.labels.join(',')})` : '';
      return `(${shown(left)} ${op}${isBool ? ' bool' : ''}${labels} ${shown(right)})`;
    }
    case 'aggregate': {
      const { op, grouping, parameter, argument } = expression;
      const first = parameter === undefined ? '' : `${shown(parameter)}, `;
      return `${op} ${grouping.kind}(${grouping.labels.join(',')}) (${first}${shown(argument)})`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map(shown).join(', ')})`;
  }
}

function faultOf(query: string): PromqlFault {
  try {
    parsePromql(query);
  } catch (fault) {
    if (fault instanceof PromqlFault) return fault;
    throw fault;
  }
  throw new Error(`${query} was taken`);
}

describe('PromQL', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['up', '{__name__=up}'],
    ['up{job="a",code!~"5.."}', '{__name__=up,job=a,code!~5..}'],
    ['{__name__=~"a|b"}', '{__name__=~a|b}'],
    ['{"my.metric", x="1",}', '{__name__=my.metric,x=1}'],
    ["up{a='it\\'s', b=`raw\\n`}", "{__name__=up,a=it's,b=raw\\n}"],
    ['x[5m]', ''],
    ['rate(x[1h30m])', 'rate({__name__=x}[5400000])'],
    ['rate(x[90])', 'rate({__name__=x}[90000])'],
    ['rate(x[500ms] offset 1m)', 'rate({__name__=x}[500]@-60000)'],
    ['x offset -5m', '{__name__=x}@--300000'],
    ['1 + 2 * 3 ^ 2 ^ 2', '(1 + (2 * (3 ^ (2 ^ 2))))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['-x ^ 2', '(- ({__name__=x} ^ 2))'],
    ['-2 * 3', '(-2 * 3)'],
    ['+x', '{__name__=x}'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['a or b and c unless d', '({__name__=a} or (({__name__=b} and {__name__=c}) unless {__name__=d}))'],
    ['a > bool 1', '({__name__=a} > bool 1)'],
    ['a / on(job, x) b', '({__name__=a} / on(job,x) {__name__=b})'],
    ['a == ignoring(code) b', '({__name__=a} == ignoring(code) {__name__=b})'],
    ['a and on() b', '({__name__=a} and on() {__name__=b})'],
    ['sum(x)', 'sum by() ({__name__=x})'],
    ['sum by (a, b) (x)', 'sum by(a,b) ({__name__=x})'],
    ['SUM(x) WITHOUT (a,)', 'sum without(a) ({__name__=x})'],
    ['quantile(0.9, x) by (a)', 'quantile by(a) (0.9, {__name__=x})'],
    [
      'histogram_quantile(0.99, sum by (le) (rate(h_bucket[1m])))',
      'histogram_quantile(0.99, sum by(le) (rate({__name__=h_bucket}[60000])))',
    ],
    ['sum{a="1"}', '{__name__=sum,a=1}'],
    ['Inf - inf', '(Infinity - Infinity)'],
    ['0x1F * 1e3 # and a comment', '(31 * 1000)'],
    ['job:http:rate5m', '{__name__=job:http:rate5m}'],
    ['time() - x', '(time() - {__name__=x})'],
  ];
  for (const [query, tree] of cases) {
    if (tree !== '') test(query, () => assert.equal(shown(parsePromql(query)), tree));
  }

  const unsupported: readonly (readonly [string, RegExp, number])[] = [
    ['rate(x[5m:1m])', /a subquery/, 6],
    ['max_over_time(rate(x[1m])[10m:])', /a subquery/, 25],
    ['(x)[5m:1m]', /a subquery/, 3],
    ['x @ end()', /the @ modifier/, 2],
    ['a * on(x) group_left(y) b', /many-to-one matching \(group_left\)/, 10],
    ['topk(3, x)', /the function topk/, 0],
    ['topk by (a) (3, x)', /the function topk/, 0],
    ['label_replace(x, "a", "b", "c", "d")', /the function label_replace/, 0],
    ['absent(x)', /the function absent/, 0],
    ['"text"', /a text as an expression/, 0],
    ['1 atan2 2', /atan2/, 2],
  ];
  for (const [query, message, offset] of unsupported) {
    test(`${query} is named as unsupported`, () => {
      const fault = faultOf(query);
      assert.deepEqual([fault.kind, fault.offset], ['unsupported', offset]);
      assert.match(fault.message, message);
    });
  }

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['', /expected a selector/],
    ['rate(x)', /rate takes a range selector .* found an instant vector/],
    ['rate(x[5m]', /expected "\)", found the end/],
    ['rate(x[5m], 1)', /takes 1 argument, found 2/],
    ['rate()', /takes 1 argument, found 0/],
    ['x[5m]', /a range selector stands alone/],
    ['x[5m] + 1', /takes no range selector/],
    ['-x[5m]', /sign before a range selector/],
    ['raet(x[5m])', /there is no function raet/],
    ['{}', /needs a metric name/],
    ['{a=~".*"}', /needs a metric name/],
    ['{a=~"("}', /not a regular expression/],
    ['x{a}', /expected one of/],
    ['x{a=1}', /a text in quotes/],
    ['x{a="1" b="2"}', /expected "}"/],
    ['x[5]m]', /expected|operator/],
    ['x[0s]', /longer than zero/],
    ['1 == 2', /needs bool/],
    ['a and 1', /takes vectors/],
    ['a + bool b', /bool goes with comparisons/],
    ['a b', /expected an operator or the end, found "b"/],
    ['a $ b', /unexpected "\$"/],
    ['sum by a (x)', /expected "\("/],
    ['x{a="\\q"}', /unknown escape/],
    ['quantile(x)', /takes 2 arguments/],
    ['clamp_max(x, y)', /takes a scalar as argument 2, found an instant vector/],
    ['('.repeat(2000), /nested deeper/],
    [`${'-'.repeat(2000)}1`, /nested deeper/],
  ];
  for (const [query, message] of wrong) {
    test(`${query.slice(0, 30)} is a syntax error`, () => {
      const fault = faultOf(query);
      assert.equal(fault.kind, 'syntax');
      assert.match(fault.message, message);
    });
  }

  test('no text makes the parser do anything but answer (property)', () => {
    const word = fc.constantFrom(
      ...'sum rate by ( ) [ ] { } 5m 1 , x "a" = =~ + - ^ offset bool on and or : @ inf'.split(' '),
    );
    const query = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 20 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(query, (text) => {
        try {
          parsePromql(text);
        } catch (fault) {
          assert.ok(fault instanceof PromqlFault, String(fault));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
