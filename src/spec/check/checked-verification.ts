// What the checks of one document are given.
import type { OpenSloDocuments } from '../openslo/openslo-documents.ts';
import type { RequirementLanguages } from '../requirement-language.ts';
import type { VerificationFields } from '../schema/verification-schema.ts';
import type { LocatedNode } from '../yaml/located-node.ts';

/** One document with what is known of it. `fields` is absent when its shape is wrong: what can be checked without is checked all the same. */
export interface CheckedVerification {
  readonly root: LocatedNode;
  readonly fields?: VerificationFields;
  readonly languages: RequirementLanguages;
  readonly openslo: OpenSloDocuments;
  readonly environment: (name: string) => string | undefined;
}

/** Names that the document defines. Undefined: unknown because of another problem, so that nothing is said about them. */
export interface KnownNames {
  readonly scenarios?: readonly string[];
  readonly phases?: readonly string[];
  readonly judged?: readonly string[];
  readonly requirements: ReadonlySet<string>;
  readonly hasWorkload: boolean;
}
