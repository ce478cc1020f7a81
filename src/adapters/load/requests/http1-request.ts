// A request as the bytes of HTTP/1.1, with the place where trace ids are patched in.
import type { RenderedRequest } from './step-renderer.ts';

export interface Http1Request {
  /** Patched before each use; replaced by a copy when a write could not take it at once. */
  bytes: Uint8Array;
  /** Offset of the traceparent value. */
  readonly traceparentAt: number;
  /** Path and query. */
  readonly path: string;
}

export interface Http1RequestOptions {
  readonly method: string;
  readonly authority: string;
  readonly traceparent: string;
  readonly baggage: string | undefined;
  readonly cookie: string | undefined;
}

// Framing and trace context are the generator's own: a step that set them would break the connection or the correlation.
export const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'traceparent',
  'upgrade',
  'te',
]);

/** Renders the whole request. A step's own `host`, `user-agent`, `baggage` and `cookie` are respected. */
export function http1Request(rendered: RenderedRequest, options: Http1RequestOptions): Http1Request {
  const { method, authority, traceparent } = options;
  const start = `${method} ${rendered.path} HTTP/1.1\r\nhost: ${headerOf(rendered, 'host') ?? authority}\r\ntraceparent: `;
  let head = `${start}${traceparent}\r\n`;
  for (const [name, value] of requestHeaders(rendered, options)) head += `${name}: ${value}\r\n`;
  const body = rendered.body;
  if (body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH') {
    head += `content-length: ${body?.length ?? 0}\r\n`;
  }
  const headBytes = Buffer.from(`${head}\r\n`, 'latin1');
  const bytes = body === undefined ? headBytes : Buffer.concat([headBytes, body]);
  return { bytes, traceparentAt: start.length, path: rendered.path };
}

/** Every header but host, traceparent and content-length. */
export function requestHeaders(
  rendered: RenderedRequest,
  { baggage, cookie }: Pick<Http1RequestOptions, 'baggage' | 'cookie'>,
): readonly (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  if (headerOf(rendered, 'user-agent') === undefined) headers.push(['user-agent', 'faultline']);
  const ownBaggage = headerOf(rendered, 'baggage');
  if (baggage !== undefined) headers.push(['baggage', ownBaggage === undefined ? baggage : `${ownBaggage},${baggage}`]);
  const ownCookie = headerOf(rendered, 'cookie');
  if (cookie !== undefined) headers.push(['cookie', ownCookie === undefined ? cookie : `${ownCookie}; ${cookie}`]);
  for (let i = 0; i < rendered.headers.length; i += 2) {
    const name = rendered.headers[i] as string;
    if (OWN_HEADERS.has(name) || name === 'host') continue;
    if (name === 'baggage' && baggage !== undefined) continue;
    if (name === 'cookie' && cookie !== undefined) continue;
    headers.push([name, rendered.headers[i + 1] as string]);
  }
  return headers;
}

/** The value of a header of the step's own; names are in lower case. */
export function headerOf(rendered: RenderedRequest, name: string): string | undefined {
  for (let i = 0; i < rendered.headers.length; i += 2) if (rendered.headers[i] === name) return rendered.headers[i + 1];
  return undefined;
}
