// What the benchmarks measured last, section by section, as it stands in docs/load.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Table } from './tables.ts';
import type { Target } from './targets.ts';

export type SectionName = 'cost' | 'slow' | 'tls' | 'open' | 'freeze' | 'flood' | 'resources' | 'framing' | 'soak';

/** Everything measured in one go: the peers of a table were measured in turn with the engine. */
export interface SectionResult {
  readonly section: SectionName;
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** Day, rounds, machine, versions, what was missing. */
  readonly conditions: string;
}

/** One JSON document a line. */
const FILE = new URL('./results.jsonl', import.meta.url);

export function readResults(): readonly SectionResult[] {
  if (!existsSync(FILE)) return [];
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SectionResult);
}

/** Keeps the results of the sections that were not measured this time. */
export function writeResults(measured: readonly SectionResult[]): void {
  const again = new Set(measured.map(({ section }) => section));
  const all = [...readResults().filter(({ section }) => !again.has(section)), ...measured];
  writeFileSync(FILE, `${all.map((result) => JSON.stringify(result)).join('\n')}\n`);
}
