// Whether the run store can be read and written, for `/readyz`.
import type { Result } from '../core/model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore, StoreError } from '../ports/run-store.ts';

/** Anybody may ask, as often as they like: the answer is good for so long. */
const goodForMs = 2_000;

export function storeHealth(store: RunStore, clock: Clock): () => Promise<Result<void, StoreError>> {
  let known: { readonly at: number; readonly answer: Promise<Result<void, StoreError>> } | undefined;
  return () => {
    const now = clock.now();
    if (known === undefined || now - known.at >= goodForMs) known = { at: now, answer: check(store, now) };
    return known.answer;
  };
}

/** A full disk, or rights that were taken away, show in a write only. */
async function check(store: RunStore, now: number): Promise<Result<void, StoreError>> {
  const listed = await store.list({ limit: 1 });
  return listed.ok ? store.writeState('service/ready-at', String(now)) : listed;
}
