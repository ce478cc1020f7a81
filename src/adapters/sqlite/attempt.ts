// Turns what SQLite throws into a value.
import { err, type Result } from '../../core/model/result.ts';
import type { StoreError } from '../../ports/run-store.ts';

export async function attempt<T>(work: () => Result<T, StoreError>): Promise<Result<T, StoreError>> {
  try {
    return work();
  } catch (cause) {
    return err({ kind: 'unavailable', message: cause instanceof Error ? cause.message : String(cause), cause });
  }
}
