// The leak: a record of every request that nobody ever trims, searched from end to end on each one.

export interface AuditTrail {
  /** Looks for earlier entries of `customer`, then remembers this request for ever. */
  checkAndRemember(customer: string): number;
  /** How many entries are held. */
  size(): number;
  clear(): void;
}

const ENTRIES_PER_REQUEST = 400;
/** Some 100 MB, 40 ms a search: the leak has to hurt, not to kill the machine. */
const MAX_ENTRIES = 280_000;

export function auditTrail(): AuditTrail {
  let entries: string[] = [];
  let sequence = 0;
  return {
    size: () => entries.length,
    clear: () => {
      entries = [];
    },
    checkAndRemember: (customer) => {
      const wanted = `customer=${customer.toUpperCase()};`;
      let found = 0;
      for (const entry of entries) if (entry.toUpperCase().includes(wanted)) found += 1;
      for (let i = 0; i < ENTRIES_PER_REQUEST && entries.length < MAX_ENTRIES; i += 1) {
        sequence += 1;
        entries.push(`seq=${sequence};customer=${customer};action=basket-line-${i};at=${performance.now()}`);
      }
      return found;
    },
  };
}
