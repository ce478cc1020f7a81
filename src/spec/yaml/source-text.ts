// The text of one file and the way from offsets to lines and columns.
import { LineCounter } from 'yaml';
import type { SourceRange } from '../../core/model/diagnostic.ts';

export interface SourceText {
  /** As the user named it; stands in front of every diagnostic. */
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  /** Nobody sees this text: it was made from a module. */
  readonly isGenerated: boolean;
}

/** A stretch of one file, offsets in UTF-16 units, `to` exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly from: number;
  readonly to: number;
}

/** Indexes the line starts of a file's text. */
export function sourceText(file: string, text: string, isGenerated = false): SourceText {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return { file, text, lines, isGenerated };
}

/** The 1-based range of a span. An empty span covers one column, so that a caret can be drawn. */
export function rangeOf(span: Span): SourceRange {
  const { source } = span;
  if (source.isGenerated) return { file: source.file, line: 1, column: 1, endLine: 1, endColumn: 2 };
  const from = Math.max(0, Math.min(span.from, source.text.length));
  const to = Math.max(from, Math.min(span.to, source.text.length));
  const start = source.lines.linePos(from);
  const end = source.lines.linePos(to);
  const isEmpty = start.line === end.line && start.col === end.col;
  return {
    file: source.file,
    line: start.line,
    column: start.col,
    endLine: end.line,
    endColumn: isEmpty ? end.col + 1 : end.col,
  };
}
