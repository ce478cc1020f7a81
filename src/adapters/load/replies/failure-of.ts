// What an error of a client library means for the request it ended.
import type { FailureKind } from '../../../core/model/load.ts';

const BY_CODE: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  ENOENT: 'connect',
  EADDRNOTAVAIL: 'connect',
  EMFILE: 'connect',
  ENFILE: 'connect',
  ENOBUFS: 'connect',
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  HPE_HEADER_OVERFLOW: 'too-large',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
  // How undici tells that an HTTP/2 stream or session went away.
  UND_ERR_INFO: 'reset',
  UND_ERR_DESTROYED: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ERR_HTTP2_STREAM_CANCEL: 'reset',
  ERR_HTTP2_STREAM_ERROR: 'reset',
  ERR_HTTP2_SESSION_ERROR: 'reset',
};

/** The kind of failure of an undici or Node error; `protocol` when it is none of the known ones. */
export function failureOf(error: Error & { readonly code?: unknown }): FailureKind {
  const code = typeof error.code === 'string' ? error.code : '';
  // undici names its own refusals of a reply ("bad response", "invalid content-length header") like a closed socket.
  if (code === 'UND_ERR_SOCKET' && /^(?:bad|invalid) /.test(error.message)) return 'protocol';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (/CERT|TLS|SSL|ALTNAME|SELF_SIGNED|VERIFY/.test(code)) return 'tls';
  const { cause } = error;
  return cause instanceof Error && code === '' ? failureOf(cause) : 'protocol';
}

/** What OpenSSL says in its own way, by a part of it. */
const TLS_WORDS: readonly (readonly [part: string, words: string])[] = [
  ['alert no application protocol', 'the server does not speak this version of HTTP over TLS (ALPN)'],
  ['wrong version number', 'the server does not speak TLS on this port'],
];

/** What the error says, without what Node.js advises beside some errors of TLS: that is meant for whoever starts it. */
export function messageOf({ message }: Error): string {
  const known = message.includes('SSL routines') ? TLS_WORDS.find(([part]) => message.includes(part)) : undefined;
  return (
    known?.[1] ??
    message.split('; if ', 1)[0]?.replace(/ is not in the cert's list: $/, ' is not in its list') ??
    message
  );
}
