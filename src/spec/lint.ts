// What is well formed and still will not decide anything: found before the load is sent.
import type { Diagnostic, SourceRange } from '../core/model/diagnostic.ts';
import type { Verification } from '../core/model/verification.ts';
import { diagnosticCodes } from './diagnostics/diagnostic-codes.ts';
import { lintBuckets } from './lint/lint-buckets.ts';
import { lintBudgets } from './lint/lint-budgets.ts';
import type { Lint } from './lint/lint-context.ts';
import { lintGoodput } from './lint/lint-goodput.ts';
import { lintPhases } from './lint/lint-phases.ts';
import { lintPriorities } from './lint/lint-priorities.ts';
import { lintSamples } from './lint/lint-samples.ts';
import { lintUndecidable } from './lint/lint-undecidable.ts';
import { writtenPath } from './yaml/field-at.ts';
import type { NodePath } from './yaml/located-node.ts';

const LINTS: readonly Lint[] = [
  lintSamples,
  lintUndecidable,
  lintPhases,
  lintBuckets,
  lintBudgets,
  lintPriorities,
  lintGoodput,
];

/** Finds the place of a value, as `ParsedDocuments.locate` does. */
export type Locate = (verification: Verification, path: NodePath, within?: string) => SourceRange;

/** Remarks on verifications, by file, line and column; never errors. Without `locate` they stand at the requirement's or the document's name. */
export function lintVerifications(
  verifications: readonly Verification[],
  locate: Locate = locateByName,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const verification of verifications) {
    for (const lint of LINTS) {
      lint(verification, (code, { path, within }, message, help) => {
        const range = locate(verification, path, within);
        // A module's fields have no lines that we know.
        const told = /\.[cm]?ts$/.test(range.file) ? `${writtenPath(path)}: ${message}` : message;
        found.push({
          code,
          severity: diagnosticCodes[code].severity,
          message: told,
          range,
          ...(help === undefined ? {} : { help }),
        });
      });
    }
  }
  return found.toSorted(
    (a, b) =>
      a.range.file.localeCompare(b.range.file) || a.range.line - b.range.line || a.range.column - b.range.column,
  );
}

function locateByName(verification: Verification, path: NodePath): SourceRange {
  const [, section, index] = path;
  const requirement =
    section === 'requirements' && typeof index === 'number' ? verification.requirements[index] : undefined;
  return requirement?.definedAt ?? verification.definedAt;
}
