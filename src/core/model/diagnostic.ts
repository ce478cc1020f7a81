// A problem in a document, with the place it stands at.

/** 1-based positions, end exclusive in columns, as editors and compilers count. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** `code` is stable (for example SPEC_TARGET_RANGE); `message` says what was wanted and what was found; `help` what to do. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: SourceRange;
  readonly help?: string;
}
