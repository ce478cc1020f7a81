// Which services are databases, by what their callers' spans say.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { remember } from '../spans/remember.ts';
import { callFactsOf } from './call-facts.ts';

/** Whether calls to `service` carry db.system.name (or its older name). */
export function isDatabase(prepared: PreparedTraces, service: string): boolean {
  return databasesOf(prepared).has(service);
}

const databasesOf: (prepared: PreparedTraces) => ReadonlySet<string> = remember((prepared) => {
  const { database } = callFactsOf(prepared);
  const found = new Uint8Array(prepared.services.length);
  for (let span = 0; span < database.length; span += 1) {
    if ((database[span] ?? -1) >= 0 && (prepared.edge[span] ?? -1) >= 0) found[prepared.payer[span] ?? 0] = 1;
  }
  return new Set(prepared.services.filter((_, index) => found[index] === 1));
});
