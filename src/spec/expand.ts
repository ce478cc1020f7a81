// A verification written out: phases of presets, defaults, everything that was left unsaid. Reading it again gives the same verification.
import { stringify } from 'yaml';
import type { OptionValue, Requirement } from '../core/model/requirement.ts';
import type { MetricSourceConfig, NotifyRule, TraceSourceConfig, Verification } from '../core/model/verification.ts';
import type { OptionField } from '../core/slo/requirement-type.ts';
import { requirementTypes } from '../core/slo/requirement-types.ts';
import { expandWorkload, stripped } from './expand-workload.ts';
import { printDuration, printQuantity, printRate, printShare } from './print/print-quantity.ts';
import type { RequirementLanguages } from './requirement-language.ts';
import { apiVersion } from './schema/verification-schema.ts';

/** The document as YAML. OpenSLO documents that it refers to are not part of it. */
export function expandVerification(
  verification: Verification,
  languages: RequirementLanguages = requirementTypes,
): string {
  return stringify(expandedDocument(verification, languages), { lineWidth: 0, flowCollectionPadding: true });
}

function expandedDocument(verification: Verification, languages: RequirementLanguages): unknown {
  const {
    name,
    labels,
    annotations,
    service,
    environment,
    schedule,
    workload,
    evaluation,
    baseline,
    requirements,
    sources,
    notify,
  } = verification;
  return stripped({
    apiVersion,
    kind: 'Verification',
    metadata: stripped({ name, labels: nonEmpty(labels), annotations: nonEmpty(annotations) }),
    spec: stripped({
      service,
      environment,
      schedule:
        schedule &&
        stripped({
          every: schedule.every && printDuration(schedule.every),
          cron: schedule.cron,
          jitter: printDuration(schedule.jitter),
        }),
      workload: workload && expandWorkload(workload, verification.definedAt.file),
      evaluation: {
        ...(evaluation.phases.length === 0 ? {} : { phases: evaluation.phases }),
        perPhase: evaluation.perPhase,
        confidence: evaluation.confidence,
        slice: printDuration(evaluation.slice),
        failuresCountAs: evaluation.failuresCountAs,
        onNoData: evaluation.onNoData,
        settle: { traces: printDuration(evaluation.settle.traces), metrics: printDuration(evaluation.settle.metrics) },
        validity: {
          droppedIterations: `<= ${printShare(evaluation.validity.droppedShare)}`,
          sendLag: `p99 <= ${printDuration(evaluation.validity.sendLagP99)}`,
          traceCoverage: `>= ${printShare(evaluation.validity.traceCoverage)}`,
        },
      },
      baseline: baseline && stripped({ ...baseline, maxAge: printDuration(baseline.maxAge) }),
      requirements: requirements.map((requirement) => expandRequirement(requirement, languages)),
      sources: {
        // Written down, the receiver of our own would be a promise that traces come.
        ...(sources.tracesByDefault === true ? {} : { traces: sources.traces.map(expandTraceSource) }),
        metrics: sources.metrics.map(expandMetricSource),
      },
      safety: workload && {
        abortWhen: [
          `errorRate > ${printShare(workload.safety.errorRate.above)} for ${printDuration(workload.safety.errorRate.for)}`,
          `p99 > ${printDuration(workload.safety.p99.above)} for ${printDuration(workload.safety.p99.for)}`,
        ],
        maxRate: printRate(workload.safety.maxRate),
        maxInFlight: workload.safety.maxInFlight,
        maxConnections: workload.safety.maxConnections,
      },
      notify: notify.length === 0 ? undefined : notify.map(expandNotify),
    }),
  });
}

function expandRequirement(requirement: Requirement, languages: RequirementLanguages): unknown {
  const {
    id,
    title,
    type,
    where,
    source,
    require,
    warn,
    priority,
    onNoData,
    confidence,
    slice,
    minSamples,
    sloRef,
    dataSourceRef,
    query,
    owner,
    runbook,
    labels,
    options,
  } = requirement;
  const { span, edge, labels: places, ...plain } = where;
  const place = stripped({
    ...plain,
    span: span?.text,
    edge: edge && [edge.caller, '->', edge.callee, ...(edge.operation === undefined ? [] : [edge.operation])].join(' '),
    labels: nonEmpty(places),
  });
  const fields = languages[type].options;
  const own = Object.entries(options).map(([name, value]) => [name, expandOption(value, fields[name])] as const);
  const refs = { sloRef, dataSourceRef, query, owner, runbook, labels: nonEmpty(labels) };
  return stripped({
    id,
    title,
    type,
    where: nonEmpty(place),
    source,
    require: require.text,
    warn: warn?.text,
    priority,
    onNoData,
    confidence,
    slice: printDuration(slice),
    minSamples,
    ...refs,
    ...Object.fromEntries(own),
  });
}

/** A type's own field in the form that its schema reads. */
function expandOption(value: OptionValue, field: OptionField | undefined): unknown {
  if (field?.kind === 'duration' && typeof value === 'number') return printDuration(value);
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (field?.kind === 'bound') return (value as { readonly text: string }).text;
  if (field?.kind === 'quantities')
    return Object.fromEntries(entries.map(([name, amount]) => [name, printQuantity(Number(amount), 'USD')]));
  if (field?.kind === 'record')
    return Object.fromEntries(
      entries.map(([name, inner]) => [name, expandOption(inner as OptionValue, field.fields?.[name])]),
    );
  return value;
}

function expandTraceSource(source: TraceSourceConfig): unknown {
  if (source.type === 'otlp' || source.type === 'file') return source;
  return stripped({ type: source.type, url: source.url, headers: nonEmpty(source.headers) });
}

function expandMetricSource(source: MetricSourceConfig): unknown {
  if (source.type === 'scrape') return { ...source, interval: printDuration(source.interval) };
  return stripped({ type: source.type, name: source.name, url: source.url, headers: nonEmpty(source.headers) });
}

function expandNotify({ target, when, after, repeat }: NotifyRule): unknown {
  return {
    target,
    when: when.map(({ event, times }) => (times === 1 ? event : `${event} x ${times}`)),
    after,
    repeat: printDuration(repeat),
  };
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
