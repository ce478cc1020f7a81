// YAML's own means: anchors, merges, multi-line texts; and the way from a character of a value to its place in the file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectDiagnostics } from '../../../../src/spec/diagnostics/diagnose.ts';
import { type LocatedNode, nodeAt, plainValue } from '../../../../src/spec/yaml/located-node.ts';
import { readYaml } from '../../../../src/spec/yaml/read-yaml.ts';
import { rangeOf, sourceText } from '../../../../src/spec/yaml/source-text.ts';

function locate(text: string): { readonly root: LocatedNode | undefined; readonly codes: readonly string[] } {
  const { diagnose, diagnostics } = collectDiagnostics();
  const [root] = readYaml(sourceText('a.yaml', text), diagnose);
  return { root, codes: diagnostics().map(({ code, range }) => `${code} ${range.line}:${range.column}`) };
}

function read(text: string): unknown {
  const { root, codes } = locate(text);
  assert.deepEqual(codes, []);
  return root === undefined ? undefined : plainValue(root);
}

test('anchors, aliases and merges', () => {
  assert.deepEqual(read('a: &x { p: 1, q: 2 }\nb: *x\nc: { <<: *x, q: 3 }\nd: { <<: [*x, { r: 4 }] }\n'), {
    a: { p: 1, q: 2 },
    b: { p: 1, q: 2 },
    c: { q: 3, p: 1 },
    d: { p: 1, q: 2, r: 4 },
  });
});

test('a quoted << is a key like any other', () => assert.deepEqual(read('"<<": { a: 1 }\n'), { '<<': { a: 1 } }));

test('an anchor may be used anew', () => assert.deepEqual(read('a: &x 1\nb: &x 2\nc: *x\n'), { a: 1, b: 2, c: 2 }));

test('keys that objects have anyway are keys like any other', () => {
  assert.deepEqual(Object.keys(read('__proto__: 1\nconstructor: 2\ntoString: 3\n') as object), [
    '__proto__',
    'constructor',
    'toString',
  ]);
});

test('duplicate keys are found in a mapping of 50,000 without delay', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `k${i % 49_999}: 1`).join('\n');
  assert.deepEqual(locate(text).codes, ['SPEC_YAML_DUPLICATE_KEY 50000:1']);
});

/** Where the caret of each character of the value of `a` stands, as the source's characters. */
function traced(text: string): string {
  const node = nodeAt(locate(text).root!, ['a']);
  assert.ok(node?.kind === 'scalar');
  return [...node.text].map((_, index) => text[node.offsetAt(index)]).join('');
}

const scalars: readonly (readonly [string, string, string])[] = [
  ['plain', 'a: p99 <= 300ms\n', 'p99 <= 300ms'],
  ['plain with a comment', 'a: p99 <= 300ms # limit\n', 'p99 <= 300ms'],
  ['plain over two lines', 'a: p99\n  <= 300ms\n', 'p99\n<= 300ms'],
  ['double-quoted', 'a: "p99 <= 300ms"\n', 'p99 <= 300ms'],
  ['double-quoted with escapes', 'a: "p\\u0039\\x39 <= \\"3\\""\n', 'p\\\\ <= \\3\\'],
  ['double-quoted over two lines', 'a: "p99 <=\n   300ms"\n', 'p99 <=\n300ms'],
  ['double-quoted with a continued line', 'a: "p99 \\\n   <= 3"\n', 'p99 <= 3'],
  ['single-quoted', "a: 'it''s p99'\n", "it's p99"],
  ['literal block', 'a: |\n  p99\n  <= 3\n', 'p99\n<= 3\n'],
  ['folded block', 'a: >-\n  p99\n  <= 3\n', 'p99\n<= 3'],
  ['folded block with an indentation indicator', 'a: >2-  # why\n    p99\n  <= 3\n', '  p99\n<= 3'],
];
for (const [name, text, expected] of scalars)
  test(`carets inside a ${name} scalar`, () => assert.equal(traced(text), expected));

test('offsets behind the end stay at the end', () => {
  const node = nodeAt(locate('a: abc\n').root!, ['a']);
  assert.ok(node?.kind === 'scalar');
  assert.equal(node.offsetAt(99), 6);
});

test('ranges count lines and columns from 1, end exclusive', () => {
  const source = sourceText('a.yaml', 'x: 1\r\nyy: two\r\n');
  assert.deepEqual(rangeOf({ source, from: 10, to: 13 }), {
    file: 'a.yaml',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 8,
  });
  assert.deepEqual(rangeOf({ source, from: 15, to: 15 }), {
    file: 'a.yaml',
    line: 3,
    column: 1,
    endLine: 3,
    endColumn: 2,
  });
});

test('two documents, one broken: the other is read', () => {
  const { diagnose, diagnostics } = collectDiagnostics();
  const roots = readYaml(sourceText('a.yaml', 'a: [1\n---\nb: 2\n'), diagnose);
  assert.deepEqual(roots.map(plainValue), [{ b: 2 }]);
  assert.equal(diagnostics().length, 1);
});

test('a file of too many values is refused before a tree is built of it', () => {
  for (const text of [`[${'a,'.repeat(200_001)}a]`, '- \n'.repeat(200_001), '[]\n'.repeat(200_001)])
    assert.deepEqual(locate(text).codes, ['SPEC_YAML_LIMIT 1:1']);
});
