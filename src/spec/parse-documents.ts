// YAML text -> verifications, or every problem of the documents with its place.
import type { Diagnostic } from '../core/model/diagnostic.ts';
import type { Verification } from '../core/model/verification.ts';
import { requirementTypes } from '../core/slo/requirement-types.ts';
import { buildVerification } from './build-verification.ts';
import { checkVerification } from './check/check-verification.ts';
import type { CheckedVerification } from './check/checked-verification.ts';
import { collectDiagnostics, type Diagnose } from './diagnostics/diagnose.ts';
import { suggest } from './diagnostics/did-you-mean.ts';
import { classifyDocuments } from './classify-documents.ts';
import { collectOpenSlo } from './openslo/collect-openslo.ts';
import type { Locate } from './lint.ts';
import type { OpenSloDocuments } from './openslo/openslo-documents.ts';
import type { RequirementLanguages } from './requirement-language.ts';
import { reportIssues } from './schema/schema-issues.ts';
import { verificationSchema, workloadDocumentSchema } from './schema/verification-schema.ts';
import { applyOverride, type Override } from './yaml/apply-overrides.ts';
import {
  type LocatedEntry,
  type LocatedNode,
  type NodePath,
  nodeAt,
  plainValue,
  spanAt,
  textAt,
} from './yaml/located-node.ts';
import { readYaml } from './yaml/read-yaml.ts';
import { resolveVariables } from './yaml/resolve-variables.ts';
import { rangeOf, type Span, sourceText } from './yaml/source-text.ts';
import { spanInside } from './yaml/span-inside.ts';
import { warnOfSurprises } from './yaml/yaml-surprises.ts';

export interface DocumentText {
  /** As the user named it: stands in diagnostics. */
  readonly file: string;
  readonly text: string;
}

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
  const roots = files.flatMap((file) => readFile(file, options, diagnose));
  const readable = options.missingVariables === 'skip' ? roots.filter((root) => !holdsUnresolved(root)) : roots;
  const documents = classifyDocuments(readable, diagnose);
  const openslo = collectOpenSlo(documents.openslo, diagnose);
  const workloads = collectWorkloads(documents.workloads, diagnose);
  checkUnused(workloads, documents.verifications, diagnose);
  const linked = documents.verifications.map((root) => linkWorkload(root, workloads, diagnose));
  const located = overridden(linked, options.overrides ?? [], diagnose);
  refuseSameNames(located, diagnose);
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
  return {
    verifications,
    diagnostics: diagnostics(),
    openslo,
    locate: (verification, path, within) => {
      const found = read.find((each) => each.verification?.name === verification.name);
      return found === undefined ? verification.definedAt : rangeOf(placeOf(found.root, path, within));
    },
  };
}

function placeOf(root: LocatedNode, path: NodePath, within: string | undefined): Span {
  const node = nodeAt(root, path);
  const from = within === undefined || node?.kind !== 'scalar' ? -1 : node.text.indexOf(within);
  return from === -1 || node?.kind !== 'scalar' ? spanAt(root, path) : spanInside(node, from, from + within!.length);
}

function readFile(file: DocumentText, options: ParseOptions, diagnose: Diagnose): readonly LocatedNode[] {
  const source = sourceText(file.file, file.text);
  const roots = readYaml(source, diagnose);
  const sources = {
    environment: options.environment,
    file: options.readFile ?? ((): undefined => undefined),
  };
  return roots.flatMap(documentsOf).map((root) => {
    warnOfSurprises(root, diagnose);
    return resolveVariables(root, sources, isJourneyTemplate, diagnose);
  });
}

/** A list of documents is read as if they stood one after another, as other OpenSLO tools do. */
function documentsOf(root: LocatedNode): readonly LocatedNode[] {
  const isList =
    root.kind === 'list' &&
    root.items.length > 0 &&
    root.items.every((item) => item.kind === 'map' && item.entries.has('apiVersion'));
  return isList ? root.items : [root];
}

/** Inside scenarios `${name}` is filled in for each request. */
function isJourneyTemplate(path: NodePath): boolean {
  return path.at(-1) === 'scenarios' && path.length <= 3;
}

