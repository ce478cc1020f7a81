// The JSON documents of a file: one a line, or the whole file as one.
import { parseJsonExactly } from '../shared/otlp/read-json.ts';
import { fileFault } from './file-error.ts';

/** One document and the 1-based line that it starts on. */
export interface JsonDocument {
  readonly line: number;
  readonly value: unknown;
}

/**
 * Yields the documents in order. When the first line is not a whole document, the file is read as one. A document may have at most
 * `maxDocumentBytes` (V8 holds no text above 512 MB); with one document a line the file may be of any size.
 */
export async function* jsonDocuments(
  path: string,
  pieces: AsyncIterable<Buffer>,
  maxDocumentBytes: number,
): AsyncGenerator<JsonDocument> {
  let isFirst = true;
  const lines = linesOf(path, pieces, maxDocumentBytes);
  for await (const line of lines) {
    if (line.text.trim() === '') continue;
    const parsed = parseJsonExactly(line.text);
    if (parsed.ok) yield { line: line.number, value: parsed.value };
    else if (isFirst) return yield await wholeDocument(path, line, lines, maxDocumentBytes);
    else throw fileFault('malformed', path, parsed.error.message, line.number);
    isFirst = false;
  }
}

interface Line {
  readonly number: number;
  readonly text: string;
}

async function wholeDocument(
  path: string,
  first: Line,
  rest: AsyncIterable<Line>,
  maxDocumentBytes: number,
): Promise<JsonDocument> {
  const texts = [first.text];
  let length = first.text.length;
  for await (const line of rest) {
    texts.push(line.text);
    length += line.text.length + 1;
    if (length > maxDocumentBytes) throw tooLarge(path, maxDocumentBytes);
  }
  const parsed = parseJsonExactly(texts.join('\n'));
  if (parsed.ok) return { line: first.number, value: parsed.value };
  const line = lineOfFault(parsed.error.message, texts.join('\n'));
  throw fileFault('malformed', path, parsed.error.message, line === undefined ? undefined : first.number - 1 + line);
}

/** V8 names the line, or shows a piece of the text around the fault, ten characters before it: `Unexpected token 'o', ..."Spans": [ oops }" is not valid JSON`. */
function lineOfFault(message: string, text: string): number | undefined {
  const named = /\(line (\d+) column/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  const shown = /, (\.\.\.)?"([\s\S]*)"(?:\.\.\.)? is not valid JSON$/.exec(message);
  const piece = shown?.[2];
  if (piece === undefined) return undefined;
  const at = text.indexOf(piece);
  if (at < 0 || text.indexOf(piece, at + 1) >= 0) return undefined;
  return text.slice(0, at + (shown?.[1] === undefined ? 0 : 10)).split('\n').length;
}

async function* linesOf(path: string, pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let to = piece.indexOf(0x0a); to >= 0; to = piece.indexOf(0x0a, from)) {
      if (pendingBytes + to - from > maxBytes) throw tooLarge(path, maxBytes, number);
      yield { number, text: textOf([...pending, piece.subarray(from, to)], number) };
      pending = [];
      pendingBytes = 0;
      number += 1;
      from = to + 1;
    }
    if (from === piece.length) continue;
    pending.push(piece.subarray(from));
    pendingBytes += piece.length - from;
    if (pendingBytes > maxBytes) throw tooLarge(path, maxBytes, number);
  }
  if (pending.length > 0) yield { number, text: textOf(pending, number) };
}

/** The first line may begin with a byte-order mark. */
function textOf(parts: readonly Buffer[], line: number): string {
  const text = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8');
  return line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function tooLarge(path: string, maxBytes: number, line?: number): Error {
  const limit = Math.floor(maxBytes / 2 ** 20);
  return fileFault(
    'too-large',
    path,
    `a single JSON document above ${limit} MiB; write one document a line instead`,
    line,
  );
}
