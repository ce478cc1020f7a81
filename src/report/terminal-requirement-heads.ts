// The head of each requirement in a terminal: one aligned row where names and numbers fit, else its name and its numbers on lines of their own.
import type { Verdict } from '../core/model/verdict.ts';
import { type ClauseNumbers, clauseNumbers, decidingClause, marginText } from './clause-numbers.ts';
import { printable } from './printable.ts';
import { plainStyle, type TerminalStyle } from './terminal-style.ts';
import { type Cell, type Column, textTable } from './text-table.ts';
import { verdictMarks } from './verdict-words.ts';
import { lengthOf, wrapText } from './wrap-text.ts';

interface Options {
  readonly width: number;
  readonly style: TerminalStyle;
}

export interface RequirementHeads {
  /** Names of the columns; absent where there are none. */
  readonly header?: string;
  /** One entry a verdict, in the order given. */
  readonly heads: readonly (readonly string[])[];
}

const nameColumns: readonly Column[] = [
  { header: '', align: 'left', givesWay: 0 },
  { header: 'id', align: 'left', givesWay: 0 },
  { header: 'requirement', align: 'left', givesWay: 0 },
];

const numberColumns: readonly Column[] = [
  { header: 'observed', align: 'right', givesWay: 0 },
  { header: 'interval', align: 'right', givesWay: 0 },
  { header: 'limit', align: 'left', givesWay: 0, clipsTo: 18 },
  { header: 'margin', align: 'right', givesWay: 0 },
  { header: 'priority', align: 'left', givesWay: 1 },
];

/** A title is never cut: people know a requirement by it. */
export function requirementHeads(verdicts: readonly Verdict[], options: Options): RequirementHeads {
  const whole = tableThatFits(
    [...nameColumns, ...numberColumns],
    verdicts.map((each) => [...nameCells(each), ...numberCells(each)]),
    options,
  );
  if (whole !== undefined) return { header: whole.header, heads: whole.rows.map((row) => [row]) };
  const numbers = tableThatFits(numberColumns, verdicts.map(numberCells), {
    ...options,
    width: options.width - indent.length,
  });
  return {
    heads: verdicts.map((verdict, i) => {
      const line = numbers?.rows[i];
      return [...nameLines(verdict, options), ...(line === undefined ? proseLines(verdict, options) : [indent + line])];
    }),
  };
}

const indent = '   ';

function tableThatFits(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: Options,
): ReturnType<typeof textTable> | undefined {
  const plain = textTable({ columns, rows }, { width: options.width, style: plainStyle });
  const isTooWide = [plain.header, ...plain.rows].some((line) => lengthOf(line) > options.width);
  return isTooWide ? undefined : textTable({ columns, rows }, options);
}

function nameCells(verdict: Verdict): readonly Cell[] {
  const tone = verdict.verdict;
  return [
    { text: verdictMarks[tone], tone },
    { text: printable(verdict.requirement), tone },
    { text: printable(verdict.title), ...(tone === 'pass' ? {} : { tone: 'strong' as const }) },
  ];
}

function numberCells(verdict: Verdict): readonly Cell[] {
  const numbers = numbersOf(verdict);
  const tone = verdict.verdict;
  return [
    { text: numbers.value || 'no value', ...(tone === 'pass' ? {} : { tone }) },
    { text: numbers.interval, tone: 'quiet' },
    { text: printable(`${numbers.stat} ${numbers.limit}`.trim()) },
    { text: marginText(verdict) },
    { text: verdict.priority, tone: 'quiet' },
  ];
}

function nameLines(verdict: Verdict, { width, style }: Options): readonly string[] {
  const name = printable(`${verdict.requirement} ${verdict.title}`);
  return wrapText(name, width - indent.length).map((line, i) =>
    style.paint(verdict.verdict, (i === 0 ? `${verdictMarks[verdict.verdict]}  ` : indent) + line),
  );
}

/** Where not even the numbers fit side by side. */
function proseLines(verdict: Verdict, { width }: Options): readonly string[] {
  const numbers = numbersOf(verdict);
  const interval = numbers.interval === '' ? '' : ` (${numbers.interval})`;
  const facts = [
    `${numbers.stat} ${numbers.value || 'no value'}${interval}`.trim(),
    `limit ${numbers.limit}`,
    marginText(verdict),
    verdict.priority === 'must' ? '' : verdict.priority,
  ].filter((each) => each !== '');
  return wrapText(printable(facts.join(', ')), width - indent.length).map((line) => indent + line);
}

function numbersOf(verdict: Verdict): ClauseNumbers {
  const clause = decidingClause(verdict);
  return clause === undefined
    ? { stat: '', value: '', interval: '', limit: printable(verdict.rule) }
    : clauseNumbers(clause);
}
