// The shop's scores as a section of docs/accuracy.md.
import { join } from 'node:path';
import { FAULTS, type FaultName } from '../../demo/faults.ts';
import { writeSection } from '../write-section.ts';
import type { Grade, Score } from './score.ts';

export interface Cell extends Score {
  readonly fault: FaultName;
  readonly load: number;
  readonly telemetry: string;
  /** The service whose spans are gone, if that is what is poorer. */
  readonly blind?: string | undefined;
}

const page = join(import.meta.dirname, '../../docs/accuracy.md');

export function writePage(cells: readonly Cell[]): void {
  writeSection(page, 'How accurate attribution is', { name: 'shop', text: sectionOf(cells) });
}

export function summaryOf(cells: readonly Cell[]): string {
  const counts = countGrades(cells);
  const sure = cells.filter(({ grade, confidence }) => grade === 'wrong' && confidence === 'high').length;
  return `${cells.length} explanations: ${counts.right} right, ${counts.service} with the right service but another mechanism, ${counts.silent} silent, ${counts.wrong} wrong (${sure} of them with high confidence), ${counts.unbroken} where no requirement failed`;
}

function sectionOf(cells: readonly Cell[]): string {
  const loads = [...new Set(cells.map(({ load }) => load))].sort((a, b) => a - b);
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = faults.flatMap((fault) =>
    loads.map((load) =>
      row(
        fault,
        load,
        cells.filter((each) => each.fault === fault && each.load === load),
      ),
    ),
  );
  return `## The demo shop's faults, on full and on poorer telemetry

Written by \`npm run bench:shop\`. Each fault ran once at each of ${loads.length} load levels (times the rates of \`slos/checkout.yaml\`: ${loads.map((load) => `x${load}`).join(', ')}); what was seen was then made
poorer and explained again: 5% of the traces sampled, 20% of the spans lost at random, and each service but the gateway without instrumentation in turn.
Before it the healthy shop was verified once under the same load and with the same telemetry, so that its typical traces are at hand, as they are where runs repeat. The first finding of the run counts. **right**: service and mechanism; **service**: the right service, another mechanism; **silent**: nothing is blamed, and what is missing is said; **wrong**: another service; **unbroken**: at this load no requirement failed.
A service that records nothing can only be named by its address; that counts when it is the culprit, or the only one that sees what goes wrong in front of the culprit.

${summaryOf(cells)}.

| fault | load | everything | 5% sampled | 20% of spans lost | one service uninstrumented |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${mistakes(cells)}`.trimEnd();
}

function row(fault: FaultName, load: number, cells: readonly Cell[]): string {
  const one = (telemetry: string): string => cells.find((each) => each.telemetry === telemetry)?.grade ?? '';
  const counts = countGrades(cells.filter(({ blind }) => blind !== undefined));
  const blind = Object.entries(counts).flatMap(([grade, count]) => (count === 0 ? [] : [`${count} ${grade}`]));
  return `| \`${fault}\` | x${load} | ${one('everything')} | ${one('5% sampled')} | ${one('20% of spans lost')} | ${blind.join(', ')} |`;
}

function countGrades(cells: readonly Cell[]): Readonly<Record<Grade, number>> {
  const counts = { right: 0, service: 0, silent: 0, wrong: 0, unbroken: 0 };
  for (const { grade } of cells) counts[grade] += 1;
  return counts;
}

function mistakes(cells: readonly Cell[]): string {
  const others = cells.filter(({ grade }) => grade !== 'right');
  if (others.length === 0) return '';
  const lines = others.map(
    ({ fault, load, telemetry, grade, said }) => `| \`${fault}\` | x${load} | ${telemetry} | ${grade} | ${said} |`,
  );
  return `What was not right, and what was said (${Object.keys(FAULTS).length - 1} faults in all):

| fault | load | telemetry | | said |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}
