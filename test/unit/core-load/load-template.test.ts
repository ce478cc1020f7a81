// Templates and JSON paths: what parses into what, and what is refused with which words.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJsonPath, valueAt } from '../../../src/core/load/json-path.ts';
import { parseTemplate } from '../../../src/core/load/template.ts';

describe('template', () => {
  const cases: Record<string, readonly unknown[]> = {
    '': [],
    'plain text, even with $ and { } in it': [{ kind: 'text', text: 'plain text, even with $ and { } in it' }],
    '/users/${id}/x': [
      { kind: 'text', text: '/users/' },
      { kind: 'variable', name: 'id' },
      { kind: 'text', text: '/x' },
    ],
    '${env:TOKEN}${uuid}': [{ kind: 'env', name: 'TOKEN' }, { kind: 'uuid' }],
    '${ int( -5, 100 ) }': [{ kind: 'int', min: -5, max: 100 }],
    '${users.name}': [{ kind: 'variable', name: 'users.name' }],
    '${now}': [{ kind: 'now' }],
    'cost $${price} and ${x}': [
      { kind: 'text', text: 'cost ${price} and ' },
      { kind: 'variable', name: 'x' },
    ],
  };
  for (const [text, parts] of Object.entries(cases)) {
    it(`parses "${text}"`, () => assert.deepEqual(parseTemplate(text), { ok: true, value: parts }));
  }

  const broken: Record<string, readonly [number, RegExp]> = {
    'a${b': [1, /never closed/],
    '${}': [0, /not known/],
    'x${1+1}': [1, /not known/],
    '${int(9,1)}': [0, /must not exceed/],
    '${env:}': [0, /not known/],
  };
  for (const [text, [offset, message]] of Object.entries(broken)) {
    it(`refuses "${text}"`, () => {
      const parsed = parseTemplate(text);
      assert.ok(!parsed.ok);
      assert.equal(parsed.error.offset, offset);
      assert.match(parsed.error.message, message);
    });
  }
});

describe('JSON path', () => {
  const document = { id: 7, items: [{ id: 'a' }, { id: 'b', 'odd key': true }], nothing: null };
  const cases: Record<string, unknown> = {
    $: document,
    '$.id': 7,
    id: 7,
    '$.items[0].id': 'a',
    'items[-1].id': 'b',
    "$.items[1]['odd key']": true,
    '$["items"][0]["id"]': 'a',
    '$.nothing': null,
    '$.nothing.more': undefined,
    '$.items[9].id': undefined,
    '$.toString': undefined,
    '$.items.length': undefined,
  };
  for (const [text, wanted] of Object.entries(cases)) {
    it(`reads ${text}`, () => {
      const path = parseJsonPath(text);
      assert.ok(path.ok);
      assert.deepEqual(valueAt(document, path.value), wanted);
    });
  }

  for (const text of ['$.', '$..id', '$[*]', '$[', 'a b', '$.a[1.5]']) {
    it(`refuses "${text}"`, () => {
      const path = parseJsonPath(text);
      assert.ok(!path.ok);
      assert.match(path.error, /not understood at position \d+/);
    });
  }
});
