// A run store that keeps nothing: the bench judges the same run many times and compares with no earlier one.
import { err, ok } from '../../src/core/model/result.ts';
import type { RunStore } from '../../src/ports/run-store.ts';

export const forgetfulStore: RunStore = {
  begin: async () => ok(undefined),
  finish: async () => ok(undefined),
  get: async (runId) => err({ kind: 'not-found', message: `no run ${runId}` }),
  list: async () => ok([]),
  removeOld: async () => ok(0),
  readState: async () => ok(undefined),
  writeState: async () => ok(undefined),
  close: async () => undefined,
};
