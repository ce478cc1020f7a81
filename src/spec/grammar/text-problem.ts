// A problem inside one text of the document, with its place in that text.
import { err, type Result } from '../../core/model/result.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';

/** `from` and `to` are offsets in the text, `to` exclusive; the caller maps them into the file. */
export interface TextProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string;
  readonly from: number;
  readonly to: number;
}

export type Parsed<T> = Result<T, TextProblem>;

/** A failed reading. Without a place it covers the whole text. */
export function problem(
  code: DiagnosticCode,
  message: string,
  details: { readonly help?: string | undefined; readonly from?: number; readonly to?: number } = {},
): Result<never, TextProblem> {
  const { help, from = 0, to = Number.MAX_SAFE_INTEGER } = details;
  return err({ code, message, from, to, ...(help === undefined ? {} : { help }) });
}

/** The same problem, `by` characters further in a longer text. */
export function shifted<T>(parsed: Parsed<T>, by: number, length: number): Parsed<T> {
  if (parsed.ok) return parsed;
  const { from, to } = parsed.error;
  return err({ ...parsed.error, from: from + by, to: Math.min(to, length) + by });
}
