// Sends what waits in the outbox, one pass at a time: success, another try later, or the dead-letter list.
import { millis, unixMillis } from '../core/model/units.ts';
import type { AlertOutbox, OutboxEntry } from '../ports/alert-outbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier, NotifyError } from '../ports/notifier.ts';

export interface Delivery {
  readonly outbox: AlertOutbox;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly onAttempt?: (entry: OutboxEntry, result: 'delivered' | 'retry' | 'dead') => void;
}

const firstDelayMs = 5_000;
const longestDelayMs = 15 * 60_000;
/** An alert older than this is noise: it goes to the dead-letter list. */
const giveUpAfterMs = 60 * 60_000;
const attemptTimeoutMs = 20_000;
const batch = 20;

/** One pass over the entries that are due; returns how many were tried. */
export async function deliverAlerts(delivery: Delivery, { signal }: { readonly signal: AbortSignal }): Promise<number> {
  const due = await delivery.outbox.due(delivery.clock.now(), batch);
  if (!due.ok) return 0;
  for (const entry of due.value) {
    if (signal.aborted) break;
    await deliver(entry, delivery, signal);
  }
  return due.value.length;
}

async function deliver(entry: OutboxEntry, delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { outbox, notifier, clock, onAttempt } = delivery;
  const attempt = AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]);
  const sent = await notifier.send(entry.alert, { signal: attempt });
  if (sent.ok) {
    await outbox.delivered(entry.alert.id);
    onAttempt?.(entry, 'delivered');
    return;
  }
  const isTooOld = clock.now() - entry.queuedAt > giveUpAfterMs;
  if (!sent.error.retryable || isTooOld) {
    await outbox.giveUp(entry.alert.id, sent.error.message);
    onAttempt?.(entry, 'dead');
    return;
  }
  await outbox.retryAt(entry.alert.id, unixMillis(clock.now() + delayMs(entry, sent.error, clock)), sent.error.message);
  onAttempt?.(entry, 'retry');
}

/** Doubles from 5 s to 15 min with full jitter on the upper half; a receiver's Retry-After is obeyed. */
function delayMs(entry: OutboxEntry, error: NotifyError, clock: Clock): number {
  const backOff = Math.min(longestDelayMs, firstDelayMs * 2 ** entry.attempts);
  const jitter = Number.parseInt(clock.randomHex(2), 16) / 0xffff;
  return millis(Math.max(error.retryAfterMs ?? 0, backOff * (0.5 + jitter / 2)));
}