function collectWorkloads(roots: readonly LocatedNode[], diagnose: Diagnose): ReadonlyMap<string, LocatedNode> {
  const workloads = new Map<string, LocatedNode>();
  for (const root of roots) {
    const name = textAt(root, ['metadata', 'name']) ?? '';
    if (workloads.has(name))
      diagnose('SPEC_NAME_DUPLICATE', spanAt(root, ['metadata', 'name']), `a second Workload named \`${name}\``);
    else workloads.set(name, root);
  }
  return workloads;
}

/** Workloads that a verification refers to are checked with it; the others by themselves. */
function checkUnused(
  workloads: ReadonlyMap<string, LocatedNode>,
  verifications: readonly LocatedNode[],
  diagnose: Diagnose,
): void {
  const used = new Set(verifications.map((root) => textAt(root, ['spec', 'workloadRef'])));
  for (const [name, root] of workloads) {
    const parsed = used.has(name) ? undefined : workloadDocumentSchema.safeParse(plainValue(root));
    if (parsed?.success === false)
      reportIssues(parsed.error.issues, { root, diagnose, unknownKey: 'SPEC_KEY_UNKNOWN' });
  }
}

/** Puts the workload that `workloadRef` names where `workload` would stand. */
function linkWorkload(root: LocatedNode, workloads: ReadonlyMap<string, LocatedNode>, diagnose: Diagnose): LocatedNode {
  const name = textAt(root, ['spec', 'workloadRef']);
  const spec = root.kind === 'map' ? root.entries.get('spec') : undefined;
  if (name === undefined || root.kind !== 'map' || spec?.value.kind !== 'map') return root;
  const span = spanAt(root, ['spec', 'workloadRef']);
  if (spec.value.entries.has('workload')) {
    diagnose(
      'SPEC_KEYS_EXCLUSIVE',
      spec.value.entries.get('workloadRef')!.keySpan,
      'a verification has a `workload` or a `workloadRef`, not both',
    );
    return root;
  }
  const target = workloads.get(name);
  const workload = target?.kind === 'map' ? target.entries.get('spec') : undefined;
  if (workload === undefined) {
    diagnose(
      'SPEC_REF_WORKLOAD',
      span,
      `there is no Workload document named \`${name}\``,
      suggest(name, [...workloads.keys()], 'add a document of `kind: Workload` to the files'),
    );
    return root;
  }
  const entries = new Map<string, LocatedEntry>([...spec.value.entries, ['workload', workload]]);
  return { ...root, entries: new Map([...root.entries, ['spec', { ...spec, value: { ...spec.value, entries } }]]) };
}

/** An override must fit at least one verification. */
function overridden(
  roots: readonly LocatedNode[],
  overrides: readonly Override[],
  diagnose: Diagnose,
): readonly LocatedNode[] {
  let current = roots;
  for (const override of overrides) {
    const refused: Parameters<Diagnose>[] = [];
    const results = current.map((root) => {
      const problems: Parameters<Diagnose>[] = [];
      const changed = applyOverride(root, override, (...problem) => problems.push(problem));
      refused.push(...problems);
      return { root: problems.length === 0 ? changed : root, isFit: problems.length === 0 };
    });
    const first = refused[0];
    if (first !== undefined && !results.some((result) => result.isFit)) diagnose(...first);
    current = results.map((result) => result.root);
  }
  return current;
}

function refuseSameNames(roots: readonly LocatedNode[], diagnose: Diagnose): void {
  const first = new Map<string, LocatedNode>();
  for (const root of roots) {
    const name = textAt(root, ['metadata', 'name']);
    if (name === undefined) continue;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, root);
    else {
      const { file, line } = rangeOf(spanAt(earlier, ['metadata', 'name']));
      diagnose(
        'SPEC_NAME_DUPLICATE',
        spanAt(root, ['metadata', 'name']),
        `a second Verification named \`${name}\``,
        `the first is at ${file}:${line}; history and alerts are kept by this name`,
      );
    }
  }
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
