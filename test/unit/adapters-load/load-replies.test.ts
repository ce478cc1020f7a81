// What is done with replies: expectations, captures, cookies, streams.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureOf } from '../../../src/adapters/load/counting/measures.ts';
import { chatChunk } from '../../../src/adapters/load/replies/chat-chunk.ts';
import { EventStream } from '../../../src/adapters/load/replies/event-stream.ts';
import { failureOf, messageOf } from '../../../src/adapters/load/replies/failure-of.ts';
import { replyCheck } from '../../../src/adapters/load/replies/reply-check.ts';
import { SseDecoder } from '../../../src/adapters/load/replies/sse-decoder.ts';
import { CookieJar } from '../../../src/adapters/load/requests/cookie-jar.ts';
import { createExchange } from '../../../src/adapters/load/requests/exchange.ts';
import type { Exchange, PhasedStep } from '../../../src/adapters/load/requests/hot-path.ts';
import { millis } from '../../../src/core/model/units.ts';
import type { Step } from '../../../src/core/model/workload.ts';
import { step } from '../../support/load-plan.ts';

const reply = (fields: Partial<Exchange> = {}): Exchange => ({
  ...createExchange(undefined as unknown as PhasedStep),
  status: 200,
  endedMs: 10,
  ...fields,
});

function judged(expect: Step['expect'], fields: Partial<Exchange> = {}): string {
  const check = replyCheck(step({ expect }));
  assert.ok(check.ok);
  const exchange = reply(fields);
  check.value.judge(exchange);
  return exchange.failure === undefined ? 'good' : `${exchange.failure}: ${exchange.message}`;
}

describe('expectations', () => {
  it('take 1xx to 3xx as good without a status', () => {
    assert.equal(judged({}, { status: 302 }), 'good');
    assert.equal(judged({}, { status: 404 }), 'status: status 404');
  });

  it('take a set of statuses', () => {
    const status = [
      { from: 200, to: 201 },
      { from: 404, to: 404 },
    ];
    assert.equal(judged({ status }, { status: 404 }), 'good');
    assert.equal(judged({ status }, { status: 202 }), 'status: status 202');
  });

  it('look at headers, JSON and latency from the intended start', () => {
    const headers = ['content-type', 'text/html'];
    assert.equal(judged({ headers: { 'Content-Type': 'text/html' } }, { headers }), 'good');
    assert.match(judged({ headers: { 'X-A': '1' } }, { headers }), /header x-a is absent, wanted "1"/);
    assert.equal(judged({ jsonPath: { '$.ok': true } }, { body: '{"ok":true}' }), 'good');
    assert.match(judged({ jsonPath: { '$.ok': true } }, { body: '{"ok":"true"}' }), /\$\.ok is "true", wanted true/);
    assert.match(judged({ jsonPath: { '$.ok': true } }, { body: 'not json' }), /\$\.ok is absent/);
    assert.match(judged({ maxLatency: millis(5) }, { dueMs: 2, sentMs: 9 }), /took 8\.0 ms, wanted at most 5 ms/);
  });

  it('refuse a path or pattern that is not understood', () => {
    const broken = replyCheck(
      step({
        expect: { jsonPath: { '$[*]': 1 } },
        captures: [{ variable: 'v', from: { kind: 'regex', pattern: '(', group: 1 } }],
      }),
    );
    assert.ok(!broken.ok);
    assert.match(broken.error, /capture "v".*JSON path/);
  });
});

