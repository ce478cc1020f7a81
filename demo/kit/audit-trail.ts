// The leak: a record of every request that nobody ever trims, searched from end to end on each one.
import { busyLoop } from './service-time.ts';

export interface AuditTrail {
  /** Looks for earlier entries of `customer`, then remembers this request for ever. */
  checkAndRemember(customer: string): number;
  /** How many entries are held. */
  size(): number;
  clear(): void;
}

interface Entry {
  readonly text: string;
  /** Stands for whatever else someone thought might be useful one day. */
  readonly snapshot: readonly number[];
}

const ENTRIES_PER_REQUEST = 520;
const SNAPSHOT_LENGTH = 24;
/** Some 100 MB, 40 ms a search: the leak has to hurt, not to kill the machine. */
const MAX_ENTRIES = 260_000;
/** A search takes at least this long, on a fast machine too: what breaks must not depend on the processor. */
const MS_PER_ENTRY = 0.000_15;

export function auditTrail(): AuditTrail {
  let entries: Entry[] = [];
  let sequence = 0;
  return {
    size: () => entries.length,
    clear: () => {
      entries = [];
    },
    checkAndRemember: (customer) => {
      const began = performance.now();
      const wanted = `customer=${customer.toUpperCase()};`;
      let found = 0;
      for (const { text } of entries) if (text.toUpperCase().includes(wanted)) found += 1;
      busyLoop(entries.length * MS_PER_ENTRY - (performance.now() - began));
      for (let i = 0; i < ENTRIES_PER_REQUEST && entries.length < MAX_ENTRIES; i += 1) {
        sequence += 1;
        entries.push({
          text: `seq=${sequence};customer=${customer};action=basket-line-${i};at=${performance.now()}`,
          snapshot: new Array<number>(SNAPSHOT_LENGTH).fill(sequence),
        });
      }
      return found;
    },
  };
}
