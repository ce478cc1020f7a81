// Tells somebody about a change of state.
import type { Alert } from '../core/model/alert.ts';
import type { Result } from '../core/model/result.ts';

export interface NotifyError {
  readonly kind: 'refused' | 'gone' | 'unreachable' | 'timeout' | 'misconfigured';
  readonly message: string;
  readonly retryable: boolean;
  /** As the receiver asked (Retry-After), in ms. */
  readonly retryAfterMs?: number;
}

/** Contract: one attempt, no retry of its own; the same alert id on every attempt. Never throws. */
export interface Notifier {
  readonly send: (alert: Alert, options: { readonly signal: AbortSignal }) => Promise<Result<void, NotifyError>>;
}
