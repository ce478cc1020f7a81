// The embedded scraper as a metric source: scrapes /metrics of some targets into memory and answers a subset of PromQL. Nothing to install.
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Series, TimeWindow } from '../../core/model/series.ts';
import { type Millis, unixMillis } from '../../core/model/units.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { SourceError } from '../../ports/trace-source.ts';
import { within } from '../shared/within.ts';
import { evaluate, lookback } from './promql/evaluate.ts';
import { type Expression, type Matcher, PromqlFault } from './promql/expression.ts';
import { parsePromql } from './promql/parse.ts';
import { wholeMatch } from './promql/parse-selector.ts';
import { defaultSampleStoreLimits, SampleStore, type SampleStoreLimits } from './sample-store.ts';
import { isReport, type ScrapeTarget, scrapeTarget } from './scrape-target.ts';

export interface ScrapeOptions {
  /** The job label of every series. */
  readonly name: string;
  /** URLs, or host:port for http://host:port/metrics. */
  readonly targets: readonly string[];
  readonly interval: Millis;
  readonly limits?: SampleStoreLimits;
}

/** A scrape that takes longer counts as failed, as in Prometheus; shorter when the interval is. */
const longestScrapeMs = 10_000;
const maxScrapeBytes = 64 * 2 ** 20;

/** Scrapes from now on until `close`: the first time at once, then every interval. Samples carry the time at which their scrape began. */
export function scrapeMetricSource({
  name,
  targets,
  interval,
  limits = defaultSampleStoreLimits,
}: ScrapeOptions): MetricSource {
  const store = new SampleStore(limits);
  const stop = new AbortController();
  const timeoutMs = Math.min(longestScrapeMs, interval);
  const health = targets.map((text): Health => {
    const target = scrapeTarget({ url: targetUrl(text), job: name, store, timeoutMs, maxBytes: maxScrapeBytes });
    return { target, problem: undefined };
  });
  const loops = health.map((each) => keepScraping(each, interval, stop.signal));
  const title = `embedded scraper of ${targets.length === 1 ? targets[0] : `${targets.length} targets`}`;

  return {
    name: title,
    capabilities: { promql: 'subset' },
    range: (query, window, step, options) =>
      within(title, options, async () => {
        const blind = blindness(title, health, store, window);
        return blind === undefined ? evaluated(title, query, store, window, step) : err(blind);
      }),
    discover: (pattern, window, options) =>
      within(title, options, async () => {
        const blind = blindness(title, health, store, window);
        if (blind !== undefined) return err(blind);
        return guarded(title, pattern, () => {
          const matches = wholeMatch(pattern, 0);
          const matcher: Matcher = {
            label: '__name__',
            op: '=~',
            value: pattern,
            matches: (value) => matches.test(value),
          };
          return store.select([matcher]).flatMap((series) => rawSamples(series, window));
        });
      }),
    freshness: interval,
    async close() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

interface Health {
  readonly target: ScrapeTarget;
  /** Of the last scrape. */
  problem: string | undefined;
}

/** Host and port alone mean http and /metrics. */
function targetUrl(text: string): URL {
  const url = new URL(/^https?:\/\//.test(text) ? text : `http://${text}`);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url;
}

/** Begins each scrape at a whole number of intervals after the first; one that would overlap the previous is left out. */
async function keepScraping(health: Health, interval: Millis, signal: AbortSignal): Promise<void> {
  const origin = performance.now();
  while (!signal.aborted) {
    health.problem = await health.target.scrape(Date.now(), signal);
    const elapsed = performance.now() - origin;
    await sleep(interval - (elapsed % interval), undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Why the window cannot be answered for: nothing was scraped in it, or part of it had to be forgotten. An empty answer would look like "no such series". */
function blindness(
  name: string,
  health: readonly Health[],
  store: SampleStore,
  window: TimeWindow,
): SourceError | undefined {
  if (!store.hasValue(window.start - lookback, window.end, (labels) => !isReport(labels))) {
    const problem = health.find((each) => each.problem !== undefined)?.problem ?? 'nothing was scraped then';
    return { kind: 'unreachable', message: `${name}: no samples of any target in the window (${problem})` };
  }
  const dropped = store.droppedUntil();
  if (dropped < window.start) return undefined;
  const from = new Date(dropped).toISOString();
  return {
    kind: 'unsupported',
    message: `${name}: samples until ${from} were dropped to bound memory; scrape less often or use a Prometheus`,
  };
}

function evaluated(
  name: string,
  query: string,
  store: SampleStore,
  window: TimeWindow,
  step: Millis,
): Result<readonly Series[], SourceError> {
  return guarded(name, query, () => {
    const expression: Expression = parsePromql(query);
    const select = (matchers: readonly Matcher[]) => store.select(matchers);
    return evaluate(expression, select, { start: window.start, end: window.end, step: Math.max(1, step) });
  });
}

/** What `work` gives, or its fault in words. */
function guarded(name: string, query: string, work: () => readonly Series[]): Result<readonly Series[], SourceError> {
  try {
    return ok(work());
  } catch (fault) {
    if (!(fault instanceof PromqlFault)) throw fault;
    return err({ kind: 'unsupported', message: `${name}: ${inWords(fault, query)}`, cause: fault });
  }
}

function inWords({ kind, message, offset }: PromqlFault, query: string): string {
  const place = offset === undefined ? '' : ` at character ${offset + 1} of ${JSON.stringify(query)}`;
  if (kind === 'unsupported')
    return `${message}${place} is PromQL that the embedded scraper does not know (docs/promql.md); use a Prometheus`;
  return `cannot evaluate the query${place}: ${message}`;
}

function rawSamples(series: ReturnType<SampleStore['select']>[number], window: TimeWindow): readonly Series[] {
  const { times, values, stale, from, to } = series.between(window.start, window.end);
  const kept = Array.from({ length: to - from }, (_, i) => from + i).filter((i) => stale[i] === 0);
  if (kept.length === 0) return [];
  return [
    {
      labels: series.labels,
      times: kept.map((i) => unixMillis(times[i] as number)),
      values: kept.map((i) => values[i] as number),
    },
  ];
}
