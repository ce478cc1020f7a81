// Puts the measured figures into docs/load.md, between its two marks; the words around them are written by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { readResults, type SectionName } from './results.ts';
import { markdownTable, type Table } from './tables.ts';
import type { Target } from './targets.ts';

const PAGE = new URL('../../docs/load.md', import.meta.url);
const BEGIN = '<!-- figures: written by `npm run bench:load -- --write`, not by hand -->';
const END = '<!-- end of figures -->';

/** In the order of the page. */
export const SECTIONS: Readonly<Record<SectionName, string>> = {
  cost: 'Cost of a request',
  slow: 'Cost of a request, beside those that start slowly',
  tls: 'Cost over TLS',
  open: 'Does the load arrive when it should?',
  freeze: 'A server that stands still',
  flood: 'A flood against a slow server',
  resources: 'Start, memory, threads, connections',
  framing: 'Framing of replies',
  soak: 'Memory over an hour',
};

export function writePage(): string {
  const text = readFileSync(PAGE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE.pathname} has lost the marks of its figures: ${BEGIN} ... ${END}`);
  writeFileSync(PAGE, `${text.slice(0, from + BEGIN.length)}\n\n${figures()}\n${text.slice(to)}`);
  return PAGE.pathname;
}

function figures(): string {
  const results = new Map(readResults().map((result) => [result.section, result]));
  const names = Object.keys(SECTIONS) as SectionName[];
  const found = names.flatMap((name) => results.get(name) ?? []);
  const targets = found.flatMap((result) => result.targets);
  const missing = names.filter((name) => !results.has(name)).map((name) => `${SECTIONS[name]} (\`--only ${name}\`)`);
  return [
    '### What was asked for, and what was measured',
    '',
    markdownTable(targetsTable(targets)),
    ...(missing.length === 0 ? [] : [`**Not measured yet**, so neither met nor missed: ${missing.join('; ')}.`, '']),
    ...found.flatMap(({ section, tables, conditions }) => [
      `### ${SECTIONS[section]}`,
      '',
      ...tables.map(markdownTable),
      `*${conditions}*`,
      '',
    ]),
  ].join('\n');
}

export function targetsTable(targets: readonly Target[]): Table {
  const met = targets.filter((target) => target.met).length;
  return {
    title: `${met} of ${targets.length} met`,
    head: ['', 'measured', 'wanted', 'met'],
    rows: targets.map((target) => [target.what, target.measured, target.wanted, target.met ? 'yes' : '**no**']),
  };
}
