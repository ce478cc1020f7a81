// No text makes the reader throw, hang or take more than near-linear time. Time-boxed: FUZZ_SECONDS (default 5); FUZZ_SEED repeats a run.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import fc from 'fast-check';
import { expandVerification } from '../../src/spec/expand.ts';
import { formatDocument } from '../../src/spec/format.ts';
import { lintVerifications } from '../../src/spec/lint.ts';
import { parseVerifications } from '../../src/spec/parse-documents.ts';
import { renderDiagnostic } from '../../src/spec/render-diagnostic.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 5);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_301);
const repository = new URL('../../', import.meta.url);
const readText = (file: string): string => readFileSync(new URL(file, repository), 'utf8');
const documents = [
  ...[
    'slos/checkout.yaml',
    'slos/examples/checkout-full.yaml',
    'slos/examples/llm.yaml',
    'test/fixtures/openslo/all-kinds.yaml',
  ].map(readText),
  ...readdirSync(new URL('test/fixtures/broken/', repository))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readText(`test/fixtures/broken/${name}`)),
];

/** Everything the room does with a text; the answer is checked for what must hold of any. */
function readAnything(text: string): void {
  const parsed = parseVerifications([{ file: 'a.yaml', text }], {
    environment: (name) => (name.length % 2 === 0 ? undefined : name),
    readFile: () => undefined,
  });
  const errors = parsed.diagnostics.filter(({ severity }) => severity === 'error');
  if (
    parsed.verifications.length === 0 &&
    errors.length === 0 &&
    text.includes('kind: Verification\n') &&
    !text.includes('#')
  )
    assert.fail('a verification vanished without a word');
  for (const diagnostic of [...parsed.diagnostics, ...lintVerifications(parsed.verifications, parsed.locate)]) {
    const { line, column, endLine, endColumn } = diagnostic.range;
    assert.ok(
      line >= 1 && column >= 1 && (endLine > line || (endLine === line && endColumn > column)),
      JSON.stringify(diagnostic),
    );
    assert.ok(diagnostic.message.length > 0 && diagnostic.message.length < 2000, 'a message for people');
    renderDiagnostic(diagnostic, text);
  }
  for (const verification of parsed.verifications) expandVerification(verification);
  formatDocument({ file: 'a.yaml', text }, 'object');
}

const settings = { seed, numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 250, markInterruptAsFailure: false };

test('random texts', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), readAnything), settings);
});

test('random YAML', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'spec',
      'kind',
      'requirements',
      'id',
      'type',
      'require',
      'latency',
      'p99 <= 300ms',
      '__proto__',
      'constructor',
      '<<',
      '*a',
      '&a',
      '!!str',
      '"',
      "'",
      '|',
      '>',
      '- ',
      '? ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '#',
      '\n',
      '  ',
      '---\n',
      '%',
      '${A}',
      '\t',
      '\r\n',
      '\u2028',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => readAnything(words.join(''))),
    settings,
  );
});

test('documents with pieces cut, doubled, swapped and replaced', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 40 }),
    text: fc.oneof(
      fc.constantFrom(
        '',
        '\n',
        '  ',
        '{',
        '}',
        '[',
        ']',
        ':',
        '- ',
        '"',
        '*x',
        '&x ',
        '${',
        '300',
        'null',
        '~',
        '!!int ',
        '<<: ',
      ),
      fc.string({ maxLength: 6 }),
    ),
  });
  fc.assert(
    fc.property(fc.nat(documents.length - 1), fc.array(change, { minLength: 1, maxLength: 5 }), (index, changes) => {
      let text = documents[index] ?? '';
      for (const { at, length, text: inserted } of changes) {
        const from = Math.floor(at * text.length);
        text = text.slice(0, from) + inserted + text.slice(from + length);
      }
      readAnything(text);
    }),
    settings,
  );
});

test('documents whose values are of any kind', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'null',
      '[]',
      '{}',
      '[{}]',
      '{a: {b: c}}',
      '-1',
      '1e999',
      '.nan',
      '.inf',
      '0x10',
      'true',
      '""',
      '[[[]]]',
      '{__proto__: 1}',
      '2026-01-01',
      '"${A}"',
    ),
    fc.json({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(fc.nat(3), fc.nat(), value, (index, nth, replacement) => {
      const lines = (documents[index] ?? '').split('\n');
      const keys = lines.flatMap((line, at) => (/^\s*(?:- )?[\w.]+:/.test(line) ? [at] : []));
      const at = keys[nth % keys.length] ?? 0;
      lines[at] = (lines[at] ?? '').replace(/:.*$/, `: ${replacement.replaceAll('\n', ' ')}`);
      readAnything(lines.join('\n'));
    }),
    settings,
  );
});

const req = (index: number): string => `    - { id: R-${index}, type: latency, require: p99 <= ${index + 1}ms }\n`;
const head =
  'apiVersion: faultline/v1alpha1\nkind: Verification\nmetadata: { name: a }\nspec:\n  service: s\n  workload: { target: http://a, scenarios: [{ name: a, steps: [{ get: / }] }], phases: [{ name: p, rate: 1/s, duration: 1m }] }\n  requirements:\n';

