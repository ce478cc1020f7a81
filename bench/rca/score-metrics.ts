// Scores metrics-only attribution on incidents with a call graph and series per node.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Series } from '../../src/core/model/series.ts';
import { unixMillis } from '../../src/core/model/units.ts';
import { blameByMetrics, type NodeMetrics } from '../../src/core/trace/metrics/metrics-only.ts';
import { type Accuracy, accuracy, foldSpread, type Placed, type Spread } from './accuracy.ts';

export interface MetricScores {
  readonly all: Accuracy;
  readonly byMeasure: Readonly<Record<string, Accuracy>>;
  readonly spread: Spread;
  readonly incidents: readonly (Placed & { readonly measure: string })[];
}

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, number | string])[];
}

interface Incident {
  readonly id: string;
  readonly normal: string;
  readonly target: { readonly node: string; readonly metric: string; readonly agg: string };
  readonly rootCause: { readonly node: string };
  readonly result: readonly RawSeries[];
}

/** `folder` holds graph.json.gz, normal.prom.json.gz and one file per incident; folders of the same shape may be nested. */
export async function scoreMetrics(folder: string): Promise<MetricScores> {
  const incidents: (Placed & { readonly measure: string })[] = [];
  for (const place of await foldersWithGraph(folder)) incidents.push(...(await scoreFolder(place)));
  const measures = [...new Set(incidents.map(({ measure }) => measure))].sort();
  return {
    all: accuracy(incidents),
    byMeasure: Object.fromEntries(
      measures.map((measure) => [measure, accuracy(incidents.filter((each) => each.measure === measure))]),
    ),
    spread: foldSpread(incidents),
    incidents,
  };
}

async function foldersWithGraph(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.name === 'graph.json.gz')
    .map((entry) => entry.parentPath)
    .sort();
}

async function scoreFolder(folder: string): Promise<readonly (Placed & { readonly measure: string })[]> {
  const graph = ((await read(join(folder, 'graph.json.gz'))) as { calls: Record<string, string[]> }).calls;
  const normal = (await read(join(folder, 'normal.prom.json.gz'))) as { data: { result: RawSeries[] } };
  const names = (await readdir(folder)).filter((name) => !/^(graph|normal)\./.test(name) && name.endsWith('.json.gz'));
  const scored: (Placed & { readonly measure: string })[] = [];
  for (const name of names.sort()) {
    const incident = (await read(join(folder, name))) as Incident;
    const nodes = Object.keys(graph).flatMap((node) => nodeMetrics(node, incident, normal.data.result));
    const ranked = blameByMetrics({ target: incident.target.node, graph, nodes });
    scored.push({
      id: incident.id,
      measure: incident.target.metric,
      place: ranked.findIndex(({ node }) => node === incident.rootCause.node) + 1,
    });
  }
  return scored;
}

async function read(path: string): Promise<unknown> {
  return JSON.parse(gunzipSync(await readFile(path)).toString());
}

/** Availability in percent becomes the share of failed calls; latency stays. */
function nodeMetrics(node: string, incident: Incident, normal: readonly RawSeries[]): readonly NodeMetrics[] {
  const { metric, agg } = incident.target;
  const find = (from: readonly RawSeries[], name: string, stat: string): RawSeries | undefined =>
    from.find(
      (each) => each.metric['service'] === node && each.metric['__name__'] === name && each.metric['stat'] === stat,
    );
  const convert = (value: number): number => (metric === 'availability' ? 1 - value / 100 : value);
  const measure = find(incident.result, metric, agg);
  if (measure === undefined) return [];
  const calls = find(incident.result, 'requests', 'Sum');
  return [
    {
      node,
      measure: series(measure, convert),
      reference: (find(normal, metric, agg)?.values ?? []).map(([, value]) => convert(Number(value))),
      ...(calls === undefined ? {} : { calls: series(calls, (value) => value) }),
    },
  ];
}

function series(raw: RawSeries, convert: (value: number) => number): Series {
  return {
    labels: raw.metric,
    times: raw.values.map(([time]) => unixMillis(time * 1000)),
    values: raw.values.map(([, value]) => convert(Number(value))),
  };
}
