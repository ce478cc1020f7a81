// What an SLO document says and a verdict does not: more than one objective, windows that begin with the calendar.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { printDuration } from '../print/print-quantity.ts';
import { spanAt } from '../yaml/located-node.ts';
import type { OpenSloDocuments } from './openslo-documents.ts';

/** Remarks on the SLOs of all documents. */
export function lintSlos(documents: OpenSloDocuments, diagnose: Diagnose): void {
  for (const { spec, root, metadata } of documents.slos.values()) {
    if (spec.objectives.length > 1) {
      diagnose(
        'LINT_SLO_OBJECTIVES',
        spanAt(root, ['spec', 'objectives', 1]),
        `a requirement on \`${metadata.name}\` is judged on its first objective only`,
        '`export rules` writes rules for each; write one SLO for each objective to judge them all',
      );
    }
    const window = spec.timeWindow?.[0];
    if (window?.isRolling !== false && window?.calendar === undefined) continue;
    diagnose(
      'LINT_SLO_CALENDAR',
      spanAt(root, ['spec', 'timeWindow', 0]),
      `a calendar window is judged, and its rules are written, as a rolling one of ${printDuration(window.duration)}`,
      'write `isRolling: true` to say so',
    );
  }
}