/** Shapes that make naive readers slow; `n` is about their length in characters. */
const hostile: Readonly<Record<string, (n: number) => string>> = {
  'deep lists': (n) => '['.repeat(n),
  'deep closed lists': (n) => '['.repeat(n / 2) + ']'.repeat(n / 2),
  'deep block lists': (n) => '- '.repeat(n / 2),
  'deep questions': (n) => '? '.repeat(n / 2),
  'deep mappings': (n) => '{a: '.repeat(n / 4),
  'indented deeper and deeper': (n) =>
    Array.from({ length: Math.sqrt(n * 2) }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'many keys': (n) => Array.from({ length: n / 8 }, (_, i) => `k${i}: 1`).join('\n'),
  'the same key': (n) => 'k: 1\n'.repeat(n / 5),
  'many anchors': (n) => Array.from({ length: n / 12 }, (_, i) => `- &a${i} x`).join('\n'),
  'aliases of aliases': (n) =>
    `a: &a [x]\n${Array.from({ length: Math.min(30, n / 30) }, (_, i) => `b${i}: &${'a'.repeat(i + 2)} [*${'a'.repeat(i + 1)}, *${'a'.repeat(i + 1)}]`).join('\n')}\n`,
  'many merges': (n) => `a: &a { x: 1 }\n${Array.from({ length: n / 14 }, (_, i) => `m${i}: { <<: *a }`).join('\n')}`,
  'many documents': (n) => '---\na: 1\n'.repeat(n / 9),
  'one long line': (n) => `a: "${'x'.repeat(n)}"`,
  'one long rule': (n) => `${head}    - { id: A, type: latency, require: "${'p99 <= 1ms and '.repeat(n / 15)}" }`,
  'one long template': (n) => head.replace('get: /', `get: "${'${a}'.repeat(n / 4)}"`),
  'one long reference': (n) => `a: "${'${'.repeat(n / 2)}"`,
  'many references': (n) => `a: "${'${A:-x}'.repeat(n / 7)}"`,
  escapes: (n) => `a: "${'\\x41'.repeat(n / 4)}"`,
  'single quotes': (n) => `a: '${"''".repeat(n / 2)}'`,
  'folded lines': (n) => `a: >\n${'  x\n'.repeat(n / 4)}`,
  'empty lines': (n) => `a: |\n${'\n'.repeat(n)}`,
  commas: (n) => `[${','.repeat(n)}]`,
  colons: (n) => `[${': '.repeat(n / 2)}]`,
  'errors on every line': (n) => 'a: b: c\n'.repeat(n / 8),
  'many requirements': (n) => head + Array.from({ length: n / 60 }, (_, i) => req(i)).join(''),
  'many unknown keys': (n) =>
    `${head}    - { id: A, type: latency, require: p99 <= 1ms, ${Array.from({ length: n / 10 }, (_, i) => `unk${i}: 1`).join(', ')} }`,
  'many requirements waiting in a row': (n) =>
    head +
    Array.from(
      { length: n / 80 },
      (_, i) => `    - { id: R-${i}, type: concurrency, require: "capacity >= 1 while [R-${i + 1}]" }\n`,
    ).join(''),
};

for (const [name, make] of Object.entries(hostile)) {
  test(`${name}: near-linear time`, () => {
    // Processor time: the machine may be busy with something else.
    const timed = (n: number): number => {
      const text = make(n);
      const start = process.cpuUsage();
      readAnything(text);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    const best = (n: number): number => Math.min(timed(n), timed(n));
    timed(2000);
    const small = best(25_000);
    const large = best(100_000);
    // Four times the text may take nine times as long; short times are noise.
    assert.ok(large < Math.max(400, small * 9), `25 kB: ${small.toFixed(0)} ms, 100 kB: ${large.toFixed(0)} ms`);
  });
}

test('files over 4 MiB are refused at once', () => {
  const start = performance.now();
  const { diagnostics } = parseVerifications([{ file: 'a.yaml', text: 'a: 1\n'.repeat(2_100_000) }], {
    environment: () => undefined,
  });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['SPEC_YAML_LIMIT'],
  );
  assert.ok(performance.now() - start < 1000);
});

test('the largest file that is read takes seconds, not minutes', () => {
  const text = Array.from({ length: 150_000 }, (_, i) => `key-number-${i}: value`).join('\n');
  const start = performance.now();
  readAnything(text);
  assert.ok(performance.now() - start < 20_000);
});

test('1,000 requirements are checked in less than a second', () => {
  const text =
    head +
    Array.from(
      { length: 1000 },
      (_, i) =>
        `    - id: R-${i}\n      title: Requirement ${i}\n      type: ${i % 2 === 0 ? 'latency' : 'errors'}\n      where: { scenario: a, route: GET / }\n      require: ${i % 2 === 0 ? 'p99 <= 300ms and p50 <= 80ms' : 'rate <= 1%'}\n      priority: must\n`,
    ).join('');
  parseVerifications([{ file: 'warm.yaml', text: head + req(0) }], { environment: () => undefined });
  const start = performance.now();
  const parsed = parseVerifications([{ file: 'a.yaml', text }], { environment: () => undefined });
  lintVerifications(parsed.verifications, parsed.locate);
  const took = performance.now() - start;
  assert.equal(parsed.verifications[0]?.requirements.length, 1000);
  assert.ok(took < 1000, `${took.toFixed(0)} ms`);
});
