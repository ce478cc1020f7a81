// Names that lead out of the document: SLOs, data sources, notification targets.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { allObjectives, objectiveNamed } from '../openslo/resolve-slo.ts';
import { dataSourceUrl, dataSourceUse } from '../resolve-sources.ts';
import { itemsAt, type LocatedNode, type NodePath, spanAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Reports every name that leads nowhere, or to something that cannot be used. */
export function checkLinks(checked: CheckedVerification, diagnose: Diagnose): void {
  const { root } = checked;
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    checkSlo(checked, [...path, 'sloRef'], diagnose);
    checkDataSource(checked, [...path, 'dataSourceRef'], 'metrics', diagnose);
  }
  for (const use of ['traces', 'metrics'] as const) {
    const path = ['spec', 'sources', use];
    for (const index of itemsAt(root, path).keys()) checkDataSource(checked, [...path, index], use, diagnose);
  }
  for (const index of itemsAt(root, ['spec', 'notify']).keys())
    checkTarget(checked, ['spec', 'notify', index, 'target'], diagnose);
}

const ADD_DOCUMENT = 'add the OpenSLO document to the files';
const ADD_DATA_SOURCE = 'add a DataSource document, or an entry of `sources.metrics` with this name';

/** The SLO exists, can be judged, and reads from a data source that exists. */
function checkSlo({ root, openslo }: CheckedVerification, path: NodePath, diagnose: Diagnose): void {
  const name = textAt(root, path);
  if (name === undefined) return;
  const span = spanAt(root, path);
  const slo = objectiveNamed(name, openslo)?.slo;
  if (slo === undefined) {
    const names = allObjectives(openslo).map((objective) => objective.name);
    diagnose(
      'SPEC_REF_SLO',
      span,
      `there is no SLO document named \`${name}\` in these files`,
      suggest(name, names, ADD_DOCUMENT),
    );
    return;
  }
  if (!slo.ok) {
    diagnose('SPEC_REF_SLO', span, `the SLO \`${name}\` cannot be judged: ${slo.error}`);
    return;
  }
  const source = slo.value.indicator.dataSource;
  const known = [...openslo.dataSources.keys(), ...ownNames(root)];
  if (source === '' || known.includes(source)) return;
  diagnose(
    'SPEC_REF_DATA_SOURCE',
    span,
    `the SLO \`${name}\` reads from \`${source}\`, and there is no such data source`,
    suggest(source, known, ADD_DATA_SOURCE),
  );
}

/** `dataSourceRef` may name an entry of the document's own sources; entries of `sources` that are names lead to documents. */
function checkDataSource(
  { root, openslo }: CheckedVerification,
  path: NodePath,
  use: 'metrics' | 'traces',
  diagnose: Diagnose,
): void {
  const name = textAt(root, path);
  if (name === undefined) return;
  const span = spanAt(root, path);
  const own = path.at(-1) === 'dataSourceRef' ? ownNames(root) : [];
  const document = openslo.dataSources.get(name);
  if (own.includes(name)) return;
  if (document === undefined) {
    diagnose(
      'SPEC_REF_DATA_SOURCE',
      span,
      `there is no data source named \`${name}\``,
      suggest(name, [...openslo.dataSources.keys(), ...own], ADD_DATA_SOURCE),
    );
  } else if (dataSourceUse(document) !== use) {
    const wanted = use === 'metrics' ? 'Prometheus' : 'Jaeger or Tempo';
    diagnose(
      'SPEC_REF_DATA_SOURCE',
      span,
      `the data source \`${name}\` is of type ${document.spec.type}; ${wanted} is wanted here`,
    );
  } else if (dataSourceUrl(document) === undefined) {
    diagnose(
      'SPEC_REF_DATA_SOURCE',
      span,
      `the data source \`${name}\` has no address`,
      'write `connectionDetails: { url: http://... }`',
    );
  }
}

/** Names of the entries of `sources.metrics`, given or by default. */
function ownNames(root: LocatedNode): readonly string[] {
  const path = ['spec', 'sources', 'metrics'];
  return itemsAt(root, path).flatMap(
    (_, index) => textAt(root, [...path, index, 'name']) ?? textAt(root, [...path, index, 'type']) ?? [],
  );
}

function checkTarget({ root, openslo }: CheckedVerification, path: NodePath, diagnose: Diagnose): void {
  const name = textAt(root, path);
  if (name === undefined || openslo.targets.has(name)) return;
  const message = `there is no AlertNotificationTarget document named \`${name}\``;
  diagnose('SPEC_REF_TARGET', spanAt(root, path), message, suggest(name, [...openslo.targets.keys()], ADD_DOCUMENT));
}
