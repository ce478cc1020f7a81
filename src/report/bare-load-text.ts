// The figures of a bare load run for a terminal.

import { isAboutCertificate } from '../core/load/certificate-problem.ts';
import { formatCount, formatMillis, formatQuantity, formatShare } from './format-quantity.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';

/** Milliseconds. */
export interface LatencyFigures {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly max: number;
  readonly mean: number;
}

export interface BareLoadFigures {
  readonly requests: number;
  readonly errors: number;
  readonly dropped: number;
  readonly dropReasons: Readonly<Record<string, number>>;
  readonly rate: { readonly planned: number | null; readonly achieved: number };
  readonly latencyMs: LatencyFigures;
  readonly serviceMs: LatencyFigures;
  readonly lagMs: LatencyFigures;
  readonly cpuSeconds: number;
  readonly generator: { readonly healthy: boolean; readonly reasons: readonly string[] };
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly failureCounts: Readonly<Record<string, number>>;
  readonly failureMessages: Readonly<Record<string, string>>;
  readonly connectionsOpened: number;
  readonly connectionWaits: number;
  readonly seconds: number;
  readonly bytesReceived: number;
  readonly interrupted: boolean;
  /** The safety limit that ended the run. */
  readonly aborted?: string;
}

const columns = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'mean'] as const;
const width = 11;

export function bareLoadText(figures: BareLoadFigures, style: TerminalStyle): string {
  const { rate, requests, errors, dropped, generator } = figures;
  const planned = rate.planned === null ? '' : ` of ${formatQuantity(rate.planned, '/s')} planned`;
  const lines = [
    `${style.paint('strong', formatQuantity(rate.achieved, '/s'))}${planned}   ${formatCount(requests)} requests in ${formatQuantity(figures.seconds * 1000, 'ms')}, ${paintCount(errors, 'failed', style)}, ${paintCount(dropped, 'dropped', style)}`,
    ...endOf(figures, style),
    '',
    style.paint('quiet', `${' '.repeat(9)}${columns.map((name) => name.padStart(width)).join('')}`),
    row('latency', figures.latencyMs),
    row('service', figures.serviceMs),
    row('lag', figures.lagMs),
    '',
    style.paint(
      'quiet',
      'latency runs from the intended start, service from the send; lag lies between: the wait for a free connection, and the generator itself',
    ),
    `${replies(figures)}   ${formatCount(figures.connectionsOpened)} connections   ${formatQuantity(figures.bytesReceived, 'B')} received   ${figures.cpuSeconds.toFixed(2)} CPU s (${perHundredThousand(figures)} per 100k requests)`,
    ...Object.entries(figures.dropReasons).map(([reason, count]) =>
      style.paint('warn', `${formatCount(count)} dropped: ${reason}`),
    ),
    ...(figures.connectionWaits > 0
      ? [
          style.paint(
            'warn',
            `${formatCount(figures.connectionWaits)} requests waited because all connections (-c) were in use: their wait is latency and lag, not service`,
          ),
        ]
      : []),
    ...(errors > 0
      ? [
          style.paint(
            'warn',
            `latency is that of all requests, the ${formatShare(errors / requests)} that failed among them; to a requirement a failure exceeds every limit`,
          ),
        ]
      : []),
    ...Object.entries(figures.failureMessages).map(([kind, message]) =>
      style.paint('warn', `first ${kind} failure: ${printable(message)}`),
    ),
    ...(isAboutCertificate(figures.failureMessages['tls'] ?? '')
      ? [style.paint('warn', 'trust a certificate with --cacert FILE, or any with --insecure')]
      : []),
    ...(generator.healthy
      ? []
      : [style.paint('warn', `the generator was not healthy: ${generator.reasons.join('; ')}`)]),
  ];
  return lines.join('\n');
}

/** Why the run is shorter than planned. */
function endOf({ interrupted, aborted }: BareLoadFigures, style: TerminalStyle): readonly string[] {
  if (aborted !== undefined) return [style.paint('fail', `stopped by a safety limit: ${aborted}`)];
  return interrupted ? [style.paint('warn', 'interrupted: these are the figures until then')] : [];
}

function row(name: string, figures: LatencyFigures): string {
  return name.padEnd(9) + columns.map((column) => formatMillis(figures[column]).padStart(width)).join('');
}

function paintCount(count: number, word: string, style: TerminalStyle): string {
  const text = `${formatCount(count)} ${word}`;
  return count > 0 ? style.paint('warn', text) : text;
}

function replies({ statusCounts, failureCounts }: BareLoadFigures): string {
  const parts = [...Object.entries(statusCounts), ...Object.entries(failureCounts)].map(
    ([name, count]) => `${name}: ${formatCount(count)}`,
  );
  return parts.length === 0 ? 'no replies' : parts.join(', ');
}

function perHundredThousand({ cpuSeconds, requests }: BareLoadFigures): string {
  return requests === 0 ? '-' : ((cpuSeconds / requests) * 100_000).toFixed(2);
}