describe('captures', () => {
  it('come from JSON, headers and patterns; what is not there is left out', () => {
    const captures = [
      { variable: 'id', from: { kind: 'jsonPath', path: '$.items[0].id' } },
      { variable: 'whole', from: { kind: 'jsonPath', path: '$.items' } },
      { variable: 'none', from: { kind: 'jsonPath', path: '$.nothing' } },
      { variable: 'etag', from: { kind: 'header', name: 'ETag' } },
      { variable: 'token', from: { kind: 'regex', pattern: '"id":(\\d+)', group: 1 } },
    ] as const;
    const check = replyCheck(step({ captures }));
    assert.ok(check.ok);
    assert.deepEqual([check.value.needsHeaders, check.value.needsBody], [true, true]);
    const variables = new Map<string, string>();
    check.value.capture(reply({ body: '{"items":[{"id":7}],"nothing":null}', headers: ['etag', 'W/1'] }), variables);
    assert.deepEqual(Object.fromEntries(variables), { id: '7', whole: '[{"id":7}]', etag: 'W/1', token: '7' });
  });
});

describe('captured numbers', () => {
  const captured = (body: string, path: string): string | undefined => {
    const check = replyCheck(step({ captures: [{ variable: 'v', from: { kind: 'jsonPath', path } }] }));
    assert.ok(check.ok);
    const variables = new Map<string, string>();
    const exchange = reply({ body });
    check.value.judge(exchange);
    check.value.capture(exchange, variables);
    return variables.get('v');
  };

  it('keep every digit, also where a double has fewer', () => {
    const body =
      '{"id":1234567890123456789,"n":-90071992547409931,"small":7,"ratio":0.25,"list":[12345678901234567890]}';
    assert.deepEqual(
      ['$.id', '$.n', '$.small', '$.ratio', '$.list[0]'].map((path) => captured(body, path)),
      ['1234567890123456789', '-90071992547409931', '7', '0.25', '12345678901234567890'],
    );
  });
});

describe('captures of failed replies', () => {
  const captures = [{ variable: 'id', from: { kind: 'jsonPath', path: '$.id' } }] as const;
  const captured = (expect: Step['expect'], fields: Partial<Exchange>): string | undefined => {
    const check = replyCheck(step({ captures, expect }));
    assert.ok(check.ok);
    const variables = new Map<string, string>();
    const exchange = reply({ body: '{"id":7}', ...fields });
    check.value.judge(exchange);
    check.value.capture(exchange, variables);
    return variables.get('id');
  };

  it('are none', () => {
    assert.equal(captured({}, { status: 500 }), undefined);
    assert.equal(captured({ jsonPath: { '$.id': 8 } }, {}), undefined);
  });

  it('are made where the reply was only late', () => {
    assert.equal(captured({ maxLatency: millis(5) }, { endedMs: 10 }), '7');
    assert.equal(captured({ maxLatency: millis(5), jsonPath: { '$.id': 8 } }, { endedMs: 10 }), undefined);
  });
});

describe('cookie jar', () => {
  const ORIGIN = 'http://a:80';
  const jarWith = (...lines: readonly string[]): CookieJar => {
    const jar = new CookieJar();
    jar.store(
      ORIGIN,
      '/shop/cart',
      lines.flatMap((line) => ['set-cookie', line]),
      1_000_000,
    );
    return jar;
  };

  it('sends cookies back to their origin and path', () => {
    const jar = jarWith('s=1; Path=/', 't=2; Path=/shop', 'u=3');
    assert.equal(jar.header(ORIGIN, '/shop/x?y', 1_000_000), 't=2; u=3; s=1');
    assert.equal(jar.header(ORIGIN, '/shopping', 1_000_000), 's=1');
    assert.equal(jar.header('http://b:80', '/shop', 1_000_000), undefined);
  });

  it('replaces, and forgets what has expired', () => {
    const jar = jarWith(
      's=1; Path=/',
      's=2; Path=/',
      'old=1; Path=/; Max-Age=0',
      'gone=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/',
    );
    assert.equal(jar.header(ORIGIN, '/', 1_000_000), 's=2');
    jar.store(ORIGIN, '/', ['set-cookie', 's=; Max-Age=-1'], 0);
    assert.equal(jar.header(ORIGIN, '/', 1_000_000), undefined);
  });

  it('keeps cookies of one name and different paths apart', () => {
    const jar = jarWith('sid=A; Path=/', 'sid=B; Path=/admin', 'sid=; Path=/legacy; Max-Age=0');
    assert.equal(jar.header(ORIGIN, '/checkout', 1_000_000), 'sid=A');
    assert.equal(jar.header(ORIGIN, '/admin/x', 1_000_000), 'sid=B; sid=A');
  });

  it('sends nothing that has expired meanwhile; Max-Age goes before Expires', () => {
    const jar = jarWith(
      'a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'b=2; Expires=Thu, 01 Jan 1970 00:20:00 GMT',
    );
    assert.equal(jar.header(ORIGIN, '/shop', 1_009_999), 'a=1; b=2');
    assert.equal(jar.header(ORIGIN, '/shop', 1_010_000), 'b=2');
    assert.equal(jar.header(ORIGIN, '/shop', 1_200_000), undefined);
  });

  it('ignores nonsense and never grows without bound', () => {
    const jar = jarWith('nonsense', '=x', ...Array.from({ length: 500 }, (_, i) => `c${i}=1; Path=/`));
    assert.equal(jar.header(ORIGIN, '/', 1_000_000)?.split('; ').length, 64);
  });
});

