// PromQL of an SLO over a window: the share of bad events, and how many events there were.
import type { Slo, SloIndicator } from '../../core/model/verification.ts';
import { timeSlice } from '../../core/slo/evidence/budget-queries.ts';

const SIGNS = { lte: '<=', lt: '<', gte: '>=', gt: '>' } as const;
const WINDOW = /\{\{\s*\.window\s*\}\}/g;

/**
 * The bad share over a window such as `1h`; undefined where the indicator's queries do not say how to take a window. Where only the total has series, the other
 * count is 0: a service that answers nothing but errors from its start has no good series, and must not look like one without data. A histogram's bucket must be there,
 * though: where nobody counts requests under a limit, nothing is known of them, and the share is absent.
 */
export function badShare(indicator: SloIndicator, window: string): string | undefined {
  switch (indicator.kind) {
    case 'good-total':
      return over([indicator.good, indicator.total], window, (share) => `1 - (\n${indent(share)}\n)`);
    case 'bad-total':
      return over([indicator.bad, indicator.total], window, (share) => share);
    case 'raw': {
      const ratio = hasWindow(indicator.query)
        ? filled(indicator.query, window)
        : `avg_over_time((${indicator.query})[${window}:])`;
      return indicator.success ? `1 - (${ratio})` : ratio;
    }
    case 'threshold': {
      const sign = SIGNS[indicator.op];
      return `1 - avg_over_time((${filled(indicator.query, '5m')} ${sign} bool ${indicator.value})[${window}:])`;
    }
  }
}

/**
 * What one slice counts against the budget: by `Timeslices` 1 when its good share is below `timeSliceTarget` (without one: the target), else 0; by `RatioTimeslices` its bad
 * share. A slice without events spends nothing. Undefined for `Occurrences`, and where the queries take no window.
 */
export function badSlice(slo: Slo): string | undefined {
  if (slo.method === 'Occurrences') return undefined;
  const slice = promWindow(timeSlice(slo));
  const { indicator } = slo;
  const isThreshold = indicator.kind === 'threshold';
  const share = isThreshold
    ? `1 - ((${filled(indicator.query, slice)}) ${SIGNS[indicator.op]} bool ${indicator.value})`
    : badShare(indicator, slice);
  if (share === undefined || isThreshold) return share;
  if (slo.method === 'RatioTimeslices') return `(${share}) >= 0`;
  return `(${share}) > bool ${Number((1 - (slo.timeSliceTarget ?? slo.target)).toPrecision(12))}`;
}

/** The mean of what slices count over a window of at least one slice. */
export function badSliceShare(slo: Slo, series: string, windowMs: number): string {
  const slice = timeSlice(slo);
  return `avg_over_time(${series}[${promWindow(Math.max(windowMs, slice))}:${promWindow(slice)}])`;
}

/** Events in a window, where the total is a rate or an increase; undefined else. */
export function eventCount(indicator: SloIndicator, window: string, windowMs: number): string | undefined {
  if (indicator.kind !== 'good-total' && indicator.kind !== 'bad-total') return undefined;
  if (!hasWindow(indicator.total)) return undefined;
  const total = `sum(${filled(indicator.total, window)})`;
  if (/\bincrease\s*\(/.test(indicator.total)) return total;
  return /\brate\s*\(/.test(indicator.total) ? `${total} * ${windowMs / 1000}` : undefined;
}

/** A duration as PromQL writes it: whole minutes, hours or days. */
export function promWindow(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function over(queries: readonly [string, string], window: string, say: (share: string) => string): string | undefined {
  if (!queries.every(hasWindow)) return undefined;
  const [part, total] = [filled(queries[0], window), filled(queries[1], window)];
  const bucket = bucketOf(queries[0]);
  const seen = bucket === undefined ? '' : ` and on() count(${bucket})`;
  return say(`((${part})\n  or 0 * (${total})${seen})\n/ (${total})`);
}

/**
 * The buckets that a query counts, whatever the status: `x_bucket{service_name="a",le="0.25"}`. Undefined where it counts no bucket. Matchers that leave something out,
 * and those on a status, are dropped: a bucket is there when any reply was ever counted in it.
 */
export function bucketOf(query: string): string | undefined {
  const [, metric, selector] = /\b([A-Za-z_:][\w:]*_bucket)\s*\{([^{}]*)\}/.exec(query) ?? [];
  if (metric === undefined || selector === undefined) return undefined;
  const matchers = [...selector.matchAll(/([A-Za-z_]\w*)\s*(=~|!=|!~|=)\s*("(?:[^"\\]|\\.)*")/g)];
  const kept = matchers.filter(([, label = '', op = '']) => !op.startsWith('!') && !/status|code/.test(label));
  if (!kept.some(([, label]) => label === 'le')) return undefined;
  return `${metric}{${kept.map(([, label, op, value]) => `${label}${op}${value}`).join(',')}}`;
}

function hasWindow(query: string): boolean {
  return query.search(WINDOW) !== -1;
}

function filled(query: string, window: string): string {
  return query.trim().replaceAll(WINDOW, window);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
