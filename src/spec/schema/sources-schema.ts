// Where telemetry comes from: entries of the document, or names of OpenSLO data sources (strings, resolved later).
import * as z from 'zod';
import type { MetricSourceConfig, TraceSourceConfig } from '../../core/model/verification.ts';
import type { SourcesInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import { nameSchema, positiveDurationSchema, urlSchema } from './scalars.ts';

/** An entry, or the name of a DataSource document. An absent list takes the default. */
export interface SourcesFields {
  readonly traces?: readonly (TraceSourceConfig | string)[];
  readonly metrics?: readonly (MetricSourceConfig | string)[];
}

const port = z.int().min(0).max(65_535);
const headers = z.record(z.string(), z.string()).optional();

const traceEntry = z.discriminatedUnion('type', [
  mapping({
    type: z.literal('otlp'),
    host: z.string().min(1).optional(),
    httpPort: port.optional(),
    grpcPort: port.optional(),
  }),
  mapping({ type: z.literal('jaeger'), url: urlSchema, headers }),
  mapping({ type: z.literal('tempo'), url: urlSchema, headers }),
  mapping({ type: z.literal('file'), paths: z.array(z.string().min(1)).min(1) }),
]);

const metricEntry = z.discriminatedUnion('type', [
  mapping({ type: z.literal('prometheus'), name: nameSchema.optional(), url: urlSchema, headers }),
  mapping({
    type: z.literal('scrape'),
    name: nameSchema.optional(),
    targets: z.array(urlSchema).min(1),
    interval: positiveDurationSchema.optional(),
  }),
]);

const dataSourceName = z.string().min(1).meta({ description: 'Name of an OpenSLO DataSource document' });

export const sourcesSchema: z.ZodType<SourcesFields, SourcesInput> = mapping({
  traces: z.array(z.union([dataSourceName, traceEntry])).optional(),
  metrics: z.array(z.union([dataSourceName, metricEntry])).optional(),
}).transform(({ traces, metrics }) => ({
  ...(traces === undefined ? {} : { traces: traces.map(toTraceSource) }),
  ...(metrics === undefined ? {} : { metrics: metrics.map(toMetricSource) }),
}));

function toTraceSource(entry: string | z.infer<typeof traceEntry>): TraceSourceConfig | string {
  if (typeof entry === 'string' || entry.type === 'file') return entry;
  if (entry.type !== 'otlp') return { type: entry.type, url: entry.url, headers: entry.headers ?? {} };
  const { grpcPort } = entry;
  return {
    type: 'otlp',
    host: entry.host ?? defaults.otlp.host,
    httpPort: entry.httpPort ?? defaults.otlp.httpPort,
    ...(grpcPort === undefined ? {} : { grpcPort }),
  };
}

function toMetricSource(entry: string | z.infer<typeof metricEntry>): MetricSourceConfig | string {
  if (typeof entry === 'string') return entry;
  if (entry.type === 'prometheus')
    return { type: 'prometheus', name: entry.name ?? 'prometheus', url: entry.url, headers: entry.headers ?? {} };
  return {
    type: 'scrape',
    name: entry.name ?? 'scrape',
    targets: entry.targets,
    interval: entry.interval ?? defaults.scrapeInterval,
  };
}
