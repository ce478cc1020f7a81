// Replies from hell: however they are damaged and cut, the parser answers the same, within bounds, and never throws or stalls.
// FUZZ_SECONDS makes it longer, FUZZ_SEED varies it; each test says how many inputs it tried.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatChunk } from '../../src/adapters/load/replies/chat-chunk.ts';
import { MAX_HEAD_BYTES, ResponseParser } from '../../src/adapters/load/replies/response-parser.ts';
import { SseDecoder } from '../../src/adapters/load/replies/sse-decoder.ts';
import { KnownHead } from '../../src/adapters/load/requests/known-head.ts';
import { createRandom, type Random } from '../../src/core/load/random.ts';
import { randomReply, replies } from '../support/load-replies.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 3);
const random = createRandom(Number(process.env['FUZZ_SEED'] ?? 7));

function below(limit: number): number {
  return Math.floor(random.next() * limit);
}

const SPICE = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  ':',
  ' ',
  '\t',
  '0',
  'f',
  ';',
  '\0',
  '\xff',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'HTTP/1.1 200 OK\r\n',
  '99999999999999999999',
  '-1',
];

function damage(bytes: Buffer): Buffer {
  let text = bytes.toString('latin1');
  for (let i = below(5); i > 0; i -= 1) {
    const at = below(text.length + 1);
    const what = below(4);
    if (what === 0) text = text.slice(0, at) + text.slice(at + 1 + below(4));
    else if (what === 1) text = text.slice(0, at) + SPICE[below(SPICE.length)] + text.slice(at);
    else if (what === 2) text = text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
    else text = text.slice(0, at) + text.slice(below(at + 1), at) + text.slice(at);
  }
  return Buffer.from(text, 'latin1');
}

interface Meaning {
  readonly done: boolean;
  readonly problem: string;
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  readonly keepAlive: boolean;
  /** Bytes behind the end of the reply. */
  readonly left: number;
}

/** With a known head no headers are kept, as in the load engine. */
function read(bytes: Buffer, isHead: boolean, nextPiece: (left: number) => number, known?: KnownHead): Meaning {
  const parser = new ResponseParser();
  let body = '';
  const write = (piece: Uint8Array, from: number, to: number): void => {
    body += Buffer.from(piece.subarray(from, to)).toString('latin1');
  };
  parser.begin(isHead, known === undefined, { write }, known);
  let at = 0;
  while (at < bytes.length && !parser.done && !parser.failed) {
    const length = nextPiece(bytes.length - at);
    assert.ok(length > 0);
    // A buffer of its own: what the parser keeps must be a copy, for the next piece overwrites it.
    const piece = Buffer.from(bytes.subarray(at, at + length));
    const stopped = parser.execute(piece, 0, length);
    piece.fill(0x5a);
    assert.ok(
      stopped >= 0 && stopped <= length && (stopped === length || parser.done || parser.failed),
      'stops in bounds',
    );
    at += stopped;
  }
  const left = bytes.length - at;
  if (!parser.done && !parser.failed) parser.finish();
  assert.ok(parser.done || parser.failed, 'ends when the connection ends');
  assert.ok(parser.bodyBytes === body.length && body.length <= bytes.length);
  assert.ok(parser.failed || (parser.status >= 200 && parser.status <= 999));
  const { problem, status, headers, keepAlive } = parser;
  return parser.failed
    ? { done: false, problem, status: 0, headers: [], body: '', keepAlive, left: 0 }
    : { done: true, problem: '', status, headers: [...headers], body, keepAlive, left };
}

test('damaged replies mean the same in every cut', (t) => {
  const until = performance.now() + seconds * 500;
  let runs = 0;
  while (performance.now() < until) {
    const reply =
      random.next() < 0.5 ? randomReply(random) : (replies[below(replies.length)] as (typeof replies)[number]);
    const bytes = damage(reply.bytes);
    if (bytes.length > MAX_HEAD_BYTES) continue;
    const isHead = reply.method === 'HEAD';
    const whole = read(bytes, isHead, (left) => left);
    assert.deepEqual(
      read(bytes, isHead, () => 1),
      whole,
      `byte by byte: ${JSON.stringify(bytes.toString('latin1'))}`,
    );
    const most = 1 + below(20);
    assert.deepEqual(
      read(bytes, isHead, (left) => Math.min(left, 1 + below(most))),
      whole,
      `in pieces: ${JSON.stringify(bytes.toString('latin1'))}`,
    );
    runs += 1;
  }
  t.diagnostic(`inputs: ${runs} damaged replies (each in three cuts)`);
  assert.ok(runs > 100, `only ${runs} replies were tried`);
});

