// Where a server's own metrics say how a request ended: the labels that are read, and what they must hold.
import type { Labels } from '../../model/series.ts';
import type { NoEvidence } from './evidence.ts';

/** OpenTelemetry's of today and before, those in common use, Istio's. The first that a series has counts. */
const statusLabels = [
  'http_response_status_code',
  'http_status_code',
  'status_code',
  'status',
  'code',
  'response_code',
] as const;

/** The HTTP status of a series, three digits; undefined when no label says one: no reply was sent, or nobody wrote it down. */
export function statusOf(labels: Labels): string | undefined {
  const status = statusLabels.map((name) => labels[name]).find((value) => value !== undefined);
  return status !== undefined && /^[1-9]\d\d$/.test(status) ? status : undefined;
}

/** Why failures cannot be told when not one of the series has a status; names what they have instead. */
export function withoutStatus(rows: readonly { readonly labels: Labels }[]): NoEvidence {
  const found = [...new Set(rows.flatMap(({ labels }) => Object.entries(labels).map(sayLabel)))];
  const shown = found.length === 0 ? 'no label at all' : found.slice(0, 5).join(', ');
  return {
    reason: 'no-data',
    message: `no series has an HTTP status (503) in one of the labels ${statusLabels.join(', ')}; found ${shown}`,
  };
}

export const sayLabel = ([name, value]: [string, string | undefined]): string => `${name}="${value ?? ''}"`;
