// How every stage of reading reports a problem: it goes on, and all problems come out together.
import type { Diagnostic, Severity } from '../../core/model/diagnostic.ts';
import { fieldAt } from '../yaml/field-at.ts';
import { rangeOf, type Span } from '../yaml/source-text.ts';
import { type DiagnosticCode, diagnosticCodes } from './diagnostic-codes.ts';

/** Reports one problem at a place. `message`: what was wanted and what was found; `help`: what to do. */
export type Diagnose = (code: DiagnosticCode, span: Span, message: string, help?: string) => void;

/** A file with more problems than this is told so once; the rest would only repeat the first. */
const MAX_DIAGNOSTICS_PER_FILE = 200;

export interface DiagnosticCollector {
  readonly diagnose: Diagnose;
  /** All problems by file (in the order of first mention), line and column; the same problem at the same place once. */
  readonly diagnostics: () => readonly Diagnostic[];
}

/** An empty collection that `diagnose` fills. `severities`: in place of those of the table. */
export function collectDiagnostics(
  severities: Readonly<Partial<Record<DiagnosticCode, Severity>>> = {},
): DiagnosticCollector {
  const byFile = new Map<string, Map<string, Diagnostic>>();
  const diagnose: Diagnose = (code, span, message, help) => {
    const range = rangeOf(span);
    const field = span.source.isGenerated ? fieldAt(span.source, span.from) : '';
    const told = field === '' ? message : `${field}: ${message}`;
    const found = byFile.get(range.file) ?? new Map<string, Diagnostic>();
    byFile.set(range.file, found);
    if (found.size >= MAX_DIAGNOSTICS_PER_FILE) return;
    const diagnostic = {
      code,
      severity: severities[code] ?? diagnosticCodes[code].severity,
      message: told,
      range,
      ...(help === undefined ? {} : { help }),
    };
    const key = `${code}:${range.line}:${range.column}:${told}`;
    if (!found.has(key)) found.set(key, diagnostic);
  };
  return {
    diagnose,
    diagnostics: () => [...byFile.values()].flatMap((found) => withoutEchoes([...found.values()]).toSorted(byPlace)),
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.range.line - b.range.line || a.range.column - b.range.column;
}

/** A YAML surprise that has become an error needs no second telling. */
function withoutEchoes(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = new Set(found.filter(({ severity }) => severity === 'error').map(placeOf));
  return found.filter((diagnostic) => diagnostic.code !== 'LINT_YAML_SURPRISE' || !errors.has(placeOf(diagnostic)));
}

function placeOf({ range }: Diagnostic): string {
  return `${range.line}:${range.column}`;
}
