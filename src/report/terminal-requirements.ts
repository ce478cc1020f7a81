// The first part of the terminal report: every requirement with its numbers, worst first, and the where below the broken ones.
import type { Run } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { attributionOf, isSameCause } from './attribution-of.ts';
import { type ClauseNumbers, clauseNumbers, decidingClause, marginText } from './clause-numbers.ts';
import { type Labelled, labelledLines } from './labelled-lines.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type ToldCause, whereLines } from './terminal-where.ts';
import { type Cell, type Column, textTable } from './text-table.ts';
import { needText, reasonWords, verdictMarks } from './verdict-words.ts';
import { worstFirst } from './worst-first.ts';
import { wrapText } from './wrap-text.ts';

interface Options {
  readonly width: number;
  readonly style: TerminalStyle;
}

/** Below this a requirement takes two lines: its name, then its numbers. */
const tableFrom = 100;

const columns: readonly Column[] = [
  { header: '', align: 'left', givesWay: 0 },
  { header: 'id', align: 'left', givesWay: 0 },
  { header: 'requirement', align: 'left', givesWay: 0, clipsTo: 28 },
  { header: 'observed', align: 'right', givesWay: 0 },
  { header: 'interval', align: 'right', givesWay: 0 },
  { header: 'limit', align: 'left', givesWay: 0, clipsTo: 16 },
  { header: 'margin', align: 'right', givesWay: 1 },
  { header: 'priority', align: 'left', givesWay: 2 },
];

/** Lines of the requirements part, without a heading. A run without requirements gets a sentence that says so. */
export function requirementLines(run: Run, options: Options): readonly string[] {
  const verdicts = worstFirst(run.verdicts);
  if (verdicts.length === 0)
    return [`No requirement was judged${run.message === undefined ? '.' : `: ${printable(run.message)}`}`];
  const heads =
    options.width < tableFrom ? verdicts.map((each) => narrowHead(each, options)) : tableHeads(verdicts, options);
  const told: ToldCause[] = [];
  return [
    ...(options.width < tableFrom ? [] : [tableHeader(verdicts, options)]),
    ...verdicts.flatMap((verdict, i) => {
      const details = labelledLines(detailsOf(run, verdict, told), { ...options, indent: 3 });
      remember(run, verdict, told);
      const next = verdicts[i + 1];
      return [...(heads[i] ?? []), ...details, ...(details.length > 0 && next !== undefined ? [''] : [])];
    }),
  ];
}

function remember(run: Run, verdict: Verdict, told: ToldCause[]): void {
  const finding = attributionOf(run, verdict.requirement).findings[0];
  if (finding === undefined || verdict.verdict === 'pass' || told.some((each) => isSameCause(each.finding, finding)))
    return;
  told.push({ requirement: verdict.requirement, finding });
}

const table = (verdicts: readonly Verdict[], options: Options): ReturnType<typeof textTable> =>
  textTable({ columns, rows: verdicts.map(cellsOf) }, options);

const tableHeader = (verdicts: readonly Verdict[], options: Options): string => table(verdicts, options).header;

const tableHeads = (verdicts: readonly Verdict[], options: Options): readonly (readonly string[])[] =>
  table(verdicts, options).rows.map((row) => [row]);

function cellsOf(verdict: Verdict): readonly Cell[] {
  const numbers = numbersOf(verdict);
  const tone = verdict.verdict;
  return [
    { text: verdictMarks[tone], tone },
    { text: verdict.requirement, tone },
    { text: printable(verdict.title), ...(tone === 'pass' ? {} : { tone: 'strong' as const }) },
    { text: numbers.value || 'no value', ...(tone === 'pass' ? {} : { tone }) },
    { text: numbers.interval, tone: 'quiet' },
    { text: `${numbers.stat} ${numbers.limit}`.trim() },
    { text: marginText(verdict) },
    { text: verdict.priority, tone: 'quiet' },
  ];
}

function narrowHead(verdict: Verdict, options: Options): readonly string[] {
  const numbers = numbersOf(verdict);
  const name = wrapText(
    `${verdictMarks[verdict.verdict]} ${verdict.requirement} ${printable(verdict.title)}`,
    options.width,
  );
  const interval = numbers.interval === '' ? '' : ` (${numbers.interval})`;
  const facts = [
    `${numbers.stat} ${numbers.value || 'no value'}${interval}`.trim(),
    `limit ${numbers.limit}`,
    marginText(verdict),
    verdict.priority === 'must' ? '' : verdict.priority,
  ].filter((each) => each !== '');
  return [
    ...name.map((line) => options.style.paint(verdict.verdict, line)),
    ...wrapText(facts.join(', '), options.width - 2).map((line) => `  ${line}`),
  ];
}

function numbersOf(verdict: Verdict): ClauseNumbers {
  const clause = decidingClause(verdict);
  return clause === undefined
    ? { stat: '', value: '', interval: '', limit: printable(verdict.rule) }
    : clauseNumbers(clause);
}

/** A passing requirement needs no words; its remarks stand among the notes. */
function detailsOf(run: Run, verdict: Verdict, told: readonly ToldCause[]): readonly Labelled[] {
  if (verdict.verdict === 'pass') return [];
  const { file, line } = verdict.definedAt;
  const others = verdict.clauses.slice(1).filter((clause) => clause.verdict !== 'pass');
  return [
    { label: 'verdict', texts: [verdictSentence(verdict)] },
    { label: 'need', texts: [printable(needText(verdict))] },
    {
      label: 'clauses',
      texts: others.map((clause) => `${verdictMarks[clause.verdict]} ${printable(clause.explanation)}`),
    },
    ...(verdict.verdict === 'fail' || verdict.verdict === 'warn' ? whereLines(run, verdict, told) : []),
    { label: 'rule', texts: [`${printable(verdict.rule)} (${printable(file)}:${line})`], tone: 'quiet' },
  ];
}

function verdictSentence(verdict: Verdict): string {
  const reason = verdict.reason === undefined ? '' : `${reasonWords[verdict.reason]}: `;
  return `${reason}${printable(verdict.explanation)}`;
}
