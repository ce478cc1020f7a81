// Asks the service's JSON API with the reader's token.
import type { Finding } from '../../src/core/model/finding.ts';
import type { LoadSnapshot } from '../../src/core/model/load.ts';
import type { Priority } from '../../src/core/model/requirement.ts';
import type { RunSummary } from '../../src/core/model/run.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** No token, or one the service does not know. */
  | { readonly kind: 'unauthorized' }
  /** The service refused or failed; its own words. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** No answer came. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** GET /api/v1/verifications, one entry. Times are milliseconds since the epoch. */
export interface VerificationEntry {
  readonly name: string;
  readonly service: string;
  readonly environment: string;
  readonly requirementCount: number;
  /** The newest run that has ended. */
  readonly lastRun?: RunSummary;
  /** Where it broke, when a cause is known. */
  readonly cause?: Pick<Finding, 'mechanism' | 'service' | 'operation' | 'path' | 'explanation'>;
  /** Why it ended early, could not be made or could not judge. */
  readonly message?: string;
  readonly nextRunAt?: number;
  readonly active?: { readonly runId: string; readonly snapshot?: Partial<LoadSnapshot> };
  readonly waiting?: boolean;
}

/** GET /api/v1/verifications/{name}. */
export interface VerificationDetail extends VerificationEntry {
  readonly requirements: readonly {
    readonly id: string;
    readonly title: string;
    readonly type: string;
    readonly priority: Priority;
    readonly rule: string;
    /** What the newest run said of it. */
    readonly last?: Pick<Verdict, 'verdict' | 'explanation' | 'margin'>;
  }[];
  readonly runs: readonly ListedRun[];
}

/** `isOfDocument` is false for a run that asked another question than the document does now: it does not say how things stand. */
export type ListedRun = RunSummary & { readonly isOfDocument: boolean };

const timeoutMs = 15_000;
const tokenKey = 'faultline-token';

/** The token lives as long as the tab; storage may be forbidden, then for this page only. */
let rememberedToken = '';

export function rememberToken(token: string): void {
  rememberedToken = token;
  try {
    sessionStorage.setItem(tokenKey, token);
  } catch {
    // Storage is switched off: the token is asked for again on the next page.
  }
}

function token(): string {
  if (rememberedToken !== '') return rememberedToken;
  try {
    return sessionStorage.getItem(tokenKey) ?? '';
  } catch {
    return '';
  }
}

/** The body as text with its status; JSON is parsed by the caller that knows its shape. Never rejects. */
export async function ask(
  path: string,
  options: { readonly method?: 'GET' | 'POST'; readonly signal?: AbortSignal } = {},
): Promise<Answer<{ readonly status: number; readonly body: string }>> {
  if (token() === '') return { kind: 'unauthorized' };
  const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal === undefined ? [] : [options.signal])];
  try {
    const response = await fetch(path, {
      method: options.method ?? 'GET',
      headers: { authorization: `Bearer ${token()}` },
      signal: AbortSignal.any(signals),
    });
    const body = await response.text();
    if (response.status === 401) return { kind: 'unauthorized' };
    if (!response.ok) return { kind: 'refused', status: response.status, message: messageIn(body) };
    return { kind: 'ok', value: { status: response.status, body } };
  } catch (error) {
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}

/** As ask, with the JSON body. */
export async function askJson<T>(path: string, options: Parameters<typeof ask>[1] = {}): Promise<Answer<T>> {
  const answer = await ask(path, options);
  if (answer.kind !== 'ok') return answer;
  try {
    return { kind: 'ok', value: JSON.parse(answer.value.body) as T };
  } catch {
    return { kind: 'refused', status: answer.value.status, message: 'the answer is not JSON' };
  }
}

/** Errors come as `{ error, message }`. */
function messageIn(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // Not ours: show what came.
  }
  return body.slice(0, 300);
}