test('replies mean the same to a parser that knows the heads of those before', (t) => {
  const until = performance.now() + seconds * 250;
  let [runs, recalled] = [0, 0];
  const known = new KnownHead();
  while (performance.now() < until) {
    const reply =
      random.next() < 0.3 ? randomReply(random) : (replies[below(replies.length)] as (typeof replies)[number]);
    const isHead = reply.method === 'HEAD';
    for (let again = 0; again < 24; again += 1) {
      const bytes = random.next() < 0.5 ? reply.bytes : damage(reply.bytes);
      const most = random.next() < 0.7 ? bytes.length : 1 + below(20);
      const cut = (left: number): number => Math.min(left, most);
      if (known.meaningAt(bytes, 0, Math.min(bytes.length, most)) !== undefined) recalled += 1;
      const { headers: _, ...wanted } = read(bytes, isHead, cut);
      const { headers: __, ...found } = read(bytes, isHead, cut, known);
      assert.deepEqual(found, wanted, JSON.stringify(bytes.toString('latin1')));
      runs += 1;
    }
  }
  t.diagnostic(`inputs: ${runs} replies to a parser that knows heads, ${recalled} known heads`);
  assert.ok(recalled > 100, `only ${recalled} of ${runs} had the known head`);
});

test('noise is refused at once or when its head grows too large', (t) => {
  const until = performance.now() + seconds * 250;
  let runs = 0;
  while (performance.now() < until) {
    const noise = Buffer.from(Array.from({ length: 1 + below(300) }, () => below(256)));
    read(noise, false, (left) => Math.min(left, 1 + below(50)));
    runs += 1;
  }
  t.diagnostic(`inputs: ${runs} pieces of noise`);
  const parser = new ResponseParser();
  parser.begin(false, false, undefined);
  const endless = Buffer.from('HTTP/1.1 200 OK\r\nX: '.padEnd(1024, 'y'));
  let fed = 0;
  while (!parser.failed) {
    parser.execute(endless.subarray(fed === 0 ? 0 : 20), 0, fed === 0 ? endless.length : endless.length - 20);
    fed += 1;
    assert.ok(fed < 100, 'an endless line is refused');
  }
  assert.ok(parser.tooLarge);
});

test('event streams mean the same in every cut, whatever is in them', (t) => {
  const until = performance.now() + seconds * 250;
  let runs = 0;
  const parts = [
    'data: ',
    'data:',
    'data',
    'event: x',
    ': note',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    'x',
    '{"choices":[{"delta":{"content":"é"}}]}',
    '[DONE]',
    '\0',
    '\u2028',
  ];
  while (performance.now() < until) {
    const bytes = Buffer.from(Array.from({ length: below(30) }, () => parts[below(parts.length)]).join(''));
    const whole = events(bytes, random, bytes.length);
    assert.deepEqual(events(bytes, random, 1), whole, JSON.stringify(bytes.toString()));
    assert.deepEqual(events(bytes, random, 5), whole, JSON.stringify(bytes.toString()));
    for (const data of whole) chatChunk(data);
    runs += 1;
  }
  t.diagnostic(`inputs: ${runs} event streams (each in three cuts)`);
});

function events(bytes: Buffer, pieces: Random, most: number): readonly string[] {
  const found: string[] = [];
  const decoder = new SseDecoder((data) => found.push(data));
  for (let at = 0; at < bytes.length; ) {
    const to = Math.min(bytes.length, at + 1 + Math.floor(pieces.next() * most));
    decoder.write(bytes, at, most >= bytes.length ? bytes.length : to);
    at = most >= bytes.length ? bytes.length : to;
  }
  return found;
}
