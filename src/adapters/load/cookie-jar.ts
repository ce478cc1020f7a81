// The cookies of one journey: a small jar that forgets with the journey (RFC 6265 without domains other than the origin's own).

interface Cookie {
  readonly value: string;
  readonly path: string;
}

// A server that sets cookies without end must not fill the generator's memory.
const MAX_COOKIES = 64;

export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the Set-Cookie headers of a reply (name and value in turn, names in lower case). */
  store(originKey: string, requestPath: string, headers: readonly string[], unixMs: number): void {
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] === 'set-cookie') this.#storeOne(originKey, requestPath, headers[i + 1] as string, unixMs);
    }
  }

  /** Value of the Cookie header; undefined without a matching cookie. */
  header(originKey: string, requestPath: string): string | undefined {
    const prefix = `${originKey} `;
    const path = requestPath.split('?', 1)[0] as string;
    const pairs: string[] = [];
    for (const [key, cookie] of this.#cookies) {
      if (key.startsWith(prefix) && matchesPath(path, cookie.path))
        pairs.push(`${key.slice(prefix.length)}=${cookie.value}`);
    }
    return pairs.length === 0 ? undefined : pairs.join('; ');
  }

  #storeOne(originKey: string, requestPath: string, line: string, unixMs: number): void {
    const [pair, ...attributes] = line.split(';');
    const equals = (pair as string).indexOf('=');
    if (equals <= 0) return;
    const key = `${originKey} ${(pair as string).slice(0, equals).trim()}`;
    let path = defaultPath(requestPath);
    let expired = false;
    let maxAge: number | undefined;
    for (const attribute of attributes) {
      const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim());
      if (name.toLowerCase() === 'path' && value.startsWith('/')) path = value;
      else if (name.toLowerCase() === 'max-age' && /^-?\d+$/.test(value)) maxAge = Number(value);
      else if (name.toLowerCase() === 'expires') expired = Date.parse(value) <= unixMs;
    }
    if (maxAge === undefined ? expired : maxAge <= 0) this.#cookies.delete(key);
    else if (this.#cookies.has(key) || this.#cookies.size < MAX_COOKIES) {
      this.#cookies.set(key, { value: (pair as string).slice(equals + 1).trim(), path });
    }
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
