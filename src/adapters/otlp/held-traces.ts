// Answers a trace source's questions from the receiver's memory.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok } from '../../core/model/result.ts';
import { traceSetBuilder } from '../../core/model/trace-set-builder.ts';
import type { TraceSource } from '../../ports/trace-source.ts';
import { isFound } from '../shared/select-traces.ts';
import { within } from '../shared/within.ts';
import type { SpanStore } from './span-store.ts';

/** Spans decoded in one go before requests that wait get their turn: some 5 ms of work. */
const spansPerTurn = 2000;

/** `byIds` decodes what is asked; `search` decodes from the latest trace backwards until it has enough. */
export function heldTraces(store: SpanStore, name: string): Pick<TraceSource, 'byIds' | 'search'> {
  return {
    byIds: (ids, options) =>
      within(name, options, async (signal) => {
        const builder = traceSetBuilder();
        const turn = turnTaker(signal);
        for (const id of new Set(ids)) {
          if (signal.aborted) break;
          const spans = store.spansOf(id.toLowerCase());
          for (const span of spans) builder.add(span);
          await turn(spans.length);
        }
        return ok(builder.build());
      }),
    search: (search, options) =>
      within(name, options, async (signal) => {
        const builder = traceSetBuilder();
        const turn = turnTaker(signal);
        let found = 0;
        for (const id of store.traceIds()) {
          if (found >= search.limit || signal.aborted) break;
          const spans = store.spansOf(id);
          if (isFound(spans, search)) {
            found += 1;
            for (const span of spans) builder.add(span);
          }
          await turn(spans.length);
        }
        return ok(builder.build());
      }),
  };
}

/** Gives way to the event loop after every `spansPerTurn` spans. */
function turnTaker(signal: AbortSignal): (spans: number) => Promise<void> {
  let sinceTurn = 0;
  return async (spans) => {
    sinceTurn += spans;
    if (sinceTurn < spansPerTurn || signal.aborted) return;
    sinceTurn = 0;
    await nextTurn();
  };
}