describe('event stream decoder', () => {
  const decode = (text: string): readonly string[] => {
    const found: string[] = [];
    const decoder = new SseDecoder((data) => found.push(data));
    const bytes = Buffer.from(text);
    decoder.write(bytes, 0, bytes.length);
    return found;
  };

  it('takes events with any line ending, joins data lines, skips comments and other fields', () => {
    assert.deepEqual(decode('data: a\n\ndata:b\r\n\r\ndata: c\r\rid: 1\ndata: d\ndata: e\n\n: note\n\n'), [
      'a',
      'b',
      'c',
      'd\ne',
    ]);
  });

  it('takes a byte order mark for no part of the first line', () => {
    assert.deepEqual(decode('\ufeffdata: a\n\ndata: \ufeffb\n\n'), ['a', '\ufeffb']);
  });

  it('leaves an unfinished event unfinished', () => {
    assert.deepEqual(decode('data: a\n'), []);
  });
});

describe('chat chunks', () => {
  const delta = (text: string): unknown => {
    const { kind, ...rest } = chatChunk(text);
    return kind === 'delta' ? rest : kind;
  };

  it('know content from an empty first delta', () => {
    const none = { hasContent: false, outputTokens: undefined, inputTokens: undefined };
    assert.deepEqual(delta('{"choices":[{"delta":{"role":"assistant","content":""}}]}'), none);
    assert.deepEqual(delta('{"choices":[{"delta":{"content":"Hi"}}]}'), { ...none, hasContent: true });
    assert.deepEqual(delta('{"choices":[{"delta":{"reasoning_content":"hm"}}]}'), { ...none, hasContent: true });
    assert.deepEqual(delta('{"choices":[{"text":"Hi"}]}'), { ...none, hasContent: true });
  });

  it('take tokens from usage', () => {
    assert.deepEqual(delta('{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34}}'), {
      hasContent: false,
      outputTokens: 34,
      inputTokens: 12,
    });
  });

  it('know the end, errors and nonsense', () => {
    assert.equal(delta('[DONE]'), 'done');
    for (const text of ['{"error":{"message":"overloaded"}}', 'nonsense', '3', 'null'])
      assert.equal(delta(text), 'error');
    for (const error of ['{"message":"overloaded"}', '"overloaded"']) {
      const chunk = chatChunk(`{"error":${error}}`);
      assert.equal(chunk.kind === 'error' ? chunk.message : '', 'the answer ended in an error: overloaded');
    }
  });
});

