// What each lint is given: one verification and a way to remark on a place of it.
import type { Verification } from '../../core/model/verification.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import type { NodePath } from '../yaml/located-node.ts';

/** A place of the document; `within` narrows it to a stretch of the text there. */
interface LintPlace {
  readonly path: NodePath;
  readonly within?: string;
}

export type Remark = (code: DiagnosticCode, place: LintPlace, message: string, help?: string) => void;

export type Lint = (verification: Verification, remark: Remark) => void;
