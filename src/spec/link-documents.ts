// Documents that belong together: workloads put where they are referred to, overrides applied, names told apart.
import type { ClassifiedDocuments } from './classify-documents.ts';
import type { Diagnose } from './diagnostics/diagnose.ts';
import { suggest } from './diagnostics/did-you-mean.ts';
import { reportIssues } from './schema/schema-issues.ts';
import { workloadDocumentSchema } from './schema/verification-schema.ts';
import { applyOverride, type Override } from './yaml/apply-overrides.ts';
import { type LocatedEntry, type LocatedNode, plainValue, spanAt, textAt } from './yaml/located-node.ts';
import { rangeOf } from './yaml/source-text.ts';

/** The verifications, complete in themselves, in their order. */
export function linkDocuments(
  documents: ClassifiedDocuments,
  overrides: readonly Override[],
  diagnose: Diagnose,
): readonly LocatedNode[] {
  const workloads = collectWorkloads(documents.workloads, diagnose);
  checkUnused(workloads, documents.verifications, diagnose);
  const linked = documents.verifications.map((root) => linkWorkload(root, workloads, diagnose));
  const located = overridden(linked, overrides, diagnose);
  refuseSameNames(located, diagnose);
  return located;
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
