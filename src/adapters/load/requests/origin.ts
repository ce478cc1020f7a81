// Where requests go: scheme, host and port, parsed once from the workload's target or a step's absolute URL.
import { err, ok, type Result } from '../../../core/model/result.ts';

export interface Origin {
  /** `http://host:port`, the key of the connection pool. */
  readonly key: string;
  readonly secure: boolean;
  /** Host name or address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Value of the Host header. */
  readonly authority: string;
  /** Path of the target, without a final slash; put before every relative step path. */
  readonly basePath: string;
}

/** Parses an http(s) URL; user names and passwords in it are refused. */
export function parseOrigin(url: string): Result<Origin, string> {
  if (!URL.canParse(url)) return err(`"${url}" is not a URL: wanted for example http://127.0.0.1:8080`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return err(`"${parsed.protocol}" cannot be driven: wanted http: or https:`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return err('a URL with a user name or password is refused: put an Authorization header into the step');
  }
  return ok(originOf(parsed));
}

/** Parses the URL of an HTTP proxy, whose user name and password are sent to it (Basic). The error never repeats the URL: it may hold a password. */
export function parseProxy(url: string): Result<Origin, string> {
  const example = 'wanted for example http://user:password@127.0.0.1:3128';
  if (!URL.canParse(url)) return err(`the proxy is not a URL: ${example}`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    return err(`"${parsed.protocol}" proxies are not supported: ${example}`);
  return parsed.pathname === '/' ? ok(originOf(parsed)) : err(`a proxy's URL has no path: ${example}`);
}

function originOf(parsed: URL): Origin {
  const secure = parsed.protocol === 'https:';
  const port = parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port);
  return {
    key: `${parsed.protocol}//${parsed.hostname}:${port}`,
    secure,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    authority: parsed.host,
    basePath: parsed.pathname.replace(/\/+$/, ''),
  };
}
