// Tokens and roles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayActAs, parseTokens, roleOf } from '../../../src/server/tokens.ts';

test('every token has its role, unknown ones have none', () => {
  const tokens = parseTokens('viewer:look-only-1,runner:start-runs\nadmin:all-powers');
  assert.ok(tokens.ok);
  assert.equal(roleOf('look-only-1', tokens.value), 'viewer');
  assert.equal(roleOf('start-runs', tokens.value), 'runner');
  assert.equal(roleOf('all-powers', tokens.value), 'admin');
  assert.equal(roleOf('look-only-2', tokens.value), undefined);
  assert.equal(roleOf('', tokens.value), undefined);
});

test('a role may do what lesser roles may, never more', () => {
  assert.ok(mayActAs('admin', 'runner'));
  assert.ok(mayActAs('viewer', 'viewer'));
  assert.ok(!mayActAs('viewer', 'runner'));
  assert.ok(!mayActAs('runner', 'admin'));
});

for (const [name, text] of [
  ['an unknown role', 'root:some-long-secret'],
  ['a missing role', 'some-long-secret'],
  ['a short token', 'admin:abc'],
  ['a token with two roles', 'viewer:some-long-secret admin:some-long-secret'],
] as const) {
  test(`${name} is refused, and the message keeps the secret`, () => {
    const parsed = parseTokens(text);
    assert.equal(parsed.ok, false);
    assert.ok(parsed.ok || !parsed.error.includes('some-long-secret'));
  });
}

test('a token may be named twice with the same role', () => {
  assert.ok(parseTokens('viewer:look-only-1\nviewer:look-only-1').ok);
});
