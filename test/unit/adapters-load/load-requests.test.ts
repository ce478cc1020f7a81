// Requests as they go out: rendered templates, encodings, headers, trace context.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baggageOf } from '../../../src/adapters/load/requests/baggage.ts';
import { http1Request } from '../../../src/adapters/load/requests/http1-request.ts';
import { parseOrigin } from '../../../src/adapters/load/requests/origin.ts';
import { type RenderContext, stepRenderer } from '../../../src/adapters/load/requests/step-renderer.ts';
import {
  spanIdOf,
  TraceIds,
  traceparentPlaceholder,
  traceTail,
} from '../../../src/adapters/load/requests/trace-ids.ts';
import { createRandom } from '../../../src/core/load/random.ts';
import type { Step } from '../../../src/core/model/workload.ts';
import { step } from '../../support/load-plan.ts';

const PREFIX = '0123456789abcdef';

function render(
  fields: Parameters<typeof step>[0],
  variables: Record<string, string> = {},
  target = 'http://shop.test/api/',
) {
  const origin = parseOrigin(target);
  assert.ok(origin.ok);
  const renderer = stepRenderer(step(fields) as Step, {
    target: origin.value,
    environment: { TOKEN: 's3cret' },
    files: { 'a.bin': Buffer.from([1, 2, 3]) },
  });
  assert.ok(renderer.ok, renderer.ok ? '' : renderer.error);
  const context: RenderContext = {
    lookup: (name) => variables[name],
    random: createRandom(1),
    unixMs: 1_700_000_000_123.7,
    index: 5,
  };
  return { renderer: renderer.value, ...renderer.value.render(context) };
}

