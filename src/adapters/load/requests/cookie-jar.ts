// The cookies of one journey: a small jar that forgets with the journey (RFC 6265 without domains other than the origin's own).

interface Cookie {
  readonly originKey: string;
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Not sent from then on; infinity for one that lasts as long as the journey. */
  readonly expiresUnixMs: number;
}

// A server that sets cookies without end must not fill the generator's memory.
const MAX_COOKIES = 64;

export class CookieJar {
  /** By origin, path and name: cookies of one name and different paths stand beside each other. */
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the Set-Cookie headers of a reply (name and value in turn, names in lower case). */
  store(originKey: string, requestPath: string, headers: readonly string[], unixMs: number): void {
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] === 'set-cookie') this.#storeOne(originKey, requestPath, headers[i + 1] as string, unixMs);
    }
  }

  /** Value of the Cookie header, the longest paths first; undefined without a matching cookie. */
  header(originKey: string, requestPath: string, unixMs: number): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    const path = requestPath.split('?', 1)[0] as string;
    const matching = [...this.#cookies.values()].filter(
      (cookie) => cookie.originKey === originKey && cookie.expiresUnixMs > unixMs && matchesPath(path, cookie.path),
    );
    if (matching.length === 0) return undefined;
    return matching
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #storeOne(originKey: string, requestPath: string, line: string, unixMs: number): void {
    const [pair, ...attributes] = line.split(';');
    const equals = (pair as string).indexOf('=');
    if (equals <= 0) return;
    const name = (pair as string).slice(0, equals).trim();
    const value = (pair as string).slice(equals + 1).trim();
    let path = defaultPath(requestPath);
    let expiresUnixMs = Number.POSITIVE_INFINITY;
    let maxAge: number | undefined;
    for (const attribute of attributes) {
      const [key = '', text = ''] = attribute.split('=', 2).map((part) => part.trim());
      const date = Date.parse(text);
      if (key.toLowerCase() === 'path' && text.startsWith('/')) path = text;
      else if (key.toLowerCase() === 'max-age' && /^-?\d+$/.test(text)) maxAge = Number(text);
      else if (key.toLowerCase() === 'expires' && !Number.isNaN(date)) expiresUnixMs = date;
    }
    if (maxAge !== undefined) expiresUnixMs = unixMs + maxAge * 1000;
    const key = `${originKey} ${path} ${name}`;
    if (expiresUnixMs <= unixMs) this.#cookies.delete(key);
    else if (this.#cookies.has(key) || this.#cookies.size < MAX_COOKIES)
      this.#cookies.set(key, { originKey, name, value, path, expiresUnixMs });
  }
}

function defaultPath(requestPath: string): string {
  const path = requestPath.split('?', 1)[0] as string;
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

function matchesPath(requestPath: string, cookiePath: string): boolean {
  if (requestPath === cookiePath) return true;
  return requestPath.startsWith(cookiePath) && (cookiePath.endsWith('/') || requestPath[cookiePath.length] === '/');
}
