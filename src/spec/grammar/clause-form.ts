// The object form of a clause and its way to and from one line: both are read by the same grammar.
import type { ClauseInput } from '../verification-document.ts';

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

/** A clause whose numbers may still be as they were written: `0.60`. */
export type ClauseWords = Omit<ClauseInput, 'value' | 'low' | 'high'> & {
  readonly [end in 'value' | 'low' | 'high']?: number | string | undefined;
};

type Piece = readonly [key: keyof ClauseInput, words: string];

/** `{ stat: p99, op: lte, value: 300, unit: ms }` is `p99 <= 300ms`. A missing right-hand side gives a line that the grammar refuses. */
export function clauseLine(clause: ClauseWords): ClauseLine {
  const pieces: readonly Piece[] = [
    ['stat', clause.stat],
    ['op', Object.hasOwn(SIGNS, clause.op) ? SIGNS[clause.op] : clause.op],
    ...limitPieces(clause),
    ['inSlices', clause.inSlices === undefined ? '' : `in ${percent(clause.inSlices)} of slices`],
    ['over', clause.over === undefined ? '' : `over ${clause.over}`],
    ['while', clause.while === undefined ? '' : `while [${clause.while.join(', ')}]`],
    ['after', clause.after === undefined ? '' : `after ${clause.after}`],
  ];
  let text = '';
  const stretches = pieces.map(([key, words]): LineStretch => {
    if (text !== '' && words !== '') text += ' ';
    const from = text.length;
    text += words;
    return { key, from, to: text.length };
  });
  return { text, stretches };
}

function limitPieces(clause: ClauseWords): readonly Piece[] {
  const unit = clause.unit ?? '';
  const amount = (value: number | string): string => `${value}${unit === 'USD' || unit === 'tok/s' ? ' ' : ''}${unit}`;
  if (clause.op === 'between') {
    return [
      ['low', clause.low === undefined ? '' : amount(clause.low)],
      ['high', clause.high === undefined ? 'and' : `and ${amount(clause.high)}`],
    ];
  }
  if (clause.baselinePlus !== undefined) return [['baselinePlus', `baseline + ${clause.baselinePlus}`]];
  if (clause.times !== undefined) return [['times', `${clause.times.factor} x ${clause.times.stat}`]];
  return [['value', clause.value === undefined ? '' : amount(clause.value)]];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}
