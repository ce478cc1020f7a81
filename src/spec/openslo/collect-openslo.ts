// OpenSLO documents of a set of files: read, told apart by kind and name, their references checked.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { reportIssues } from '../schema/schema-issues.ts';
import { type LocatedNode, type NodePath, plainValue, spanAt } from '../yaml/located-node.ts';
import { rangeOf } from '../yaml/source-text.ts';
import { lintAlerts } from './lint-alerts.ts';
import { lintSlos } from './lint-slos.ts';
import type { OpenSloDocument, OpenSloDocuments } from './openslo-documents.ts';
import { looseOpenSlo, type OpenSloKind, openSloKinds, strictOpenSlo } from './openslo-schema.ts';

/** Reads the documents of `openslo/v1`. A document with errors is reported and left out; its name still counts as known. */
export function collectOpenSlo(
  roots: readonly { readonly root: LocatedNode; readonly kind: OpenSloKind }[],
  diagnose: Diagnose,
): OpenSloDocuments {
  const byKind = new Map<OpenSloKind, Map<string, OpenSloDocument<never>>>(
    openSloKinds.map((kind) => [kind, new Map()]),
  );
  for (const { root, kind } of roots) {
    const document = readDocument(root, kind, diagnose);
    if (document === undefined) continue;
    const known = byKind.get(kind)!;
    const { name } = document.metadata;
    const earlier = known.get(name);
    if (earlier === undefined) known.set(name, document);
    else if (isSame(earlier.root, root))
      known.set(name, { ...earlier, files: new Set([...earlier.files, ...document.files]) });
    else refuseSecond(document, earlier, kind, diagnose);
  }
  const documents = {
    services: byKind.get('Service'),
    dataSources: byKind.get('DataSource'),
    slos: byKind.get('SLO'),
    slis: byKind.get('SLI'),
    alertPolicies: byKind.get('AlertPolicy'),
    alertConditions: byKind.get('AlertCondition'),
    targets: byKind.get('AlertNotificationTarget'),
  } as unknown as OpenSloDocuments;
  checkReferences(documents, diagnose);
  lintAlerts(documents, diagnose);
  lintSlos(documents, diagnose);
  return documents;
}

/** The same said twice is no contradiction: every file of a folder may bring its own data source. */
function isSame(a: LocatedNode, b: LocatedNode): boolean {
  return JSON.stringify(plainValue(a)) === JSON.stringify(plainValue(b));
}

function refuseSecond(
  document: OpenSloDocument<never>,
  earlier: OpenSloDocument<never>,
  kind: OpenSloKind,
  diagnose: Diagnose,
): void {
  const { file, line } = rangeOf(spanAt(earlier.root, ['metadata', 'name']));
  const message = `a second ${kind} named \`${document.metadata.name}\` that says something else`;
  diagnose(
    'SPEC_NAME_DUPLICATE',
    spanAt(document.root, ['metadata', 'name']),
    message,
    `the first is at ${file}:${line}`,
  );
}

function readDocument(root: LocatedNode, kind: OpenSloKind, diagnose: Diagnose): OpenSloDocument<never> | undefined {
  const plain = withoutNothing(plainValue(root));
  const strict = strictOpenSlo[kind].safeParse(plain);
  if (!strict.success) reportIssues(strict.error.issues, { root, diagnose, unknownKey: 'SPEC_OPENSLO_UNKNOWN_KEY' });
  const read = strict.success ? strict : looseOpenSlo[kind].safeParse(plain);
  return read.success
    ? { ...read.data, spec: read.data.spec as never, root, files: new Set([root.span.source.file]) }
    : undefined;
}

/** A key with nothing behind it is as good as absent: the specification's own examples have `alertPolicies:` alone. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([key, inner]) => [key, withoutNothing(inner)]));
}

/** Names that lead nowhere inside OpenSLO itself. A service document is optional, as in the specification's examples. */
function checkReferences(documents: OpenSloDocuments, diagnose: Diagnose): void {
  const check = (root: LocatedNode, path: NodePath, name: string, known: Iterable<string>, kind: string): void => {
    const names = [...known];
    if (!names.includes(name))
      diagnose(
        'SPEC_REF_OPENSLO',
        spanAt(root, path),
        `there is no ${kind} named \`${name}\` in these files`,
        suggest(name, names, 'add the document to the files'),
      );
  };
  for (const { root, spec } of documents.slos.values()) {
    if (spec.indicatorRef !== undefined)
      check(root, ['spec', 'indicatorRef'], spec.indicatorRef, documents.slis.keys(), 'SLI');
    for (const [index, policy] of spec.alertPolicies.entries()) {
      if (typeof policy === 'string')
        check(root, ['spec', 'alertPolicies', index], policy, documents.alertPolicies.keys(), 'AlertPolicy');
      else if ('alertPolicyRef' in policy)
        check(
          root,
          ['spec', 'alertPolicies', index, 'alertPolicyRef'],
          policy.alertPolicyRef,
          documents.alertPolicies.keys(),
          'AlertPolicy',
        );
    }
  }
  for (const { root, spec } of documents.alertPolicies.values()) {
    for (const [index, condition] of spec.conditions.entries()) {
      if ('conditionRef' in condition)
        check(
          root,
          ['spec', 'conditions', index, 'conditionRef'],
          condition.conditionRef,
          documents.alertConditions.keys(),
          'AlertCondition',
        );
    }
    for (const [index, target] of spec.notificationTargets.entries()) {
      if ('targetRef' in target)
        check(
          root,
          ['spec', 'notificationTargets', index, 'targetRef'],
          target.targetRef,
          documents.targets.keys(),
          'AlertNotificationTarget',
        );
    }
  }
}
