// Where a verification's telemetry comes from: its own entries, DataSource documents by name, or the embedded defaults.
import type { MetricSourceConfig, Slo, Sources, TraceSourceConfig } from '../core/model/verification.ts';
import type {
  ConnectionDetails,
  OpenSloDataSource,
  OpenSloDocument,
  OpenSloDocuments,
} from './openslo/openslo-documents.ts';
import { defaults } from './schema/defaults.ts';
import type { RequirementFields } from './schema/requirement-schema.ts';
import type { SourcesFields } from './schema/sources-schema.ts';

/** Kinds of data source by what they answer, compared in lower case. */
const PROMETHEUS: ReadonlySet<string> = new Set(['prometheus', 'mimir', 'thanos', 'cortex', 'victoriametrics']);
const TRACES: ReadonlySet<string> = new Set(['jaeger', 'tempo']);

interface SourceScope {
  readonly fields: SourcesFields | undefined;
  /** The file of the verification. */
  readonly file: string;
  readonly requirements: readonly RequirementFields[];
  readonly slos: readonly Slo[];
  readonly openslo: OpenSloDocuments;
}

/**
 * An absent list means the DataSource documents of that kind in the verification's own file, and without any: an OTLP receiver of our own for traces, nothing for metrics. Data
 * sources that requirements or SLOs name come with the metrics wherever they stand.
 */
export function resolveSources({ fields, file, requirements, slos, openslo }: SourceScope): Sources {
  const own = [...openslo.dataSources.values()].filter(({ files }) => files.has(file));
  const namesOf = (documents: readonly OpenSloDocument<OpenSloDataSource>[]): readonly string[] =>
    documents.map((document) => document.metadata.name);
  const traces = (fields?.traces ?? namesOf(own.filter(isTraceSource))).flatMap((entry) => traceSource(entry, openslo));
  const listed = (fields?.metrics ?? namesOf(own.filter(isMetricSource))).flatMap((entry) =>
    metricSource(entry, openslo),
  );
  const named = [
    ...requirements.map((requirement) => requirement.dataSourceRef ?? ''),
    ...slos.map((slo) => slo.indicator.dataSource),
  ];
  const missing = [...new Set(named)].filter((name) => name !== '' && !listed.some((source) => source.name === name));
  const isDefault = fields?.traces === undefined && traces.length === 0;
  return {
    ...(isDefault ? { traces: [{ type: 'otlp', ...defaults.otlp }], tracesByDefault: true } : { traces }),
    metrics: [...listed, ...missing.flatMap((name) => metricSource(name, openslo))],
  };
}

/** What a DataSource document can be used for here. */
export function dataSourceUse(document: OpenSloDocument<OpenSloDataSource>): 'metrics' | 'traces' | undefined {
  if (isMetricSource(document)) return 'metrics';
  return isTraceSource(document) ? 'traces' : undefined;
}

/** The address among the free-form connection details. */
export function dataSourceUrl(document: OpenSloDocument<OpenSloDataSource>): string | undefined {
  const details = detailsOf(document);
  const found = ['url', 'uri', 'endpoint', 'address']
    .map((key) => details[key])
    .find((value) => typeof value === 'string');
  return typeof found === 'string' ? found.replace(/\/+$/, '') : undefined;
}

function isMetricSource({ spec }: OpenSloDocument<OpenSloDataSource>): boolean {
  return PROMETHEUS.has(spec.type.toLowerCase());
}

function isTraceSource({ spec }: OpenSloDocument<OpenSloDataSource>): boolean {
  return TRACES.has(spec.type.toLowerCase());
}

function traceSource(entry: TraceSourceConfig | string, openslo: OpenSloDocuments): readonly TraceSourceConfig[] {
  if (typeof entry !== 'string') return [entry];
  const document = openslo.dataSources.get(entry);
  const url = document === undefined ? undefined : dataSourceUrl(document);
  if (document === undefined || url === undefined) return [];
  return [
    { type: document.spec.type.toLowerCase() === 'jaeger' ? 'jaeger' : 'tempo', url, headers: headersOf(document) },
  ];
}

function metricSource(entry: MetricSourceConfig | string, openslo: OpenSloDocuments): readonly MetricSourceConfig[] {
  if (typeof entry !== 'string') return [entry];
  const document = openslo.dataSources.get(entry);
  const url = document === undefined ? undefined : dataSourceUrl(document);
  if (document === undefined || url === undefined || !isMetricSource(document)) return [];
  return [{ type: 'prometheus', name: entry, url, headers: headersOf(document) }];
}

function detailsOf({ spec }: OpenSloDocument<OpenSloDataSource>): ConnectionDetails {
  return Object.assign({}, ...[spec.connectionDetails].flat()) as ConnectionDetails;
}

function headersOf(document: OpenSloDocument<OpenSloDataSource>): Readonly<Record<string, string>> {
  const { headers } = detailsOf(document);
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(
    Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
