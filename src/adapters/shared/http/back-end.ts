// A back end behind HTTP: where it is, how we are let in, how patient we are.
import type { Millis } from '../../../core/model/units.ts';
import { millis } from '../../../core/model/units.ts';

export interface BackEndOptions {
  /** Base URL; may carry a path, and user:password for basic authentication. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly policy?: AskPolicy;
}

/** Bounds of one question. Defaults and their reasons: `defaultAskPolicy`. */
export interface AskPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Pause before the second attempt; doubles each time up to `maxPause`; the real pause is random between half of it and all of it. */
  readonly firstPause: Millis;
  readonly maxPause: Millis;
  /** One attempt, answer included; the caller's own timeout bounds all of them together. */
  readonly attemptTimeout: Millis;
  readonly maxAnswerBytes: number;
  /** Requests under way at one time. */
  readonly concurrency: number;
}

export const defaultAskPolicy: AskPolicy = {
  attempts: 4,
  firstPause: millis(200),
  maxPause: millis(3000),
  attemptTimeout: millis(15_000),
  /** 100,000 spans in JSON are about 100 MB. */
  maxAnswerBytes: 256 * 2 ** 20,
  concurrency: 8,
};

export interface BackEnd {
  /** For messages: kind and address, without credentials. */
  readonly name: string;
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly policy: AskPolicy;
}

/** Takes user:password out of the URL into a header, so that no message and no log ever shows them. Throws when `url` is no URL: the document was checked before. */
export function backEnd(kind: string, { url, headers, policy = defaultAskPolicy }: BackEndOptions): BackEnd {
  const base = new URL(url);
  const credentials = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  base.username = '';
  base.password = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const name = `${kind} at ${base.origin}${base.pathname === '/' ? '' : base.pathname.slice(0, -1)}`;
  const login = credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return { name, base, headers: { ...login, ...headers }, policy };
}
