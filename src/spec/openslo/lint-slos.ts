// What an SLO document says and a verdict does not: windows that begin with the calendar, objectives that no requirement names.
import type { Verification } from '../../core/model/verification.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { printDuration } from '../print/print-quantity.ts';
import { spanAt } from '../yaml/located-node.ts';
import type { OpenSloDocuments } from './openslo-documents.ts';
import { objectivesOf } from './resolve-slo.ts';

/** Remarks on the SLOs of all documents. */
export function lintSlos(documents: OpenSloDocuments, diagnose: Diagnose): void {
  for (const { spec, root } of documents.slos.values()) {
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

/** Of an SLO that requirements judge, the objectives that none of them names. */
export function lintObjectives(
  documents: OpenSloDocuments,
  verifications: readonly Verification[],
  diagnose: Diagnose,
): void {
  const judged = new Set(verifications.flatMap(({ requirements }) => requirements.map(({ sloRef }) => sloRef)));
  for (const document of documents.slos.values()) {
    const objectives = objectivesOf(document, documents);
    if (!objectives.some(({ name }) => judged.has(name))) continue;
    for (const [index, { name }] of objectives.entries()) {
      if (judged.has(name)) continue;
      diagnose(
        'LINT_SLO_OBJECTIVES',
        spanAt(document.root, ['spec', 'objectives', index]),
        `no requirement judges this objective of \`${document.metadata.name}\``,
        `write a requirement with \`sloRef: ${name}\``,
      );
    }
  }
}
