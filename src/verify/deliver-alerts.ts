// Sends what waits in the outbox: success, another try later, or the dead-letter list. Each target has a lane: a receiver that hangs holds up nobody else's.
import { ok, type Result } from '../core/model/result.ts';
import { type UnixMillis, unixMillis } from '../core/model/units.ts';
import type { AlertOutbox, OutboxEntry } from '../ports/alert-outbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier, NotifyError } from '../ports/notifier.ts';
import type { StoreError } from '../ports/run-store.ts';

export interface Delivery {
  readonly outbox: AlertOutbox;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** `reason` of what was not delivered. */
  readonly onAttempt?: (entry: OutboxEntry, result: Outcome['kind'], reason?: string) => void;
  /** What became of an entry could not be written down: it is kept in mind, and not sent again for that. */
  readonly onUnrecorded?: (entry: OutboxEntry, reason: string) => void;
}

export interface AlertDelivery {
  /** Starts to send what is due and whose lane is free, and waits for none of it. The error: the outbox cannot be read. */
  readonly start: (options: { readonly signal: AbortSignal }) => Promise<Result<void, StoreError>>;
  /** Resolves when nothing is under way any more; soon after the signal given to `start`. */
  readonly settled: () => Promise<void>;
}

const firstDelayMs = 5_000;
const longestDelayMs = 15 * 60_000;
/** A store that cannot be written is tried again so often: what it does not know is sent twice if the process ends. */
const longestRecordDelayMs = 60_000;
/** An alert older than this is noise: it goes to the dead-letter list. */
const giveUpAfterMs = 60 * 60_000;
const attemptTimeoutMs = 20_000;
/** Entries of one target in one pass, and targets served at the same time. */
const batch = 20;
const mostLanes = 32;

type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly at: UnixMillis; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string };

/** An outcome that the store does not know, and when to go on with it. */
interface Unrecorded {
  /** Of the entry; another one when somebody has it sent again. */
  readonly queuedAt: UnixMillis;
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly nextAt: number;
}

export function alertDelivery(delivery: Delivery): AlertDelivery {
  const { outbox, notifier, clock, onAttempt, onUnrecorded } = delivery;
  const lanes = new Map<string, Promise<void>>();
  const unrecorded = new Map<string, Unrecorded>();

  /** One after the other; what follows an alert that is to be tried again waits for it, so that nothing has recovered before it broke. */
  const runLane = async (entries: readonly OutboxEntry[], signal: AbortSignal): Promise<void> => {
    const open = new Set<string>();
    for (const entry of entries) {
      if (signal.aborted) return;
      if (open.has(entry.alert.key)) continue;
      const outcome = await settle(entry, signal);
      if (outcome === undefined || outcome.kind === 'retry') open.add(entry.alert.key);
    }
  };

  /** Undefined when the signal came first: the entry stays as it was. */
  const settle = async (entry: OutboxEntry, signal: AbortSignal): Promise<Outcome | undefined> => {
    const kept = unrecorded.get(entry.alert.id);
    const known = kept?.queuedAt === entry.queuedAt ? kept : undefined;
    if (known !== undefined && clock.now() < known.nextAt) return known.outcome;
    const attempts = known?.attempts ?? entry.attempts;
    if (known === undefined || known.outcome.kind === 'retry') {
      const outcome = await send({ ...entry, attempts }, signal);
      if (outcome !== undefined) await record(entry, outcome, attempts + 1);
      return outcome;
    }
    await record(entry, known.outcome, attempts + 1);
    return known.outcome;
  };

  const send = async (entry: OutboxEntry, signal: AbortSignal): Promise<Outcome | undefined> => {
    const attempt = AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]);
    const sent = await notifier.send(entry.alert, { signal: attempt });
    if (!sent.ok && signal.aborted) return undefined;
    const outcome: Outcome = sent.ok ? { kind: 'delivered' } : outcomeOf(entry, sent.error, clock);
    onAttempt?.(entry, outcome.kind, outcome.kind === 'delivered' ? undefined : outcome.reason);
    return outcome;
  };

  const record = async (entry: OutboxEntry, outcome: Outcome, attempts: number): Promise<void> => {
    const { id } = entry.alert;
    const recorded = await write(id, outcome);
    if (recorded.ok || recorded.error.kind === 'not-found') {
      unrecorded.delete(id);
      return;
    }
    const pause = Math.min(longestRecordDelayMs, firstDelayMs * 2 ** attempts);
    const nextAt = outcome.kind === 'retry' ? outcome.at : clock.now() + pause;
    unrecorded.set(id, { queuedAt: entry.queuedAt, outcome, attempts, nextAt });
    onUnrecorded?.(entry, recorded.error.message);
  };

  const write = (id: string, outcome: Outcome): Promise<Result<void, StoreError>> => {
    if (outcome.kind === 'delivered') return outbox.delivered(id);
    return outcome.kind === 'dead' ? outbox.giveUp(id, outcome.reason) : outbox.retryAt(id, outcome.at, outcome.reason);
  };

  return {
    start: async ({ signal }) => {
      // A lane that ends while the outbox is read has changed what was read.
      const busy = new Set(lanes.keys());
      const due = await outbox.due(clock.now(), batch);
      if (!due.ok) return due;
      for (const [target, entries] of Map.groupBy(due.value, ({ alert }) => alert.target.name)) {
        if (busy.has(target) || lanes.size >= mostLanes) continue;
        lanes.set(
          target,
          runLane(entries, signal).finally(() => lanes.delete(target)),
        );
      }
      return ok(undefined);
    },
    settled: async () => {
      await Promise.all(lanes.values());
    },
  };
}

function outcomeOf(entry: OutboxEntry, error: NotifyError, clock: Clock): Outcome {
  const now = clock.now();
  const giveUpAt = entry.queuedAt + giveUpAfterMs;
  if (!error.retryable || now >= giveUpAt) return { kind: 'dead', reason: error.message };
  return {
    kind: 'retry',
    at: unixMillis(Math.min(now + delayMs(entry, error, clock), giveUpAt)),
    reason: error.message,
  };
}

/** Doubles from 5 s to 15 min with full jitter on the upper half; a receiver's Retry-After is obeyed. */
function delayMs(entry: OutboxEntry, error: NotifyError, clock: Clock): number {
  const backOff = Math.min(longestDelayMs, firstDelayMs * 2 ** entry.attempts);
  const jitter = Number.parseInt(clock.randomHex(2), 16) / 0xffff;
  return Math.max(error.retryAfterMs ?? 0, backOff * (0.5 + jitter / 2));
}
