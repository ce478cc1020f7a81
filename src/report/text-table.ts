// An aligned table for a terminal that gives up its least important columns when there is no room.
import type { TerminalStyle, Tone } from './terminal-style.ts';
import { clipText, lengthOf } from './wrap-text.ts';

export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Columns with the highest number go first when the table is too wide; 0 stays always. */
  readonly givesWay: number;
  /** Present: the column may be clipped to so many characters; columns further right are clipped first. */
  readonly clipsTo?: number;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface TextTable {
  readonly columns: readonly Column[];
  /** Each row has one cell a column. */
  readonly rows: readonly (readonly Cell[])[];
}

const gap = '  ';

/** The header line (painted quiet) and one line a row, none wider than `width` unless even the narrowest form is. */
export function textTable(
  table: TextTable,
  options: { readonly width: number; readonly style: TerminalStyle },
): { readonly header: string; readonly rows: readonly string[] } {
  const wanted = table.columns.map((column, i) =>
    Math.max(lengthOf(column.header), ...table.rows.map((row) => lengthOf(row[i]?.text ?? ''))),
  );
  const kept = keptColumns(table.columns, wanted, options.width);
  const widths = clippedWidths(table.columns, wanted, kept, options.width);
  const line = (cells: readonly Cell[]): string =>
    kept
      .map((column) => cellText(cells[column], table.columns[column], widths[column] ?? 0, options.style))
      .join(gap)
      .trimEnd();
  return {
    header: line(table.columns.map((column) => ({ text: column.header, tone: 'quiet' }))),
    rows: table.rows.map(line),
  };
}

/** Indexes of the columns that stay. A column without any text is left out at once. */
function keptColumns(columns: readonly Column[], wanted: readonly number[], width: number): readonly number[] {
  let kept = columns.map((_, i) => i).filter((i) => (wanted[i] ?? 0) > 0);
  const total = (): number =>
    kept.reduce((sum, i) => sum + narrowest(columns[i], wanted[i] ?? 0) + gap.length, -gap.length);
  while (total() > width) {
    const most = Math.max(...kept.map((i) => columns[i]?.givesWay ?? 0));
    if (most <= 0) break;
    const victim = kept.findLast((i) => columns[i]?.givesWay === most);
    kept = kept.filter((i) => i !== victim);
  }
  return kept;
}

const narrowest = (column: Column | undefined, wanted: number): number =>
  column?.clipsTo === undefined ? wanted : Math.min(wanted, column.clipsTo);

function clippedWidths(
  columns: readonly Column[],
  wanted: readonly number[],
  kept: readonly number[],
  width: number,
): readonly number[] {
  let excess = kept.reduce((sum, i) => sum + (wanted[i] ?? 0) + gap.length, -gap.length) - width;
  const widths = [...wanted];
  for (const i of [...kept].reverse()) {
    const size = wanted[i] ?? 0;
    const least = narrowest(columns[i], size);
    if (excess <= 0 || least === size) continue;
    widths[i] = Math.max(least, size - excess);
    excess -= size - (widths[i] ?? 0);
  }
  return widths;
}

function cellText(cell: Cell | undefined, column: Column | undefined, width: number, style: TerminalStyle): string {
  const text = clipText(cell?.text ?? '', width);
  const blank = ' '.repeat(Math.max(0, width - lengthOf(text)));
  const painted = cell?.tone === undefined || text === '' ? text : style.paint(cell.tone, text);
  return column?.align === 'right' ? blank + painted : painted + blank;
}
