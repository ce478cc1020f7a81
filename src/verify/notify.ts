// After a run: works out the alerts and puts them into the outbox; the delivery loop sends them.

import type { Alert } from '../core/model/alert.ts';
import { ok, type Result } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { RunStore, StoreError } from '../ports/run-store.ts';
import { type AlertStates, nextAlerts } from './alert-state.ts';

export interface Notification {
  readonly store: RunStore;
  readonly outbox: AlertOutbox;
  /** Where a person can read on, by requirement id. */
  readonly links: (run: Run, requirement: string) => Alert['links'];
}

/** Returns what was queued. The states are written last: a crash between the two repeats an alert under the same id, which the outbox keeps once. */
export async function notify(
  verification: Verification,
  run: Run,
  { store, outbox, links }: Notification,
): Promise<Result<readonly Alert[], StoreError>> {
  const key = `alerts/${verification.name}/${verification.environment}`;
  const stored = await store.readState(key);
  if (!stored.ok) return stored;
  const before: AlertStates = stored.value === undefined ? {} : JSON.parse(stored.value);
  const step = nextAlerts(verification, before, run, (requirement) => links(run, requirement));
  for (const alert of step.alerts) {
    const queued = await outbox.put(alert, run.endedAt);
    if (!queued.ok) return queued;
  }
  const written = await store.writeState(key, JSON.stringify(step.states));
  return written.ok ? ok(step.alerts) : written;
}
