// The object form of a clause and its way to and from one line: both are read by the same grammar.
import type { ClauseInput } from '../verification-document.ts';
import { looksLikeQuantile } from './parse-stat.ts';

const SIGNS: Readonly<Record<ClauseInput['op'], string>> = {
  lte: '<=',
  lt: '<',
  gte: '>=',
  gt: '>',
  eq: '==',
  between: 'between',
};

/** A stretch of the line and the key of the object that it was made from. */
export interface LineStretch {
  readonly key: keyof ClauseInput;
  readonly from: number;
  readonly to: number;
}

export interface ClauseLine {
  readonly text: string;
  readonly stretches: readonly LineStretch[];
}

/** `{ stat: p99, op: lte, value: 300, unit: ms }` is `p99 <= 300ms`. A missing right-hand side gives a line that the grammar refuses. */
export function clauseLine(clause: ClauseInput): ClauseLine {
  const line = new LineWriter();
  line.write('stat', clause.stat);
  line.write('op', SIGNS[clause.op]);
  writeLimit(line, clause);
  if (clause.target !== undefined && !looksLikeQuantile(clause.stat))
    line.write('target', `in ${percent(clause.target)} of slices`);
  if (clause.over !== undefined) line.write('over', `over ${clause.over}`);
  if (clause.while !== undefined) line.write('while', `while [${clause.while.join(', ')}]`);
  if (clause.after !== undefined) line.write('after', `after ${clause.after}`);
  return { text: line.text, stretches: line.stretches };
}

function writeLimit(line: LineWriter, clause: ClauseInput): void {
  const unit = clause.unit ?? '';
  const spaced = unit === 'USD' || unit === 'tok/s' ? ` ${unit}` : unit;
  if (clause.op === 'between') {
    line.write('low', clause.low === undefined ? '' : `${clause.low}${spaced}`);
    line.write('high', clause.high === undefined ? 'and' : `and ${clause.high}${spaced}`);
  } else if (clause.baselinePlus !== undefined) line.write('baselinePlus', `baseline + ${clause.baselinePlus}`);
  else if (clause.times !== undefined) line.write('times', `${clause.times.factor} x ${clause.times.stat}`);
  else if (clause.value !== undefined) line.write('value', `${clause.value}${spaced}`);
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}

/** Joins words by blanks and remembers which key each came from. */
class LineWriter {
  text = '';
  readonly stretches: LineStretch[] = [];

  write(key: keyof ClauseInput, words: string): void {
    if (this.text !== '' && words !== '') this.text += ' ';
    this.stretches.push({ key, from: this.text.length, to: this.text.length + words.length });
    this.text += words;
  }
}