describe('streamed answers', () => {
  const answer = (use: 'chat' | 'events', pieces: readonly (readonly [number, string])[]): Exchange => {
    let now = 0;
    const stream = new EventStream(use, () => now);
    stream.reset();
    for (const [atMs, text] of pieces) {
      now = atMs;
      const bytes = Buffer.from(text);
      stream.write(bytes, 0, bytes.length);
    }
    const exchange = reply({ sentMs: 100, dueMs: 90, endedMs: 500 });
    stream.settle(exchange);
    return exchange;
  };
  const token = (text: string): string => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`;

  it('give time to first token, per token and between tokens', () => {
    const exchange = answer('chat', [
      [120, 'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n'],
      [150, token('a')],
      [160, token('b')],
      [190, `${token('c')}data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":9}}\n\ndata: [DONE]\n\n`],
    ]);
    assert.equal(exchange.failure, undefined);
    assert.equal(measureOf(exchange, 'ttft'), 50);
    assert.equal(measureOf(exchange, 'tpot'), 40 / 8);
    assert.deepEqual(exchange.stream?.gapsMs, [10, 30]);
    assert.equal(measureOf(exchange, 'itl'), 30);
    assert.equal(measureOf(exchange, 'outputTokens'), 9);
    assert.equal(measureOf(exchange, 'inputTokens'), 5);
    assert.equal(measureOf(exchange, 'responsePerToken'), 410 / 9);
  });

  it('count pieces where the server counts no tokens, and have no time per token with one', () => {
    const exchange = answer('chat', [[150, `${token('a')}data: [DONE]\n\n`]]);
    assert.equal(measureOf(exchange, 'outputTokens'), 1);
    assert.ok(Number.isNaN(measureOf(exchange, 'tpot')));
    assert.ok(Number.isNaN(measureOf(exchange, 'inputTokens')));
  });

  it('are not good without a token, without an end, or with an error', () => {
    assert.match(answer('chat', [[150, 'data: [DONE]\n\n']]).message, /had no token/);
    assert.match(answer('chat', [[150, token('a')]]).message, /ended without \[DONE\]/);
    assert.match(answer('chat', [[150, 'data: {"error":{"message":"busy"}}\n\n']]).message, /error: busy/);
    assert.match(answer('events', []).message, /no event/);
  });

  it('time any event stream', () => {
    const exchange = answer('events', [
      [110, 'data: 1\n\n'],
      [130, 'data: 2\n\n'],
    ]);
    assert.deepEqual(
      [exchange.failure, measureOf(exchange, 'ttft'), measureOf(exchange, 'outputTokens')],
      [undefined, 10, 2],
    );
  });
});

describe('failures of the client library', () => {
  it('of TLS are told in words', () => {
    const said = (message: string): string => messageOf(new Error(message));
    const ssl = (what: string): string => `C0A6:error:0A000460:SSL routines:ssl3_read_bytes:${what}:../deps/x.c:918:`;
    assert.match(said(ssl('tlsv1 alert no application protocol')), /does not speak this version of HTTP over TLS/);
    assert.equal(said(ssl('wrong version number')), 'the server does not speak TLS on this port');
    assert.equal(
      said('self-signed certificate; if the root CA is installed, try --use-system-ca'),
      'self-signed certificate',
    );
    assert.match(
      said("Hostname/IP does not match: IP: 127.0.0.1 is not in the cert's list: "),
      /127\.0\.0\.1 is not in its list$/,
    );
  });

  it('are named by kind', () => {
    const named = (code: string, message = '', cause?: Error): string =>
      failureOf(Object.assign(new Error(message, { cause }), code === '' ? {} : { code }));
    assert.equal(named('ECONNREFUSED'), 'connect');
    assert.equal(named('EMFILE'), 'connect');
    assert.equal(named('ENOTFOUND'), 'dns');
    assert.equal(named('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls');
    assert.equal(named('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls');
    assert.equal(named('UND_ERR_SOCKET', 'other side closed'), 'reset');
    assert.equal(named('UND_ERR_SOCKET', 'bad response'), 'protocol');
    assert.equal(named('HPE_INVALID_CONSTANT'), 'protocol');
    assert.equal(named('', '', Object.assign(new Error(), { code: 'ECONNRESET' })), 'reset');
  });
});
