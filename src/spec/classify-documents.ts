// Tells the documents of a set of files apart by `apiVersion` and `kind`.
import type { Diagnose } from './diagnostics/diagnose.ts';
import { suggest } from './diagnostics/did-you-mean.ts';
import { type OpenSloKind, openSloKinds } from './openslo/openslo-schema.ts';
import { apiVersion } from './schema/verification-schema.ts';
import { type LocatedNode, spanAt, textAt } from './yaml/located-node.ts';

export interface ClassifiedDocuments {
  readonly verifications: readonly LocatedNode[];
  readonly workloads: readonly LocatedNode[];
  readonly openslo: readonly { readonly root: LocatedNode; readonly kind: OpenSloKind }[];
}

/** Documents of unknown kind are reported and left out. */
export function classifyDocuments(roots: readonly LocatedNode[], diagnose: Diagnose): ClassifiedDocuments {
  const verifications: LocatedNode[] = [];
  const workloads: LocatedNode[] = [];
  const openslo: { readonly root: LocatedNode; readonly kind: OpenSloKind }[] = [];
  for (const root of roots) {
    const kind = kindOf(root, diagnose);
    if (kind === 'Verification') verifications.push(root);
    else if (kind === 'Workload') workloads.push(root);
    else if (kind !== undefined) openslo.push({ root, kind });
  }
  return { verifications, workloads, openslo };
}

function kindOf(root: LocatedNode, diagnose: Diagnose): OpenSloKind | 'Verification' | 'Workload' | undefined {
  if (root.kind !== 'map') {
    const found = root.kind === 'list' ? 'a list' : 'a single value';
    diagnose(
      'SPEC_DOCUMENT_UNKNOWN',
      spanAt(root, []),
      `a document is a mapping with \`apiVersion\` and \`kind\`, found ${found}`,
    );
    return undefined;
  }
  const version = textAt(root, ['apiVersion']);
  const kind = textAt(root, ['kind']);
  if (version === undefined || kind === undefined) {
    const missing = version === undefined ? 'apiVersion' : 'kind';
    const span = spanAt(root, root.entries.has(missing) ? [missing] : []);
    diagnose(
      'SPEC_DOCUMENT_UNKNOWN',
      span,
      `the document does not say its \`${missing}\``,
      `write \`${missing}: ${missing === 'kind' ? 'Verification' : apiVersion}\``,
    );
    return undefined;
  }
  if (version === apiVersion) {
    if (kind === 'Verification' || kind === 'Workload') return kind;
    return unknownKind(root, kind, ['Verification', 'Workload'], version, diagnose);
  }
  if (version === 'openslo/v1')
    return openSloKinds.find((known) => known === kind) ?? unknownKind(root, kind, openSloKinds, version, diagnose);
  const isOpenSlo = /^openslo/i.test(version);
  const help = isOpenSlo ? 'write `apiVersion: openslo/v1`' : suggest(version, [apiVersion, 'openslo/v1']);
  diagnose('SPEC_DOCUMENT_UNKNOWN', spanAt(root, ['apiVersion']), `unknown apiVersion \`${version}\``, help);
  return undefined;
}

function unknownKind(
  root: LocatedNode,
  kind: string,
  known: readonly string[],
  version: string,
  diagnose: Diagnose,
): undefined {
  diagnose(
    'SPEC_DOCUMENT_UNKNOWN',
    spanAt(root, ['kind']),
    `unknown kind \`${kind}\` of ${version}`,
    suggest(kind, known),
  );
  return undefined;
}
