// The response parser: where replies end, what they say, what is refused; whole, byte by byte and cut anywhere.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResponseParser } from '../../../src/adapters/load/replies/response-parser.ts';
import { replies } from '../../support/load-replies.ts';

interface Read {
  readonly parser: ResponseParser;
  readonly body: string;
  readonly stoppedAt: number;
}

function read(bytes: Buffer, pieces: readonly number[], isHead = false): Read {
  const parser = new ResponseParser();
  let body = '';
  parser.begin(isHead, true, {
    write: (piece, from, to) => {
      body += Buffer.from(piece.subarray(from, to)).toString('latin1');
    },
  });
  let at = 0;
  for (const end of [...pieces, bytes.length]) {
    while (at < end && !parser.done && !parser.failed) at = parser.execute(bytes, at, end);
  }
  if (!parser.done && !parser.failed) parser.finish();
  return { parser, body, stoppedAt: at };
}

const readText = (text: string): Read => read(Buffer.from(text, 'latin1'), []);

describe('response parser', () => {
  it('gives status, fields and body', () => {
    const { parser, body } = readText('HTTP/1.1 201 Created\r\nX-A: one two \r\nContent-Length: 3\r\n\r\nabc');
    assert.equal(parser.status, 201);
    assert.deepEqual(parser.headers, ['x-a', 'one two', 'content-length', '3']);
    assert.equal(body, 'abc');
    assert.equal(parser.bodyBytes, 3);
    assert.ok(parser.keepAlive);
  });

  it('stops behind the reply and leaves the rest alone', () => {
    const { parser, stoppedAt } = readText('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500');
    assert.ok(parser.done);
    assert.equal(stoppedAt, 40);
  });

  it('forgets interim replies', () => {
    const { parser } = readText('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nX-B: 1\r\n\r\n');
    assert.equal(parser.status, 204);
    assert.deepEqual(parser.headers, ['x-b', '1']);
  });

  it('says when an interim reply has ended and whether anything follows', () => {
    const parser = new ResponseParser();
    parser.begin(false, false, undefined);
    const feed = (text: string): readonly boolean[] => {
      const bytes = Buffer.from(text);
      parser.execute(bytes, 0, bytes.length);
      return [parser.tookInterim(), parser.betweenReplies];
    };
    assert.deepEqual(feed('HTTP/1.1 103 Early Hints\r\n'), [false, false]);
    assert.deepEqual(feed('\r\n'), [true, true]);
    assert.deepEqual(feed('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 2'), [true, false]);
    assert.deepEqual(feed('04 No Content\r\n\r\n'), [false, false]);
    assert.ok(parser.done);
  });

  it('reads how long an idle connection is kept, in whatever words', () => {
    const seconds = (value: string): number =>
      readText(`HTTP/1.1 204 No Content\r\nKeep-Alive:${value}\r\n\r\n`).parser.keepAliveSeconds;
    const cases: Readonly<Record<string, number>> = {
      ' timeout=5': 5,
      'Timeout=72, max=100': 72,
      ' timeout=5,max=1': 5,
      ' max=100, timeout=15': 15,
      ' timeout = 8': 8,
      ' timeout=123456': 123_456,
      ' timeout=1234567': 123_456,
      ' timeout=5 ; x': 5,
      ' timeout=': -1,
      ' timeout=x': -1,
      ' xtimeout=5': -1,
      ' max=5': -1,
      '': -1,
    };
    for (const [value, wanted] of Object.entries(cases)) assert.equal(seconds(value), wanted, value);
  });

  it('reads chunks by the last coding, in any case', () => {
    const bodyOf = (coding: string): string =>
      readText(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n1\r\na\r\n0\r\n\r\n`).body;
    assert.deepEqual(['chunked', 'Chunked', 'gzip, chunked', 'CHUNKED '].map(bodyOf), ['a', 'a', 'a', 'a']);
    assert.equal(bodyOf('chunkey'), '1\r\na\r\n0\r\n\r\n');
  });

  it('begins afresh for the next reply on the connection', () => {
    const parser = new ResponseParser();
    parser.begin(false, true, undefined);
    const first = Buffer.from(
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=7\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    );
    parser.execute(first, 0, first.length);
    assert.deepEqual([parser.done, parser.keepAliveSeconds, parser.bodyBytes], [true, 7, 1]);
    parser.begin(false, true, undefined);
    assert.equal(parser.started, false);
    const second = Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    parser.execute(second, 0, second.length);
    assert.deepEqual([parser.done, parser.status, parser.keepAliveSeconds, parser.bodyBytes], [true, 404, -1, 0]);
  });

  it('says what is wrong with a reply it refuses', () => {
    const cases: Record<string, RegExp> = {
      'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n': /Content-Length of the reply is not a number/,
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n':
        /both Content-Length and Transfer-Encoding/,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n': /chunk of the reply has no valid size/,
      'HTTP/1.1 101 Switching\r\n\r\n': /switches protocols/,
      'GARBAGE\r\n': /does not start with HTTP/,
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc': /closed in the middle of the reply/,
    };
    for (const [text, problem] of Object.entries(cases)) {
      const { parser } = readText(text);
      assert.ok(parser.failed, text);
      assert.match(parser.problem, problem);
      assert.equal(parser.keepAlive, false);
    }
  });

  for (const reply of replies.filter(({ bytes }) => bytes.length < 3000)) {
    it(`means the same by ${reply.name} in every cut`, () => {
      const meaning = ({ parser, body }: Read): unknown =>
        parser.failed
          ? { problem: parser.problem }
          : { status: parser.status, headers: parser.headers, body, keepAlive: parser.keepAlive };
      const isHead = reply.method === 'HEAD';
      const whole = meaning(read(reply.bytes, [], isHead));
      for (let cut = 1; cut < reply.bytes.length; cut += 1) {
        assert.deepEqual(meaning(read(reply.bytes, [cut], isHead)), whole, `cut at ${cut}`);
      }
      const bytes = Array.from({ length: reply.bytes.length }, (_, i) => i + 1);
      assert.deepEqual(meaning(read(reply.bytes, bytes, isHead)), whole, 'byte by byte');
    });
  }
});
