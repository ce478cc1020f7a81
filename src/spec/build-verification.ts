// A checked document becomes the model's Verification: defaults joined, names followed.

import type { Requirement, Rule } from '../core/model/requirement.ts';
import { type Millis, millis } from '../core/model/units.ts';
import type { Evaluation, NotificationTarget, Slo, Sources, Verification } from '../core/model/verification.ts';
import type { Scenario, Step, Transport, Workload } from '../core/model/workload.ts';
import { besideDocument } from './beside-document.ts';
import { notificationTargets } from './openslo/notification-targets.ts';
import type { OpenSloDocuments } from './openslo/openslo-documents.ts';
import { allObjectives } from './openslo/resolve-slo.ts';
import { resolveSources } from './resolve-sources.ts';
import { defaults } from './schema/defaults.ts';
import type { EvaluationFields } from './schema/evaluation-schema.ts';
import { evaluationDefaults } from './schema/evaluation-schema.ts';
import type { RequirementFields } from './schema/requirement-schema.ts';
import type { VerificationFields } from './schema/verification-schema.ts';
import { type LocatedNode, spanAt } from './yaml/located-node.ts';
import { rangeOf } from './yaml/source-text.ts';

interface CheckedDocument {
  readonly fields: VerificationFields;
  readonly root: LocatedNode;
  readonly openslo: OpenSloDocuments;
}

/** Builds what every other room works with. */
export function buildVerification({ fields, root, openslo }: CheckedDocument): Verification {
  const { spec, metadata } = fields;
  const slos = usedSlos(fields, openslo);
  const sources = resolveSources({
    fields: spec.sources,
    file: root.span.source.file,
    requirements: spec.requirements,
    slos,
    openslo,
  });
  const evaluation = joinEvaluation(spec.evaluation ?? evaluationDefaults, spec.workload?.judged ?? [], sources);
  const notify = spec.notify ?? [];
  const requirements = spec.requirements.map((requirement, index) =>
    joinRequirement(requirement, spec.evaluation ?? evaluationDefaults, index, root),
  );
  const comparesRuns = requirements.some(
    (requirement) =>
      usesBaseline(requirement.require) || (requirement.warn !== undefined && usesBaseline(requirement.warn)),
  );
  const baseline = spec.baseline ?? (comparesRuns ? defaults.baseline : undefined);
  const workload: Workload | undefined =
    spec.workload === undefined
      ? undefined
      : {
          ...spec.workload.workload,
          scenarios: spec.workload.workload.scenarios.map((scenario) => joinScenario(scenario, root)),
          ...joinTransport(spec.workload.workload.transport, root),
          safety: spec.safety ?? defaults.safety,
        };
  return {
    name: metadata.name,
    service: spec.service,
    labels: plainLabels(metadata.labels ?? {}),
    annotations: metadata.annotations ?? {},
    environment: spec.environment ?? defaults.environment,
    evaluation,
    requirements,
    sources,
    notify,
    targets: targetsOf(
      notify.map((rule) => rule.target),
      openslo,
    ),
    slos,
    definedAt: rangeOf(spanAt(root, ['metadata', 'name'])),
    ...(workload === undefined ? {} : { workload }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(spec.schedule === undefined ? {} : { schedule: spec.schedule }),
  };
}

/** Its files stand beside the document. */
function joinTransport(transport: Transport | undefined, root: LocatedNode): Pick<Workload, 'transport'> {
  if (transport === undefined) return {};
  const { unixSocket, caFile, ...rest } = transport;
  const beside = (path: string): string => besideDocument(path, root.span.source.file);
  return {
    transport: {
      ...rest,
      ...(unixSocket === undefined ? {} : { unixSocket: beside(unixSocket) }),
      ...(caFile === undefined ? {} : { caFile: beside(caFile) }),
    },
  };
}

/** Files of bodies stand beside the document. */
function joinScenario(scenario: Scenario, root: LocatedNode): Scenario {
  const steps = scenario.steps.map(({ body, ...step }): Step => {
    if (body?.kind !== 'file') return body === undefined ? step : { ...step, body };
    return { ...step, body: { ...body, path: besideDocument(body.path, root.span.source.file) } };
  });
  return { ...scenario, steps };
}

function joinEvaluation(fields: EvaluationFields, judged: readonly string[], sources: Sources): Evaluation {
  const { perPhase, confidence, slice, failuresCountAs, onNoData, validity } = fields;
  return {
    phases: fields.phases ?? judged,
    perPhase,
    confidence,
    slice,
    failuresCountAs,
    onNoData,
    settle: { traces: fields.settleTraces, metrics: settleMetrics(fields, sources) },
    validity,
  };
}

/** `2 scrapes` of the slowest metric source. */
function settleMetrics({ settleMetrics: settle }: EvaluationFields, sources: Sources): Millis {
  if (settle === undefined) return defaults.evaluation.settle.metrics;
  if (settle.kind === 'time') return settle.duration;
  const intervals = sources.metrics.map((source) =>
    source.type === 'scrape' ? source.interval : defaults.prometheusInterval,
  );
  return millis(settle.count * Math.max(0, ...intervals));
}

function joinRequirement(
  fields: RequirementFields,
  evaluation: EvaluationFields,
  index: number,
  root: LocatedNode,
): Requirement {
  const path = ['spec', 'requirements', index];
  return {
    ...fields,
    title: fields.title ?? `${fields.type}: ${fields.require.text}`,
    priority: fields.priority ?? 'must',
    onNoData: fields.onNoData ?? evaluation.onNoData,
    confidence: fields.confidence ?? evaluation.confidence,
    slice: fields.slice ?? evaluation.slice,
    minSamples: fields.minSamples ?? evaluation.minSamples,
    definedAt: rangeOf(spanAt(root, [...path, 'id'])),
  };
}

function usesBaseline(rule: Rule): boolean {
  return rule.clauses.some((clause) => clause.limit.kind === 'baseline');
}

/** SLOs that requirements refer to, and those of the verification's service that can be judged. */
function usedSlos({ spec }: VerificationFields, openslo: OpenSloDocuments): readonly Slo[] {
  const referred = new Set(spec.requirements.map((requirement) => requirement.sloRef));
  return allObjectives(openslo).flatMap(({ name, document, slo }) => {
    const isUsed = referred.has(name) || document.spec.service === spec.service;
    return isUsed && slo.ok ? [slo.value] : [];
  });
}

function targetsOf(names: readonly string[], openslo: OpenSloDocuments): readonly NotificationTarget[] {
  const all = notificationTargets(openslo);
  return all.filter((target) => names.includes(target.name));
}

function plainLabels(labels: Readonly<Record<string, string | readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key, typeof value === 'string' ? value : value.join(',')]),
  );
}
