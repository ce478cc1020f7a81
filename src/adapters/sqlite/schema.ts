// The tables of the embedded run store and how an older file becomes a current one.
import type { DatabaseSync } from 'node:sqlite';

/** One entry a version; entry i brings version i to i + 1. Never edit a released entry: add one. */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     run_id TEXT PRIMARY KEY,
     verification TEXT NOT NULL,
     service TEXT NOT NULL,
     environment TEXT NOT NULL,
     status TEXT NOT NULL,
     verdict TEXT,
     started_at REAL NOT NULL,
     ended_at REAL,
     commit_id TEXT,
     workload_hash TEXT NOT NULL,
     failed TEXT NOT NULL DEFAULT '[]',
     owner TEXT NOT NULL,
     plan TEXT NOT NULL,
     result BLOB
   ) STRICT;
   CREATE INDEX runs_by_time ON runs (verification, started_at DESC);
   CREATE INDEX runs_by_status ON runs (status);
   CREATE TABLE states (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE outbox (
     alert_id TEXT PRIMARY KEY,
     alert TEXT NOT NULL,
     queued_at REAL NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     next_attempt_at REAL NOT NULL,
     state TEXT NOT NULL,
     last_error TEXT
   ) STRICT;
   CREATE INDEX outbox_due ON outbox (state, next_attempt_at);`,
];

/** Brings the file to the current version; throws when it was written by a newer program. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new Error(
      `the run store has version ${version}, this program knows ${migrations.length}; use a newer faultline`,
    );
  }
  migrations.slice(version).forEach((statements, i) => {
    database.exec(`BEGIN IMMEDIATE; ${statements} PRAGMA user_version = ${version + i + 1}; COMMIT;`);
  });
}
