// Metrics from anything that speaks Prometheus' HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics.
import { ok, type Result } from '../../core/model/result.ts';
import type { Series, TimeWindow } from '../../core/model/series.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { SourceError } from '../../ports/trace-source.ts';
import { type BackEnd, type BackEndOptions, backEnd } from '../shared/http/back-end.ts';
import { joinSeries } from '../shared/prometheus/join-series.ts';
import { within } from '../shared/within.ts';
import { askPrometheus, type PrometheusAnswer } from './ask-prometheus.ts';
import { untilShown } from './hidden-newest.ts';

/** The customary scrape interval; what is scraped less often needs `settle.metrics` in the document. */
const usualScrapeInterval = millis(15_000);

/** Prometheus refuses more than 11,000 points a series; longer windows are asked for piece by piece. */
const maxPoints = 10_000;

/** `url` may carry a path prefix (Mimir: `/prometheus`); `headers` a tenant or a token. */
export function prometheusMetricSource(options: BackEndOptions): MetricSource {
  const prometheus = backEnd('Prometheus API', options);
  return {
    name: prometheus.name,
    capabilities: { promql: 'full' },
    range: (query, window, step, sourceOptions) =>
      within(prometheus.name, sourceOptions, async (signal) => {
        const first = await range(prometheus, query, window, step, signal);
        if (!first.ok || !first.value.isVictoriaMetrics) return seriesOf(first);
        const waited = await untilShown(prometheus, window.end, sourceOptions.timeout, signal);
        if (!waited.ok) return waited;
        return seriesOf(waited.value ? await range(prometheus, query, window, step, signal) : first);
      }),
    discover: (name, window, sourceOptions) =>
      within(prometheus.name, sourceOptions, async (signal) =>
        seriesOf(await discover(prometheus, name, window, signal)),
      ),
    freshness: usualScrapeInterval,
    close: async () => undefined,
  };
}

async function range(
  prometheus: BackEnd,
  query: string,
  window: TimeWindow,
  step: Millis,
  signal: AbortSignal,
): Promise<Result<PrometheusAnswer, SourceError>> {
  const pieces: (readonly Series[])[] = [];
  let isVictoriaMetrics = false;
  for (let start: number = window.start; start <= window.end; start += maxPoints * step) {
    const end = Math.min(window.end, start + (maxPoints - 1) * step);
    const form = new URLSearchParams({ query, start: inSeconds(start), end: inSeconds(end), step: inSeconds(step) });
    const piece = await askPrometheus(prometheus, 'api/v1/query_range', form, signal);
    if (!piece.ok) return piece;
    pieces.push(piece.value.series);
    isVictoriaMetrics = piece.value.isVictoriaMetrics;
  }
  return ok({ series: joinSeries(pieces), isVictoriaMetrics });
}

/** An instant query for a range selector gives the samples as they were scraped. */
function discover(
  prometheus: BackEnd,
  name: string,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<Result<PrometheusAnswer, SourceError>> {
  const range = Math.max(1, Math.ceil(window.end - window.start));
  const query = `{__name__=~${JSON.stringify(name)}}[${range}ms]`;
  return askPrometheus(prometheus, 'api/v1/query', new URLSearchParams({ query, time: inSeconds(window.end) }), signal);
}

function seriesOf(answer: Result<PrometheusAnswer, SourceError>): Result<readonly Series[], SourceError> {
  return answer.ok ? ok(answer.value.series) : answer;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
