// Statements and URLs that differ only in values read the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  hasParameter,
  isCompleteSelect,
  normaliseStatement,
} from '../../../../src/core/trace/spans/normalise-statement.ts';
import { isPaging, normaliseUrl } from '../../../../src/core/trace/spans/normalise-url.ts';
import { isCancelText, isTimeoutText } from '../../../../src/core/trace/spans/outcome-text.ts';

describe('statements', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["SELECT * FROM t WHERE id = 17 AND name = 'x'", 'select * from t where id = ? and name = ?'],
    ['SELECT a FROM t WHERE id IN (1, 2, 3)', 'select a from t where id in (?)'],
    ['SELECT a FROM t WHERE id IN ($1,$2)', 'select a from t where id in (?)'],
    ["INSERT INTO t (a) VALUES (1,'x'), (2,'y')", 'insert into t (a) values (?)'],
    ['SELECT  a\n FROM t -- why\n WHERE b = %s', 'select a from t where b = ?'],
    ['SELECT a FROM table2 WHERE b = :name', 'select a from table2 where b = ?'],
    ["SELECT 'it''s' /* trace 7 */", 'select ?'],
  ];
  for (const [statement, expected] of cases) {
    test(statement, () => assert.equal(normaliseStatement(statement), expected));
  }

  test('a statement that needs a value has a parameter', () => {
    assert.ok(hasParameter('SELECT a FROM t WHERE b = $1'));
    assert.ok(hasParameter("SELECT a FROM t WHERE b = 'x'"));
    assert.ok(!hasParameter('SELECT COUNT(*) FROM products'));
  });

  test('only whole SELECTs count as reads', () => {
    assert.ok(isCompleteSelect(' select 1'));
    assert.ok(!isCompleteSelect('SELECT a, b, ...'));
    assert.ok(!isCompleteSelect('UPDATE t SET a = 1'));
  });
});

describe('URLs', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['http://shop:80/carts/17/lines?page=2', 'http://shop:80/carts/*/lines?page=*'],
    ['/1001/weather.json', '/*/weather.json'],
    ['/a/0af7651916cd43dd8448eb211c80319c', '/a/*'],
    ['/a/123e4567-e89b-12d3-a456-426614174000/b', '/a/*/b'],
    ['/posts/42-why-it-broke', '/posts/*'],
    ['/v1/users?b=1&a=2#top', '/v1/users?a=*&b=*'],
    ['/v1/users', '/v1/users'],
  ];
  for (const [url, expected] of cases) {
    test(url, () => assert.equal(normaliseUrl(url), expected));
  }

  test('a cursor asks for the next page', () => {
    assert.ok(isPaging('http://shop/items?cursor=abc'));
    assert.ok(!isPaging('http://shop/items?id=7'));
  });
});

describe('outcomes', () => {
  for (const text of [
    'timeout',
    'ETIMEDOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'DeadlineExceeded',
    'context deadline exceeded',
    'AbortError',
    'request timed out',
  ]) {
    test(`${text} is a time-out`, () => assert.ok(isTimeoutText(text)));
  }
  test('a refused connection is none', () => assert.ok(!isTimeoutText('ECONNREFUSED')));
  test('a cancelled call is no failure of its callee', () =>
    assert.ok(isCancelText('cancelled') && !isCancelText('timeout')));
});
