// Regular expressions of Prometheus mean here what they mean there, or are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PromqlFault } from '../../../src/adapters/scrape/promql/expression.ts';
import { wholeMatch } from '../../../src/adapters/scrape/promql/parse-selector.ts';

for (const [pattern, matching, others] of [
  ['5..', ['500'], ['50', '5000']],
  ['GET|POST', ['GET', 'POST'], ['GETPOST']],
  ['(?i)get', ['GET'], ['PUT']],
  ['[[:digit:]]+', ['17'], ['a', ':', 'digit']],
  ['[^[:space:]_]+', ['a-b'], ['a b', 'a_b']],
  ['[[:alpha:]-]+', ['a-b'], ['1']],
  ['[:digit:]', ['d', ':'], ['1']],
  ['(?P<code>4|5)..', ['404'], ['204']],
  ['(?:a|b)c', ['ac'], ['c']],
  ['\\d{2,3}', ['12', '123'], ['1', '1234']],
  ['\\A/api\\z', ['/api'], ['A/apiz', '/api/']],
  ['a\\-b\\_c\\/d\\"', ['a-b_c/d"'], ['abcd']],
  ['/orders/{id}', ['/orders/{id}'], ['/orders/id']],
  ['a]', ['a]'], ['a']],
  ['[]a]+', ['a]'], ['b']],
  ['[^]a]', ['b'], [']', 'a']],
  ['[[a]', ['[', 'a'], ['b']],
  ['[\\w-.]+', ['a-b.c'], ['a/b']],
  ['[\\w.-]+', ['a-b.c'], ['a/b']],
  ['\\x41\\x{1F600}', ['A😀'], ['A']],
  ['.', ['😀'], ['', 'ab']],
] as const) {
  test(`${pattern} matches ${matching.join(' and ')} alone`, () => {
    const whole = wholeMatch(pattern, 0);
    for (const text of matching) assert.ok(whole.test(text), text);
    for (const text of others) assert.ok(!whole.test(text), text);
  });
}

for (const [pattern, kind, message] of [
  ['\\pL+', 'unsupported', /\\p in a regular expression/],
  ['\\Qa.b\\E', 'unsupported', /\\Q in a regular expression/],
  ['[[:^digit:]]', 'unsupported', /\[:\^digit:\] in a regular expression/],
  ['[[:nothing:]]', 'unsupported', /\[:nothing:\]/],
  ['a(?=b)', 'syntax', /\(\?= is not of RE2/],
  ['(?<!a)b', 'syntax', /\(\?<! is not of RE2/],
  ['(a)\\1', 'syntax', /\\1 is not of RE2/],
  ['(', 'syntax', /not a regular expression: \(/],
  ['a\\y', 'syntax', /not a regular expression/],
  ['a**', 'syntax', /not a regular expression/],
] as const) {
  test(`${pattern} is refused, not answered with something similar`, () => {
    assert.throws(
      () => wholeMatch(pattern, 3),
      (fault) => {
        assert.ok(fault instanceof PromqlFault);
        assert.deepEqual([fault.kind, fault.offset], [kind, 3]);
        assert.match(fault.message, message);
        return true;
      },
    );
  });
}
