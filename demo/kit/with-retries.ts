// Tries again as a call's policy says: exponential back-off with full jitter, or none at all.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallPolicy } from '../shop-settings.ts';
import { isWorthRetrying } from './peer-error.ts';

const MAX_BACKOFF_MS = 1_000;

/** Resolves with the first success; rejects with the error of the last attempt. `onRetry` is told before each further attempt. */
export async function withRetries<T>(policy: CallPolicy, attempt: () => Promise<T>, onRetry: () => void): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= policy.attempts || !isWorthRetrying(error)) throw error;
      if (policy.backoffMs > 0) await sleep(Math.random() * Math.min(MAX_BACKOFF_MS, policy.backoffMs * 2 ** tries));
      onRetry();
    }
  }
}
