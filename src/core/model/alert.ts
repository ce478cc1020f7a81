// A change of state worth telling: it fires once and resolves once.
import type { Run } from './run.ts';
import type { UnixMillis } from './units.ts';
import type { Verdict } from './verdict.ts';
import type { NotificationTarget, NotifyEvent } from './verification.ts';

/** `key` is `verification/requirement/environment` and stays the same from firing to resolved. */
export interface Alert {
  readonly id: string;
  readonly key: string;
  readonly status: 'firing' | 'resolved';
  readonly event: NotifyEvent;
  readonly at: UnixMillis;
  readonly target: NotificationTarget;
  readonly verdict: Verdict;
  readonly run: Run;
}
