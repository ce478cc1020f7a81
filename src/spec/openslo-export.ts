// Requirements as plain OpenSLO v1 documents, for any tool that reads those (`export openslo`).
import { stringify } from 'yaml';
import type { MetricSourceConfig, Slo, SloIndicator, Verification } from '../core/model/verification.ts';
import { type RequirementSlo, sloOfRequirement } from './export/slo-of-requirement.ts';
import type { OpenSloDocument, OpenSloDocuments } from './openslo/openslo-documents.ts';
import { objectiveNamed } from './openslo/resolve-slo.ts';
import { nodeAt, plainValue } from './yaml/located-node.ts';

export interface OpenSloExport {
  /** Documents joined by `---`; empty when nothing can be said in OpenSLO. */
  readonly text: string;
  /** Sentences: requirements that have no OpenSLO form, limits off the bucket edges. */
  readonly notes: readonly string[];
}

/** Services, data sources and an SLO with its indicator for each `latency`, `errors` and `errorBudget` requirement. Reading the text again gives no diagnostics. */
export function exportOpenSlo(verifications: readonly Verification[], openslo: OpenSloDocuments): OpenSloExport {
  const notes: string[] = [];
  const documents = new Map<string, unknown>();
  for (const verification of verifications) {
    add(documents, 'Service', verification.service, { displayName: verification.service }, {});
    for (const source of verification.sources.metrics) addDataSource(documents, source);
    for (const requirement of verification.requirements) {
      const own = verification.slos.find((slo) => slo.name === requirement.sloRef);
      const made = own === undefined ? sloOfRequirement(requirement, verification) : undefined;
      if (own !== undefined) addOwn(documents, own, openslo, notes);
      else if (made !== undefined && 'reason' in made)
        notes.push(`${verification.name}/${requirement.id}: ${made.reason}: it stays with us`);
      else if (made !== undefined) addMade(documents, made, notes);
      else
        notes.push(
          `${verification.name}/${requirement.id}: \`${requirement.require.text}\` has no OpenSLO form and stays with us`,
        );
    }
  }
  return {
    text: [...documents.values()].map((document) => stringify(document, { lineWidth: 0 })).join('---\n'),
    notes,
  };
}

function add(documents: Map<string, unknown>, kind: string, name: string, metadata: object, spec: object): void {
  documents.set(`${kind}/${name}`, { apiVersion: 'openslo/v1', kind, metadata: { name, ...metadata }, spec });
}

function addDataSource(documents: Map<string, unknown>, source: MetricSourceConfig): void {
  if (source.type === 'prometheus')
    add(documents, 'DataSource', source.name, {}, { type: 'Prometheus', connectionDetails: { url: source.url } });
}

/** An SLO document goes out as it came in, with the indicator, policies and conditions that it names. */
function addOwn(documents: Map<string, unknown>, slo: Slo, openslo: OpenSloDocuments, notes: string[]): void {
  const document = objectiveNamed(slo.name, openslo)?.document;
  if (document === undefined) {
    addSlo(documents, slo);
    return;
  }
  addDocument(documents, 'SLO', document);
  const names = [document.spec.indicatorRef, ...document.spec.objectives.map((objective) => objective.indicatorRef)];
  for (const name of names) addDocument(documents, 'SLI', name === undefined ? undefined : openslo.slis.get(name));
  for (const entry of document.spec.alertPolicies) {
    const name = typeof entry === 'string' ? entry : 'alertPolicyRef' in entry ? entry.alertPolicyRef : undefined;
    const policy = name === undefined ? undefined : openslo.alertPolicies.get(name);
    if (policy === undefined) continue;
    addDocument(documents, 'AlertPolicy', policy);
    for (const condition of policy.spec.conditions)
      if ('conditionRef' in condition)
        addDocument(documents, 'AlertCondition', openslo.alertConditions.get(condition.conditionRef));
    for (const target of policy.spec.notificationTargets)
      if ('targetRef' in target) addTarget(documents, openslo.targets.get(target.targetRef), notes);
  }
}

function addDocument(
  documents: Map<string, unknown>,
  kind: string,
  document: OpenSloDocument<unknown> | undefined,
): void {
  if (document !== undefined) documents.set(`${kind}/${document.metadata.name}`, plainValue(document.root));
}

/** Without its annotations: an address may hold a secret that came from the environment. */
function addTarget(
  documents: Map<string, unknown>,
  target: OpenSloDocument<unknown> | undefined,
  notes: string[],
): void {
  if (target === undefined) return;
  const { name, displayName } = target.metadata;
  const hasLeft = Object.keys(target.metadata.annotations).length > 0;
  if (hasLeft && !documents.has(`AlertNotificationTarget/${name}`))
    notes.push(`${name}: the annotations of a notification target may hold secrets and are left out`);
  const shown = displayName === undefined ? {} : { displayName };
  add(documents, 'AlertNotificationTarget', name, shown, plainSpec(target));
}

function plainSpec({ root }: OpenSloDocument<unknown>): object {
  const spec = nodeAt(root, ['spec']);
  return spec === undefined ? {} : (plainValue(spec) as object);
}

function addMade(
  documents: Map<string, unknown>,
  { slo, requirement, notes: own }: RequirementSlo,
  notes: string[],
): void {
  const annotations = { 'faultline/requirement': requirement.id };
  addSlo(documents, slo, { displayName: requirement.title, annotations });
  notes.push(...own.map((note) => `${slo.name}: ${note}`));
}

function addSlo(documents: Map<string, unknown>, slo: Slo, metadata: object = {}): void {
  const { timeSliceTarget, timeSliceWindow, indicator, target } = slo;
  const slice = {
    ...(timeSliceTarget === undefined ? {} : { timeSliceTarget }),
    ...(timeSliceWindow === undefined ? {} : { timeSliceWindow: shorthand(timeSliceWindow) }),
  };
  const threshold = indicator.kind === 'threshold' ? { op: indicator.op, value: indicator.value } : {};
  add(documents, 'SLO', slo.name, metadata, {
    service: slo.service,
    indicator: { metadata: { name: `${slo.name}-indicator` }, spec: indicatorSpec(indicator) },
    timeWindow: [{ duration: shorthand(slo.window), isRolling: true }],
    budgetingMethod: slo.method,
    objectives: [{ ...threshold, target, ...slice }],
  });
}

function indicatorSpec(indicator: SloIndicator): unknown {
  const metric = (query: string): unknown => ({
    metricSource: {
      ...(indicator.dataSource === '' ? {} : { metricSourceRef: indicator.dataSource }),
      type: 'Prometheus',
      spec: { query },
    },
  });
  switch (indicator.kind) {
    case 'good-total':
      return { ratioMetric: { counter: true, good: metric(indicator.good), total: metric(indicator.total) } };
    case 'bad-total':
      return { ratioMetric: { counter: true, bad: metric(indicator.bad), total: metric(indicator.total) } };
    case 'raw':
      return { ratioMetric: { rawType: indicator.success ? 'success' : 'failure', raw: metric(indicator.query) } };
    case 'threshold':
      return { thresholdMetric: metric(indicator.query) };
  }
}

/** OpenSLO's duration: a whole number of minutes, hours or days. */
function shorthand(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
