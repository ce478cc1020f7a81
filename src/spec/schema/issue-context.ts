// What reporting the issues of one document needs.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import type { LocatedNode } from '../yaml/located-node.ts';

export interface IssueContext {
  readonly root: LocatedNode;
  readonly diagnose: Diagnose;
  /** Code for unknown keys: an error in our kind, a warning in OpenSLO. */
  readonly unknownKey: DiagnosticCode;
}
