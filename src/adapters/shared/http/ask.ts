// One question to a back end over HTTP: repeated with back-off while that makes sense, bounded in time and size.
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { SourceError } from '../../../ports/trace-source.ts';
import { excerpt } from '../excerpt.ts';
import type { AskPolicy, BackEnd } from './back-end.ts';
import { failureOf } from './failure.ts';
import { readText } from './read-text.ts';

export interface Question {
  /** Below the base URL, without a leading slash. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Sent as a form by POST. */
  readonly form?: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Attempt {
  readonly result: Result<Answer, SourceError>;
  readonly isWorthRepeating: boolean;
  /** What the back end asked for, in ms. */
  readonly retryAfter?: number;
}

/**
 * The answer whatever its status, but 401 and 403 (`unauthorized`) and what stays wrong after the policy's attempts: no connection or 408, 429, 502, 503, 504
 * (`unreachable`), no answer in time (`timeout`). The pauses between attempts end at once when `signal` aborts.
 */
export async function ask(
  { name, base, headers, policy }: BackEnd,
  question: Question,
  signal: AbortSignal,
): Promise<Result<Answer, SourceError>> {
  const url = new URL(question.path, base);
  if (question.query !== undefined) url.search = question.query.toString();
  const request = {
    method: question.form === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', ...headers },
    ...(question.form === undefined ? {} : { body: question.form }),
  };
  for (let attempt = 1; ; attempt += 1) {
    const made = await attemptOnce(name, url, request, policy, signal);
    if (!made.isWorthRepeating || attempt >= policy.attempts || signal.aborted) return made.result;
    const pause = Math.max(pauseBefore(attempt, policy), Math.min(made.retryAfter ?? 0, policy.maxPause));
    try {
      await sleep(pause, undefined, { signal });
    } catch {
      return made.result;
    }
  }
}

/** Statuses that say: later. */
const passingStatus: readonly number[] = [408, 429, 502, 503, 504];

async function attemptOnce(
  name: string,
  url: URL,
  request: RequestInit,
  policy: AskPolicy,
  signal: AbortSignal,
): Promise<Attempt> {
  const attemptSignal = AbortSignal.any([signal, AbortSignal.timeout(policy.attemptTimeout)]);
  try {
    const response = await fetch(url, { ...request, signal: attemptSignal });
    const text = await readText(response, policy.maxAnswerBytes);
    if (text === undefined) {
      const limit = Math.floor(policy.maxAnswerBytes / 2 ** 20);
      return {
        result: err({ kind: 'bad-reply', message: `${name}: an answer above ${limit} MiB` }),
        isWorthRepeating: false,
      };
    }
    if (response.status === 401 || response.status === 403) {
      const message = `${name}: ${response.status}, not let in; check the headers of the source`;
      return { result: err({ kind: 'unauthorized', message }), isWorthRepeating: false };
    }
    if (!passingStatus.includes(response.status))
      return { result: ok({ status: response.status, text, headers: response.headers }), isWorthRepeating: false };
    return {
      result: err({
        kind: 'unreachable',
        message: `${name}: ${response.status} at every attempt, with ${excerpt(text)}`,
      }),
      isWorthRepeating: true,
      retryAfter: 1000 * Number.parseInt(response.headers.get('retry-after') ?? '0', 10) || 0,
    };
  } catch (cause) {
    return { result: err(failureOf(name, cause, policy.attemptTimeout)), isWorthRepeating: true };
  }
}

/** Doubles with each attempt up to the cap, then is cut by up to half at random, so that many who wait do not come back at once. */
function pauseBefore(attempt: number, { firstPause, maxPause }: AskPolicy): number {
  return Math.min(maxPause, firstPause * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}
