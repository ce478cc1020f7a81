// A change of state worth telling: it fires once and resolves once.
import type { Finding } from './finding.ts';
import type { RunPlan } from './run.ts';
import type { UnixMillis } from './units.ts';
import type { Verdict } from './verdict.ts';
import type { NotificationTarget, NotifyEvent } from './verification.ts';

/** Small enough to keep and send; the whole run stands behind `links.report`. */
export interface Alert {
  /** The same on every attempt: the receiver's idempotency key. */
  readonly id: string;
  /** `verification/requirement/environment`: the same from firing to resolved. */
  readonly key: string;
  readonly status: 'firing' | 'resolved';
  readonly event: NotifyEvent;
  readonly at: UnixMillis;
  /** When it began to fire. */
  readonly since: UnixMillis;
  readonly target: NotificationTarget;
  readonly verdict: Verdict;
  readonly plan: RunPlan;
  /** The best explanation of the break, where there is one. */
  readonly cause?: Finding;
  /** Absolute URLs. `trace`: a trace of the cause, or of the violation, in the user's own back end. */
  readonly links: {
    readonly report?: string;
    readonly runbook?: string;
    readonly dashboard?: string;
    readonly trace?: string;
  };
}
