// In which unit a query's values are, told by the names of its metrics.
import type { CanonicalUnit } from '../../model/requirement.ts';

/** A value times `factor` is in `unit`. */
export interface SeriesUnit {
  readonly unit: Extract<CanonicalUnit, 'ms' | 'B'>;
  readonly factor: number;
}

const endings: readonly (readonly [RegExp, SeriesUnit])[] = [
  [/_(milliseconds|millis|ms)$/, { unit: 'ms', factor: 1 }],
  [/_(microseconds|micros|us)$/, { unit: 'ms', factor: 1e-3 }],
  [/_(nanoseconds|nanos|ns)$/, { unit: 'ms', factor: 1e-6 }],
  [/_seconds$/, { unit: 'ms', factor: 1000 }],
  [/_minutes$/, { unit: 'ms', factor: 60_000 }],
  [/_bytes$/, { unit: 'B', factor: 1 }],
  [/_kibibytes$/, { unit: 'B', factor: 1024 }],
  [/_mebibytes$/, { unit: 'B', factor: 1024 ** 2 }],
];

/** What is no metric, though it stands like one. */
const words: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/**
 * By Prometheus' naming: `latency_seconds`, `heap_bytes`; the mean of a histogram (`_sum` by `_count`) and its quantiles (`_bucket`) are in its unit. Undefined where the names say nothing or
 * contradict each other, where the query scales by a number, and where it divides or differentiates (a ratio or a rate has another unit).
 */
export function seriesUnit(query: string): SeriesUnit | undefined {
  const bare = query
    .replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '')
    .replaceAll(/\{[^{}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '');
  const names = (bare.match(/(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:])(?!\s*\()/g) ?? []).filter((name) => !words.has(name));
  const isMean = names.some((name) => name.endsWith('_sum')) && names.some((name) => name.endsWith('_count'));
  const measured = isMean ? names.filter((name) => !name.endsWith('_count')) : names;
  const isScaled = /[*/%^]\s*\(*\s*[\d.]|[\d.]\)*\s*[*/%^]/.test(bare) || /\*/.test(bare);
  const isRatio = !isMean && bare.includes('/');
  const isRate = /\b(i?rate|deriv)\s*\(/.test(bare) && !isMean && !/_bucket\b/.test(bare);
  if (isScaled || isRatio || isRate) return undefined;
  const [first, ...others] = measured.map(unitOfName);
  return others.every((other) => other === first) ? first : undefined;
}

/** What brings a query's values to the unit of a limit on their slope; undefined where their own unit is not known, or another. */
export function slopeFactor(query: string, limit: CanonicalUnit): number | undefined {
  if (limit !== 'ms/h' && limit !== 'B/h') return 1;
  const found = seriesUnit(query);
  return found !== undefined && `${found.unit}/h` === limit ? found.factor : undefined;
}

function unitOfName(name: string): SeriesUnit | undefined {
  const plain = name.replace(/_(sum|bucket|total)$/, '');
  return endings.find(([ending]) => ending.test(plain))?.[1];
}
