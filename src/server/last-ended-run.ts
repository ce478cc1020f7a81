// Which run says how things stand.
import type { RunSummary } from '../core/model/run.ts';

/** Runs looked through for one that came to an end. */
export const lookedThrough = 100;

/** The newest of runs listed newest first that came to an end: while a run goes on, and after one that was interrupted, the verdict before it still holds. */
export function lastEndedRun(listed: readonly RunSummary[]): RunSummary | undefined {
  return listed.find(({ status, verdict }) => verdict !== undefined && status !== 'interrupted');
}
