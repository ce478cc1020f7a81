// Every broken document gets exactly the diagnostics that stand in its first lines, and the messages that stand in messages.txt.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { diagnosticCodes } from '../../../src/spec/diagnostics/diagnostic-codes.ts';
import { parseVerifications } from '../../../src/spec/parse-documents.ts';
import { renderDiagnostic } from '../../../src/spec/render-diagnostic.ts';

const folder = new URL('../../fixtures/broken/', import.meta.url);
const golden = new URL('messages.txt', folder);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

function read(name: string): {
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly text: string;
} {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const environment = (variable: string): string | undefined => (variable === 'UNIT' ? 'furlongs' : undefined);
  const { diagnostics, verifications } = parseVerifications([{ file: name, text }], { environment });
  if (diagnostics.some(({ severity }) => severity === 'error'))
    assert.deepEqual(
      verifications.map((each) => each.name).filter((each) => each !== 'checkout'),
      [],
    );
  return {
    expected: [...text.matchAll(/^# expect (\S+ \S+)$/gm)].map((match) => match[1] ?? '').sort(),
    found: diagnostics.map(({ code, range }) => `${code} ${range.line}:${range.column}`).sort(),
    text: diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n\n'),
  };
}

test('the corpus is there', () => assert.ok(names.length >= 100, `${names.length} documents`));

for (const name of names) {
  test(`${name} is diagnosed where it is broken`, () => {
    const { expected, found } = read(name);
    assert.ok(expected.length > 0, 'the file says what to expect');
    assert.deepEqual(found, expected);
  });
}

test('the messages read as they were reviewed (UPDATE_MESSAGES=1 writes them)', () => {
  const messages = names.map((name) => `## ${name}\n\n${read(name).text}\n`).join('\n');
  if (process.env['UPDATE_MESSAGES'] === '1') writeFileSync(golden, messages);
  assert.equal(messages, readFileSync(golden, 'utf8'));
});

test('every error of the language has a document that provokes it', () => {
  const provoked = new Set(names.flatMap((name) => read(name).found.map((place) => place.split(' ')[0])));
  const elsewhere = ['SPEC_OVERRIDE'];
  const silent = Object.keys(diagnosticCodes).filter((code) => code.startsWith('SPEC_') && !provoked.has(code));
  assert.deepEqual(silent, elsewhere);
});
