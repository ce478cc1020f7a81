// What is known of each span, read off its attributes or off other calls of its edge.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { type CallFacts, recordedFactsOf } from '../spans/recorded-facts.ts';
import { remember } from '../spans/remember.ts';
import { markTimeoutSpikes } from './timeout-spikes.ts';

/** What spans record, with time-outs that no attribute admits (timeout-spikes.ts). */
export const callFactsOf: (prepared: PreparedTraces) => CallFacts = remember((prepared) => {
  const recorded = recordedFactsOf(prepared.set);
  const facts = { ...recorded, timedOut: Uint8Array.from(recorded.timedOut) };
  markTimeoutSpikes(prepared, facts);
  return facts;
});
