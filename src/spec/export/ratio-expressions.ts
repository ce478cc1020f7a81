// PromQL of an SLO over a window: the share of bad events, and how many events there were.
import type { SloIndicator } from '../../core/model/verification.ts';

const WINDOW = /\{\{\s*\.window\s*\}\}/g;

/**
 * The bad share over a window such as `1h`; undefined where the indicator's queries do not say how to take a window. Where only the total has series, the other
 * count is 0: a service that answers nothing but errors from its start has no good series, and must not look like one without data.
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
      const sign = { lte: '<=', lt: '<', gte: '>=', gt: '>' }[indicator.op];
      return `1 - avg_over_time((${filled(indicator.query, '5m')} ${sign} bool ${indicator.value})[${window}:])`;
    }
  }
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
  return say(`((${part})\n  or 0 * (${total}))\n/ (${total})`);
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
