// Replies of HTTP/1.x servers as bytes: well-formed, odd and broken, and a generator of more.
import type { Random } from '../../src/core/load/random.ts';

export interface RawReply {
  readonly name: string;
  readonly bytes: Buffer;
  readonly method: 'GET' | 'HEAD';
  /** Whether the server closes the connection after the last byte. */
  readonly closes: boolean;
}

type Kind = 'kept' | 'closed' | 'head';

const given: readonly (readonly [string, Kind, string])[] = [
  ['content-length', 'kept', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ['empty body', 'kept', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['no reason phrase', 'kept', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
  ['no space after the status', 'kept', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
  ['a long reason', 'kept', 'HTTP/1.1 404 Not Found At All Here\r\nContent-Length: 2\r\n\r\nno'],
  ['204', 'kept', 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n'],
  ['304 with a length', 'kept', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ['HEAD with a length', 'head', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
  ['HEAD that would be chunked', 'head', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['100 before 200', 'kept', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  [
    'two early hints before 200',
    'kept',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['chunked', 'kept', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'],
  ['chunked without chunks', 'kept', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  [
    'chunk sizes in both cases',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\nb\r\n01234567890\r\n0\r\n\r\n',
  ],
  [
    'leading zeros in a chunk size',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0003\r\nabc\r\n000\r\n\r\n',
  ],
  [
    'chunk extensions',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b;c="d e"\r\nabc\r\n0;last\r\n\r\n',
  ],
  [
    'trailers',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-More: two words\r\n\r\n',
  ],
  [
    'CR LF inside a chunk',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n\r\n0\r\n\r\r\n0\r\n\r\n',
  ],
  [
    'several codings, chunked last',
    'kept',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  ],
  ['odd case of field names', 'kept', 'HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh: 2\r\nX-MiXeD: Value\r\n\r\nok'],
  ['no space after the colon', 'kept', 'HTTP/1.1 200 OK\r\nContent-Length:2\r\nX-A:b\r\n\r\nok'],
  ['blanks and tabs around a value', 'kept', 'HTTP/1.1 200 OK\r\nContent-Length: \t 2 \t \r\nX-A: \t a b \t\r\n\r\nok'],
  ['an empty value', 'kept', 'HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Blank:   \r\nContent-Length: 2\r\n\r\nok'],
  ['bytes above 127 in a value', 'kept', 'HTTP/1.1 200 OK\r\nX-Name: J\xe9r\xf4me\r\nContent-Length: 2\r\n\r\nok'],
  [
    'two cookies',
    'kept',
    'HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
  ],
  [
    'many fields',
    'kept',
    `HTTP/1.1 200 OK\r\n${Array.from({ length: 60 }, (_, i) => `X-${i}: ${'v'.repeat(i)}\r\n`).join('')}Content-Length: 2\r\n\r\nok`,
  ],
  [
    'a keep-alive hint',
    'kept',
    'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['connection: close', 'closed', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
  ['several connection options', 'closed', 'HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 2\r\n\r\nok'],
  ['until close', 'closed', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nall of it, until the end'],
  ['until close, HTTP/1.0', 'closed', 'HTTP/1.0 200 OK\r\n\r\nold times'],
  ['until close, empty', 'closed', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['HTTP/1.0 with a length', 'closed', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/1.0 kept alive', 'kept', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
  ['500 with a body', 'kept', 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops'],
  ['a status nobody knows', 'kept', 'HTTP/1.1 799 Odd\r\nContent-Length: 2\r\n\r\nok'],
  ['cut short body', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
  ['cut short chunks', 'closed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
  ['cut short before the last chunk', 'closed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ['cut short head', 'closed', 'HTTP/1.1 200 OK\r\nContent-Le'],
  ['nothing at all', 'closed', ''],
  [
    'length and chunked',
    'closed',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'chunked and length',
    'closed',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
  ],
  ['two lengths', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
  ['the same length twice', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
  ['a list of lengths', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
  ['a negative length', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok'],
  ['a length with a letter', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 2a\r\n\r\nok'],
  ['an endless length', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nok'],
  [
    'a chunk size that is no number',
    'closed',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n',
  ],
  ['an empty chunk size', 'closed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n'],
  [
    'an endless chunk size',
    'closed',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\nabc',
  ],
  [
    'a chunk longer than its size',
    'closed',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n',
  ],
  ['a blank before the colon', 'closed', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'],
  ['a field without a colon', 'closed', 'HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok'],
  ['a field without a name', 'closed', 'HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nok'],
  ['a folded field', 'closed', 'HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\nContent-Length: 2\r\n\r\nok'],
  ['a NUL in a value', 'closed', 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\nok'],
  ['a lone CR in a value', 'closed', 'HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 2\r\n\r\nok'],
  ['bare LF lines', 'closed', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['a bare LF after a field', 'closed', 'HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 2\r\n\r\nok'],
  ['a two-digit status', 'closed', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a four-digit status', 'closed', 'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of letters', 'closed', 'HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nok'],
  ['another protocol', 'closed', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a protocol in lower case', 'closed', 'http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/3.0', 'closed', 'HTTP/3.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a switch of protocols', 'closed', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  [
    'a head without end',
    'closed',
    `HTTP/1.1 200 OK\r\n${Array.from({ length: 80 }, (_, i) => `X-${i}: ${'v'.repeat(1000)}\r\n`).join('')}Content-Length: 2\r\n\r\nok`,
  ],
];

/** The hand-written replies. */
export const replies: readonly RawReply[] = given.map(([name, kind, text]) => ({
  name,
  bytes: Buffer.from(text, 'latin1'),
  method: kind === 'head' ? 'HEAD' : 'GET',
  closes: kind === 'closed',
}));

/** A well-formed reply with random status, fields, framing and body. */
export function randomReply(random: Random): RawReply {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  const method = random.next() < 0.1 ? 'HEAD' : 'GET';
  const status = pick([200, 201, 204, 206, 301, 304, 400, 404, 429, 500, 503]);
  const body = Array.from({ length: Math.floor(random.next() * 60) }, () =>
    pick(['a', 'Z', '\r', '\n', '\r\n', '0', ' ', '\xff']),
  ).join('');
  const interim = random.next() < 0.1 ? 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n' : '';
  let head = `${interim}HTTP/1.1 ${status} ${pick(['OK', '', 'Some Reason'])}\r\n`;
  for (let i = Math.floor(random.next() * 6); i > 0; i -= 1) {
    head += `${pick(['X-One', 'x-two', 'Server', 'Content-Type'])}:${pick(['', ' ', '\t '])}${pick(['v', 'a b', '', '"q;d"'])}\r\n`;
  }
  const framing = pick(['length', 'chunked', 'close'] as const);
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  if (framing === 'length') head += `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n`;
  else if (framing === 'chunked') head += 'Transfer-Encoding: chunked\r\n\r\n';
  else head += 'Connection: close\r\n\r\n';
  const content = bodiless ? '' : framing === 'chunked' ? chunked(body, random) : body;
  return {
    name: `random ${status} ${framing}`,
    bytes: Buffer.from(head + content, 'latin1'),
    method,
    closes: framing === 'close',
  };
}

function chunked(body: string, random: Random): string {
  let text = '';
  for (let at = 0; at < body.length; ) {
    const piece = body.slice(at, at + 1 + Math.floor(random.next() * 20));
    text += `${piece.length.toString(16)}${random.next() < 0.2 ? ';x=y' : ''}\r\n${piece}\r\n`;
    at += piece.length;
  }
  return `${text}0\r\n${random.next() < 0.2 ? 'X-Trailer: 1\r\n' : ''}\r\n`;
}
