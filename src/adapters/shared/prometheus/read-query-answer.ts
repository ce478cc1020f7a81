// The answer of a Prometheus-like query API: { status, data: { resultType, result } } becomes series.
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { Labels, Series } from '../../../core/model/series.ts';
import { type UnixMillis, unixMillis } from '../../../core/model/units.ts';

/** `refused`: the back end answered with an error of its own (`errorType`, for example bad_data); `malformed`: this is no such answer. */
export type QueryAnswerError =
  | { readonly kind: 'refused'; readonly errorType: string; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

/** A matrix, vector or scalar as series: a vector has one point each, a scalar is one series without labels. An empty result is an empty list. NaN and infinities stay. */
export function readQueryAnswer(answer: unknown): Result<readonly Series[], QueryAnswerError> {
  if (!isRecord(answer)) return malformed('expected an object with status and data');
  if (answer['status'] === 'error') {
    return err({
      kind: 'refused',
      errorType: String(answer['errorType'] ?? ''),
      message: String(answer['error'] ?? 'no reason given'),
    });
  }
  const data = answer['data'];
  if (!isRecord(data)) return malformed('data is missing');
  const { resultType, result } = data;
  if (resultType === 'scalar') return collect([{ metric: {}, value: result }]);
  if (resultType !== 'matrix' && resultType !== 'vector')
    return malformed(`resultType must be matrix, vector or scalar, found ${String(resultType)}`);
  return Array.isArray(result) ? collect(result) : malformed('result must be a list');
}

function collect(entries: readonly unknown[]): Result<readonly Series[], QueryAnswerError> {
  const all: Series[] = [];
  for (const entry of entries) {
    const series = readEntry(entry);
    if (series === undefined) return malformed(`entry ${all.length} of result has no metric with values`);
    all.push(series);
  }
  return ok(all);
}

function readEntry(entry: unknown): Series | undefined {
  if (!isRecord(entry) || !isRecord(entry['metric'])) return undefined;
  const points = entry['values'] ?? (entry['value'] === undefined ? [] : [entry['value']]);
  if (!Array.isArray(points)) return undefined;
  const times: UnixMillis[] = [];
  const values: number[] = [];
  for (const point of points) {
    if (!Array.isArray(point) || typeof point[0] !== 'number') return undefined;
    times.push(unixMillis(Math.round(point[0] * 1000)));
    values.push(sampleValue(point[1]));
  }
  return { labels: labelsOf(entry['metric']), times, values };
}

function labelsOf(metric: Record<string, unknown>): Labels {
  return Object.fromEntries(Object.entries(metric).map(([name, value]) => [name, String(value)]));
}

/** Values are text: "1.5", "NaN", "+Inf", "-Inf". */
export function sampleValue(text: unknown): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): Result<never, QueryAnswerError> {
  return err({ kind: 'malformed', message: `not a Prometheus query answer: ${message}` });
}
