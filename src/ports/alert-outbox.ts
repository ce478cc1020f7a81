// Keeps alerts until they are delivered, whatever happens to the process.
import type { Alert } from '../core/model/alert.ts';
import type { Result } from '../core/model/result.ts';
import type { UnixMillis } from '../core/model/units.ts';
import type { StoreError } from './run-store.ts';

/** `attempts` counts the tries so far. `dead`: given up; kept for a person to look at and send again. */
export interface OutboxEntry {
  readonly alert: Alert;
  readonly queuedAt: UnixMillis;
  readonly attempts: number;
  readonly nextAttemptAt: UnixMillis;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly lastError?: string;
}

/** Contract: an entry that was put survives the process; putting an alert id twice keeps the first. */
export interface AlertOutbox {
  readonly put: (alert: Alert, now: UnixMillis) => Promise<Result<void, StoreError>>;
  /** Waiting entries whose time has come, oldest first, at most `limit` of each target. One waits as long as an older one of its target and key has to. */
  readonly due: (now: UnixMillis, limit: number) => Promise<Result<readonly OutboxEntry[], StoreError>>;
  readonly delivered: (alertId: string) => Promise<Result<void, StoreError>>;
  readonly retryAt: (alertId: string, at: UnixMillis, error: string) => Promise<Result<void, StoreError>>;
  readonly giveUp: (alertId: string, error: string) => Promise<Result<void, StoreError>>;
  /** Puts a dead or delivered entry back as waiting, due now. */
  readonly redeliver: (alertId: string, now: UnixMillis) => Promise<Result<void, StoreError>>;
  readonly list: (state: OutboxEntry['state'], limit: number) => Promise<Result<readonly OutboxEntry[], StoreError>>;
}
