// What the command line says about trace files of which spans cannot be used.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTraces } from '../../../src/cli/read-traces.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-read-traces-'));
after(() => rmSync(folder, { recursive: true }));

const span = (spanId: string): object => ({
  traceId: 'a'.repeat(32),
  spanId,
  name: 'x',
  startTimeUnixNano: '5',
  endTimeUnixNano: '9',
});
const lines = (...spanIds: readonly string[]): string =>
  spanIds.map((id) => `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span(id)] }] }] })}\n`).join('');

async function read(content: string) {
  const path = join(folder, 'traces.jsonl');
  writeFileSync(path, content);
  const said: string[] = [];
  const nothing = (): void => undefined;
  const traces = await readTraces([path], {
    out: nothing,
    error: (text) => said.push(text),
    style: plainStyle,
    errorStyle: plainStyle,
    width: 80,
    live: nothing,
    isLive: false,
  });
  return { spans: traces?.parent.length, said: said.join('\n').replaceAll(path, 'FILE') };
}

const good = 'b'.repeat(16);

test('nothing is said of spans that are all taken', async () => {
  assert.deepEqual(await read(lines(good)), { spans: 1, said: '' });
});

test('refused spans are counted, the first with place and reason; the others stand', async () => {
  const { spans, said } = await read(lines(good, 'xyz', 'uvw'));
  assert.equal(spans, 1);
  assert.match(
    said,
    /^faultline: 2 spans were refused and left out; the first: FILE:2: spanId must be 8 bytes .*"xyz"$/,
  );
});

test('when all spans are refused nothing is left to read', async () => {
  const { spans, said } = await read(lines('xyz'));
  assert.equal(spans, undefined);
  assert.match(said, /^faultline: FILE: no span can be used, 1 span was refused; the first: FILE:1: spanId/);
});

for (const [title, content] of [
  ['an empty file', ''],
  ['blank lines', '\n\n  \n'],
  ['a document without spans', '{"resourceSpans":[]}\n'],
] as const) {
  test(`${title}: the same error, with what was wanted and what to do`, async () => {
    const { spans, said } = await read(content);
    assert.equal(spans, undefined);
    assert.match(said, /^faultline: FILE: no spans found; wanted OTLP-JSON .*: check that the export ran/);
  });
}
