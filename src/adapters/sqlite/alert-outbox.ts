// The alert outbox in the run store's SQLite file.
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../../core/model/alert.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { unixMillis } from '../../core/model/units.ts';
import type { AlertOutbox, OutboxEntry } from '../../ports/alert-outbox.ts';
import type { StoreError } from '../../ports/run-store.ts';
import { attempt } from './attempt.ts';

/** Delivered and dead entries beyond this many are forgotten, oldest first. */
const kept = 1_000;

/** An entry is due when it and every older one of its target and key are; `turn` counts those of one target. */
const dueEntries = `
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY target ORDER BY queued_at, place) AS turn FROM (
      SELECT *, rowid AS place, alert ->> '$.target.name' AS target,
        max(next_attempt_at) OVER (PARTITION BY alert ->> '$.target.name', alert ->> '$.key' ORDER BY queued_at, rowid) AS due_at
      FROM outbox WHERE state = 'waiting')
    WHERE due_at <= ?)
  WHERE turn <= ? ORDER BY queued_at, place`;

export function sqliteAlertOutbox(database: DatabaseSync): AlertOutbox {
  const change = (statement: string, ...values: readonly (string | number)[]): Promise<Result<void, StoreError>> =>
    attempt(() => {
      const { changes } = database.prepare(statement).run(...values);
      return changes === 1 ? ok(undefined) : err({ kind: 'not-found', message: 'no such notification' });
    });
  return {
    put: (alert, now) =>
      attempt(() => {
        database
          .prepare(
            "INSERT INTO outbox (alert_id, alert, queued_at, next_attempt_at, state) VALUES (?, ?, ?, ?, 'waiting') ON CONFLICT DO NOTHING",
          )
          .run(alert.id, JSON.stringify(alert), now, now);
        database
          .prepare(
            "DELETE FROM outbox WHERE state <> 'waiting' AND alert_id NOT IN (SELECT alert_id FROM outbox WHERE state <> 'waiting' ORDER BY queued_at DESC LIMIT ?)",
          )
          .run(kept);
        return ok(undefined);
      }),
    due: (now, limit) => attempt(() => ok(database.prepare(dueEntries).all(now, limit).map(toEntry))),
    delivered: (id) => change("UPDATE outbox SET state = 'delivered', attempts = attempts + 1 WHERE alert_id = ?", id),
    retryAt: (id, at, error) =>
      change(
        'UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?, last_error = ? WHERE alert_id = ?',
        at,
        error,
        id,
      ),
    giveUp: (id, error) =>
      change("UPDATE outbox SET state = 'dead', attempts = attempts + 1, last_error = ? WHERE alert_id = ?", error, id),
    redeliver: (id, now) =>
      change(
        "UPDATE outbox SET state = 'waiting', queued_at = ?, next_attempt_at = ?, attempts = 0 WHERE alert_id = ?",
        now,
        now,
        id,
      ),
    list: (state, limit) =>
      attempt(() =>
        ok(
          database
            .prepare('SELECT * FROM outbox WHERE state = ? ORDER BY queued_at DESC LIMIT ?')
            .all(state, limit)
            .map(toEntry),
        ),
      ),
  };
}

function toEntry(row: Readonly<Record<string, unknown>>): OutboxEntry {
  return {
    alert: JSON.parse(String(row['alert'])) as Alert,
    queuedAt: unixMillis(Number(row['queued_at'])),
    attempts: Number(row['attempts']),
    nextAttemptAt: unixMillis(Number(row['next_attempt_at'])),
    state: String(row['state']) as OutboxEntry['state'],
    ...(typeof row['last_error'] === 'string' ? { lastError: row['last_error'] } : {}),
  };
}
