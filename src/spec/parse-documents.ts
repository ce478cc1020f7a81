// YAML text -> verifications, or every problem of the documents with its place.
import type { Diagnostic } from '../core/model/diagnostic.ts';
import type { Verification } from '../core/model/verification.ts';
import { requirementTypes } from '../core/slo/requirement-types.ts';
import { buildVerification } from './build-verification.ts';
import { checkVerification } from './check/check-verification.ts';
import type { CheckedVerification } from './check/checked-verification.ts';
import { classifyDocuments } from './classify-documents.ts';
import { collectDiagnostics, type Diagnose } from './diagnostics/diagnose.ts';
import { linkDocuments } from './link-documents.ts';
import type { Locate } from './lint.ts';
import { collectOpenSlo } from './openslo/collect-openslo.ts';
import { lintObjectives } from './openslo/lint-slos.ts';
import type { OpenSloDocuments } from './openslo/openslo-documents.ts';
import { type DocumentText, readRoots } from './read-roots.ts';
import type { RequirementLanguages } from './requirement-language.ts';
import { reportIssues } from './schema/schema-issues.ts';
import { verificationSchema } from './schema/verification-schema.ts';
import type { Override } from './yaml/apply-overrides.ts';
import { type LocatedNode, type NodePath, nodeAt, plainValue, spanAt } from './yaml/located-node.ts';
import { rangeOf, type Span } from './yaml/source-text.ts';
import { spanInside } from './yaml/span-inside.ts';

export interface ParseOptions {
  readonly environment: (name: string) => string | undefined;
  /** `--set path=value`, applied to every verification that has the path. */
  readonly overrides?: readonly Override[];
  /** Reads `${file:path}`; absent: such references are diagnostics. `document` is the file that mentions it. */
  readonly readFile?: (path: string, document: string) => string | undefined;
  /**
   * What an unset variable is. `warning`: a check on a machine without it is still worth something; values that hold it are not judged. `skip`: a warning, and the
   * document is left out, so that a service runs the others. Default: `error`.
   */
  readonly missingVariables?: 'error' | 'warning' | 'skip';
  /** The requirement types to accept; the product's own by default. */
  readonly languages?: RequirementLanguages;
}

export interface ParsedDocuments {
  /** Verifications without errors, in the order of the text. */
  readonly verifications: readonly Verification[];
  /** All problems, by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  readonly openslo: OpenSloDocuments;
  /** Where a value of a verification stands: `['spec', 'requirements', 0, 'require']`; `within` narrows it to a stretch of the text there. */
  readonly locate: Locate;
}

/** Reads a set of files as one: documents may refer to each other by name whatever file they stand in. Never throws, whatever the text. */
export function parseVerifications(files: readonly DocumentText[], options: ParseOptions): ParsedDocuments {
  const { diagnose, diagnostics } = collectDiagnostics(
    (options.missingVariables ?? 'error') === 'error' ? {} : { SPEC_VARIABLE_MISSING: 'warning' },
  );
  const sources = { environment: options.environment, file: options.readFile ?? ((): undefined => undefined) };
  const roots = files.flatMap((file) => readRoots(file, sources, diagnose));
  const readable = options.missingVariables === 'skip' ? roots.filter((root) => !holdsUnresolved(root)) : roots;
  const documents = classifyDocuments(readable, diagnose);
  const openslo = collectOpenSlo(documents.openslo, diagnose);
  const located = linkDocuments(documents, options.overrides ?? [], diagnose);
  const languages = options.languages ?? requirementTypes;
  const read = located.map((root) => ({
    root,
    verification: readVerification(
      { root, languages, openslo, environment: options.environment },
      options.missingVariables !== 'warning',
      diagnose,
    ),
  }));
  const verifications = read.flatMap(({ verification }) => verification ?? []);
  lintObjectives(openslo, verifications, diagnose);
  return {
    verifications,
    diagnostics: diagnostics(),
    openslo,
    locate: (verification, path, within) => {
      // Not by name: of two with one name, which is an error, each stands at its own place.
      const found = read.find((each) => each.verification === verification);
      return found === undefined ? verification.definedAt : rangeOf(placeOf(found.root, path, within));
    },
  };
}

function placeOf(root: LocatedNode, path: NodePath, within: string | undefined): Span {
  const node = nodeAt(root, path);
  const from = within === undefined || node?.kind !== 'scalar' ? -1 : node.text.indexOf(within);
  return from === -1 || node?.kind !== 'scalar' ? spanAt(root, path) : spanInside(node, from, from + within!.length);
}

/** One document; undefined when it has an error. Shape and references are checked independently, so that all problems show at once. */
function readVerification(
  document: Omit<CheckedVerification, 'fields'>,
  isStrict: boolean,
  report: Diagnose,
): Verification | undefined {
  const { root, languages, openslo } = document;
  let hasErrors = false;
  const diagnose: Diagnose = (...problem) => {
    hasErrors ||= isStrict || problem[0] !== 'SPEC_VARIABLE_MISSING';
    report(...problem);
  };
  const parsed = schemaOf(languages).safeParse(plainValue(root));
  if (!parsed.success) reportIssues(parsed.error.issues, { root, diagnose, unknownKey: 'SPEC_KEY_UNKNOWN' });
  const fields = parsed.success ? parsed.data : undefined;
  checkVerification({ ...document, ...(fields === undefined ? {} : { fields }) }, diagnose);
  if (fields === undefined || hasErrors || (isStrict && holdsUnresolved(root))) return undefined;
  return buildVerification({ fields, root, openslo });
}

/** Whether a value could not be read: an unset variable, a missing file. */
function holdsUnresolved(node: LocatedNode): boolean {
  if (node.kind === 'scalar') return node.isUnresolved;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value);
  return inner.some(holdsUnresolved);
}

const schemas = new WeakMap<RequirementLanguages, ReturnType<typeof verificationSchema>>();

/** Building the schema of 21 types takes longer than reading a document with it. */
function schemaOf(languages: RequirementLanguages): ReturnType<typeof verificationSchema> {
  const known = schemas.get(languages) ?? verificationSchema(languages);
  schemas.set(languages, known);
  return known;
}