describe('step renderer', () => {
  it('puts the path below the target', () => {
    assert.equal(render({ path: '/cart' }).path, '/api/cart');
    assert.equal(render({ path: 'cart' }).path, '/api/cart');
    assert.equal(render({ path: '' }).path, '/api');
    assert.equal(render({ path: '${next}' }, { next: '/orders/1' }).path, '/api/orders/1');
    assert.equal(render({ path: '${next}' }, { next: 'orders/1' }, 'http://shop.test').path, '/orders/1');
  });

  it('sends an absolute URL to its own origin', () => {
    const { renderer, path } = render({ path: 'https://pay.test:8443/charge?x=1' });
    assert.equal(renderer.origin.key, 'https://pay.test:8443');
    assert.equal(path, '/charge?x=1');
  });

  it('encodes a value for its place', () => {
    const nasty = 'a b&"\r\nX-Evil: 1/\u00e9#?%41\ud800';
    const { path, headers, body } = render(
      {
        method: 'POST',
        path: '/p/${v}',
        query: { q: '${v}' },
        headers: { 'X-V': '${v}' },
        body: { kind: 'json', template: '{"v":"${v}"}' },
      },
      { v: nasty },
      'http://shop.test',
    );
    assert.doesNotMatch(path, /[\s"#\u0080-\uffff]/);
    assert.ok(path.startsWith('/p/a%20b&%22%0D%0AX-Evil:%201/%C3%A9%23?%41'));
    assert.ok(path.endsWith(`q=${encodeURIComponent(nasty.toWellFormed())}`));
    assert.equal(headers[headers.indexOf('x-v') + 1]?.includes('\n'), false);
    assert.equal(JSON.parse(Buffer.from(body as Uint8Array).toString()).v, nasty);
  });

  it('encodes what a document writes into a query, and leaves JSON as it is', () => {
    const { path, body } = render({
      method: 'POST',
      path: '/s',
      query: { q: 'hello world', 'a&b': 'x&y#z+1 ${int(1,1)}' },
      body: { kind: 'json', template: '{"a b":"c&d"}' },
    });
    assert.equal(path, '/api/s?q=hello%20world&a%26b=x%26y%23z%2B1%201');
    assert.equal(Buffer.from(body as Uint8Array).toString(), '{"a b":"c&d"}');
  });

  it('sends headers byte for byte up to U+00FF, and as UTF-8 what is beyond', () => {
    const { headers } = render({ headers: { a: '\u00e9', b: '\u20ac\u010a' } });
    const bytes = (name: string): string =>
      Buffer.from(headers[headers.indexOf(name) + 1] ?? '', 'latin1').toString('hex');
    assert.deepEqual([bytes('a'), bytes('b')], ['e9', 'e282acc48a']);
  });

  it('follows a captured link that names its own origin', () => {
    const to = (next: string): string => render({ path: '${next}' }, { next }).path;
    assert.equal(to('http://shop.test/api/orders/1?x=1'), '/api/orders/1?x=1');
    assert.equal(to('http://shop.test'), '/');
    assert.equal(to('http://shop.test?x'), '/?x');
    assert.equal(to('http://shop.tester/1'), '/api/http://shop.tester/1');
  });

  it('knows which steps never change and which variables they need', () => {
    assert.equal(render({ headers: { a: '${env:TOKEN}' } }).renderer.isStatic, true);
    const { renderer } = render({ path: '/${a}/${int(1,2)}', headers: { x: '${b}' } }, { a: '1', b: '2' });
    assert.equal(renderer.isStatic, false);
    assert.deepEqual([...renderer.needs], ['a', 'b']);
  });

  it('fills uuid, now and int from the seed and the intended start', () => {
    const template = '${uuid} ${now} ${int(3,3)}';
    const body = (): string =>
      Buffer.from(render({ method: 'POST', body: { kind: 'text', template } }).body as Uint8Array).toString();
    assert.match(body(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} 1700000000123 3$/);
    assert.equal(body(), body());
  });

  it('gives each kind of body its content type, unless the step has one', () => {
    const type = (fields: Parameters<typeof step>[0]): string | undefined => {
      const { headers } = render({ method: 'POST', ...fields });
      return headers[headers.indexOf('content-type') + 1];
    };
    assert.equal(type({ body: { kind: 'json', template: '{}' } }), 'application/json');
    assert.equal(type({ body: { kind: 'form', fields: { a: 'b c' } } }), 'application/x-www-form-urlencoded');
    assert.equal(type({ body: { kind: 'file', path: 'a.bin' } }), 'application/octet-stream');
    assert.equal(type({ headers: { 'Content-Type': 'text/csv' }, body: { kind: 'text', template: 'a' } }), 'text/csv');
    assert.equal(
      Buffer.from(
        render({ method: 'POST', body: { kind: 'form', fields: { a: 'b c&d' } } }).body as Uint8Array,
      ).toString(),
      'a=b+c%26d',
    );
  });

  it('names every template that is wrong', () => {
    const origin = parseOrigin('http://shop.test');
    assert.ok(origin.ok);
    const broken = stepRenderer(step({ path: '/${', headers: { a: '${env:NOPE}' } }) as Step, {
      target: origin.value,
      environment: {},
      files: {},
    });
    assert.ok(!broken.ok);
    assert.match(broken.error, /step "GET \/\$\{".*never closed.*no NOPE/);
  });
});

describe('origin', () => {
  it('refuses what cannot be driven', () => {
    for (const [url, problem] of [
      ['shop', /is not a URL/],
      ['ftp://shop', /cannot be driven/],
      ['http://me:secret@shop', /user name or password/],
    ] as const) {
      const origin = parseOrigin(url);
      assert.ok(!origin.ok);
      assert.match(origin.error, problem);
      assert.doesNotMatch(origin.error, /secret/);
    }
  });

  it('takes brackets off IPv6 addresses and knows default ports', () => {
    const origin = parseOrigin('https://[::1]/x/');
    assert.ok(origin.ok);
    assert.deepEqual(
      [origin.value.host, origin.value.port, origin.value.authority, origin.value.basePath],
      ['::1', 443, '[::1]', '/x'],
    );
  });
});

describe('HTTP/1.1 request', () => {
  const options = {
    method: 'GET',
    authority: 'shop.test',
    traceparent: traceparentPlaceholder(PREFIX),
    baggage: baggageOf('run 1', 'buy', 'peak'),
    cookie: undefined,
  };
  const textOf = (fields: Parameters<typeof step>[0], more: Partial<Parameters<typeof http1Request>[1]> = {}): string =>
    Buffer.from(http1Request(render(fields), { ...options, ...more }).bytes).toString('latin1');

  it('carries host, trace context and baggage', () => {
    assert.equal(
      textOf({ path: '/cart' }),
      'GET /api/cart HTTP/1.1\r\nhost: shop.test\r\ntraceparent: 00-0123456789abcdef0000000000000000-0000000000000000-02\r\n' +
        'user-agent: faultline\r\nbaggage: faultline.run=run%201,faultline.scenario=buy,faultline.phase=peak\r\n\r\n',
    );
  });

  it('frames the body itself, whatever the step says', () => {
    const text = textOf(
      {
        method: 'POST',
        headers: { 'Content-Length': '1', 'Transfer-Encoding': 'chunked', Traceparent: 'x' },
        body: { kind: 'text', template: 'h\u00e9' },
      },
      { method: 'POST' },
    );
    assert.match(text, /content-length: 3\r\n\r\n/);
    assert.equal(text.match(/content-length|transfer-encoding|traceparent/g)?.length, 2);
    assert.match(textOf({ method: 'POST' }, { method: 'POST' }), /content-length: 0\r\n/);
  });

  it('joins its own host, baggage and cookies with the generator’s', () => {
    const text = textOf({ headers: { Host: 'other', Baggage: 'a=1', Cookie: 'x=1' } }, { cookie: 's=2' });
    assert.match(text, /host: other\r\n/);
    assert.match(text, /baggage: a=1,faultline\.run=/);
    assert.match(text, /cookie: x=1; s=2\r\n/);
  });
});

describe('trace ids', () => {
  it('are patched in place behind the prefix, new for each request, and can be told afterwards', () => {
    const request = http1Request(render({}), {
      method: 'GET',
      authority: 'a',
      traceparent: traceparentPlaceholder(PREFIX),
      baggage: undefined,
      cookie: undefined,
    });
    const ids = new TraceIds();
    const kept = new Uint8Array(16);
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i += 1) {
      ids.patch(request.bytes, request.traceparentAt, kept, i % 2 === 0);
      const text = Buffer.from(request.bytes).toString('latin1');
      const [, trace, span, flags] = /traceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-(0[23])\r\n/.exec(text) ?? [];
      assert.equal(trace, PREFIX + traceTail(kept));
      assert.equal(span, spanIdOf(kept));
      assert.equal(flags, i % 2 === 0 ? '03' : '02');
      seen.add(`${trace}${span}`);
    }
    assert.equal(seen.size, 5000);
  });
});
