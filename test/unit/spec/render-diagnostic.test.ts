// Diagnostics as text and as JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../src/core/model/diagnostic.ts';
import { diagnosticsJson, renderDiagnostic } from '../../../src/spec/render-diagnostic.ts';

function diagnosticAt(line: number, column: number, length: number, rest: Partial<Diagnostic> = {}): Diagnostic {
  const range = { file: 'a.yaml', line, column, endLine: line, endColumn: column + length };
  return { code: 'SPEC_KEY_UNKNOWN', severity: 'error', message: 'unknown key `b`', range, ...rest };
}

test('code, message, place, source line, carets and help', () => {
  const text = renderDiagnostic(diagnosticAt(2, 3, 4, { help: 'did you mean `a`?' }), 'a:\n  bbbb: 1\n');
  assert.equal(
    text,
    [
      'error[SPEC_KEY_UNKNOWN]: unknown key `b`',
      ' --> a.yaml:2:3',
      '  |',
      '2 |   bbbb: 1',
      '  |   ^^^^',
      '  = help: did you mean `a`?',
    ].join('\n'),
  );
});

test('line numbers of several digits keep the bars in line', () => {
  const lines = renderDiagnostic(diagnosticAt(100, 1, 1), `${'\n'.repeat(99)}x\n`).split('\n');
  assert.deepEqual(lines.slice(1), ['   --> a.yaml:100:1', '    |', '100 | x', '    | ^']);
});

test('tabs stay tabs under the line', () => {
  assert.equal(renderDiagnostic(diagnosticAt(1, 3, 1), '\tx: 1\n').split('\n')[4], '  | \t ^');
});

test('a long line is cut around the caret', () => {
  const [, , , line, carets] = renderDiagnostic(
    diagnosticAt(1, 301, 3),
    `${'x'.repeat(300)}bad${'y'.repeat(300)}`,
  ).split('\n');
  assert.equal(line?.indexOf('bad'), carets?.indexOf('^^^'));
  assert.ok((line?.length ?? 0) < 140);
});

test('a range over several lines is marked to the end of its first', () => {
  const range = { file: 'a.yaml', line: 1, column: 4, endLine: 3, endColumn: 1 };
  assert.equal(renderDiagnostic(diagnosticAt(1, 4, 1, { range }), 'a: >-\n  x\n').split('\n')[4], '  |    ^^');
});

test('a place behind the last line still shows its place', () => {
  assert.match(renderDiagnostic(diagnosticAt(9, 1, 1), 'a\n'), /--> a\.yaml:9:1/);
});

test('an override of the command line has no source line', () => {
  const range = { file: '--set a=b', line: 1, column: 1, endLine: 1, endColumn: 2 };
  assert.equal(
    renderDiagnostic(diagnosticAt(1, 1, 1, { range }), ''),
    'error[SPEC_KEY_UNKNOWN]: unknown key `b`\n --> --set a=b',
  );
});

test('control characters of the document are shown, not obeyed; JSON keeps them as escapes', () => {
  const [esc, override] = ['\u001b', '\u202e'];
  const diagnostic = diagnosticAt(1, 6, 3, { message: `found ${esc}[31mred${override}`, help: `not ${esc}[0m\u0007` });
  const text = renderDiagnostic(diagnostic, `kind:\t${esc}[31mx\u009b\n`);
  assert.deepEqual(
    text.split('\n').filter((_, i) => i !== 1 && i !== 2 && i !== 4),
    ['error[SPEC_KEY_UNKNOWN]: found ␛[31mred·', '1 | kind:\t␛[31mx·', '  = help: not ␛[0m␇'],
  );
  assert.match(JSON.stringify(diagnosticsJson([diagnostic])), /found \\u001b\[31mred/);
});

test('paint does not change what is visible', () => {
  const marked = renderDiagnostic(diagnosticAt(1, 1, 1, { help: 'h' }), 'a\n', {
    paint: (tone, text) => `<${tone}>${text}</>`,
  });
  assert.equal(marked.replaceAll(/<[^>]*>/g, ''), renderDiagnostic(diagnosticAt(1, 1, 1, { help: 'h' }), 'a\n'));
});

test('JSON is flat, 1-based, without help where there is none', () => {
  assert.deepEqual(diagnosticsJson([diagnosticAt(2, 3, 4)]), {
    diagnostics: [
      {
        code: 'SPEC_KEY_UNKNOWN',
        severity: 'error',
        message: 'unknown key `b`',
        file: 'a.yaml',
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 7,
      },
    ],
  });
});
