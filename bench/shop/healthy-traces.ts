// A run store that keeps the typical traces of the healthy shop and nothing else. Each start of the shop has ports of its own, so keys are not compared.
import { ok } from '../../src/core/model/result.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import { forgetfulStore } from './forgetful-store.ts';

export function healthyTraces(): RunStore {
  let kept: string | undefined;
  return {
    ...forgetfulStore,
    readState: async () => ok(kept),
    async writeState(_, value) {
      kept ??= value;
      return ok(undefined);
    },
  };
}
