// Asks the metric sources what the requirements query, and looks for resource metrics that may corroborate a cause.
import type { LoadResult } from '../core/model/load.ts';
import type { Gap, SaturationSeries, SeriesObservation } from '../core/model/observations.ts';
import type { TimeWindow } from '../core/model/series.ts';
import { type Millis, millis, seconds, unixMillis } from '../core/model/units.ts';
import { phaseWindows } from '../core/slo/evidence/scope.ts';
import type { QueryNeed } from '../core/slo/requirement-type.ts';
import { saturationSeries } from '../core/trace/metrics/saturation-series.ts';
import type { MetricSource } from '../ports/metric-source.ts';
import type { SourceError } from '../ports/trace-source.ts';
import type { ObserveInput } from './observe-input.ts';
import { saturationNames } from './saturation.ts';

export interface MetricReading {
  readonly series: readonly SeriesObservation[];
  readonly saturation: readonly SaturationSeries[];
  readonly gaps: readonly Gap[];
}

const callTimeout = seconds(15);

export async function readMetrics(input: ObserveInput, window: TimeWindow): Promise<MetricReading> {
  if (input.backends.metrics.size === 0 && input.needs.queries.length === 0)
    return { series: [], saturation: [], gaps: [] };
  await settle(input, window);
  input.options.onProgress?.({ kind: 'stage', stage: 'metrics', detail: `${input.needs.queries.length} queries` });
  const answers = await Promise.all(
    input.needs.queries.flatMap((need) => windowsOf(need, window, input.load).map((each) => ask(input, need, each))),
  );
  const gaps = answers.flatMap((answer) => (answer.gap === undefined ? [] : [answer.gap]));
  return {
    series: answers.flatMap((answer) => (answer.series === undefined ? [] : [answer.series])),
    gaps: [...new Map(gaps.map((gap) => [`${gap.requirements.join()} ${gap.source} ${gap.message}`, gap])).values()],
    saturation: await discover(input, window),
  };
}

/** Waits until samples of the window's end can be read: the document's settle time or the slowest source's own delay. */
async function settle(input: ObserveInput, window: TimeWindow): Promise<void> {
  const { clock, metrics } = input.backends;
  const freshness = [...metrics.values()].reduce((most, source) => Math.max(most, source.freshness), 0);
  const readable = window.end + Math.max(freshness, input.verification.evaluation.settle.metrics);
  const wait = readable - clock.now();
  if (wait > 0) await clock.sleep(millis(wait), { signal: input.options.signal }).catch(() => undefined);
}

/**
 * The whole window, or the stretches of time that the need's own phases lasted; phases that follow each other are one stretch. A query that does not say over which window it looks is asked once,
 * at the end of the last.
 */
function windowsOf(
  { phases, query }: QueryNeed,
  window: TimeWindow,
  load: LoadResult | undefined,
): readonly TimeWindow[] {
  if (phases === undefined || load === undefined) return [window];
  const windows: TimeWindow[] = [];
  for (const phase of phaseWindows(load, phases).toSorted((a, b) => a.startMs - b.startMs)) {
    const start = unixMillis(load.startedAt + phase.startMs);
    const end = unixMillis(load.startedAt + Math.min(phase.endMs, load.durationMs));
    const last = windows.at(-1);
    if (last !== undefined && start <= last.end) windows[windows.length - 1] = { start: last.start, end };
    else windows.push({ start, end });
  }
  if (windows.length === 0) return [window];
  return /\{\{\s*\.window/.test(query) ? windows : windows.slice(-1);
}

interface Answer {
  readonly series?: SeriesObservation;
  readonly gap?: Gap;
}

async function ask(input: ObserveInput, need: QueryNeed, window: TimeWindow): Promise<Answer> {
  const source = sourceFor(input, need.dataSource);
  const requirement = need.key.split('/')[0] ?? need.key;
  if (source === undefined) {
    if (need.optional) return {};
    const known = [...input.backends.metrics.keys()].join(', ') || 'none';
    const message = `no metric source named ${need.dataSource ?? '(default)'}; the document has: ${known}`;
    return {
      gap: {
        kind: 'metrics',
        source: need.dataSource ?? '',
        reason: 'unsupported',
        message,
        requirements: [requirement],
      },
    };
  }
  const step = sliceOf(need, input.verification.evaluation.slice);
  const asked = need.mode === 'instant' ? { start: window.end, end: window.end } : sliceEnds(window, step);
  const query = fillQuery(need.query, window, need.mode === 'instant' ? millis(window.end - window.start) : step);
  const answer = await source.range(query, asked, step, {
    signal: AbortSignal.timeout(callTimeout),
    timeout: callTimeout,
  });
  if (!answer.ok && need.optional) return {};
  if (!answer.ok) return { gap: gapOf(source.name, answer.error, requirement) };
  return { series: { key: need.key, query, source: source.name, window, step, series: answer.value } };
}

/** The need's own slices, no finer than the whole second that a range of PromQL takes at least, or than the document's. */
function sliceOf({ slice }: QueryNeed, usual: Millis): Millis {
  return slice === undefined ? usual : millis(Math.max(slice, Math.min(usual, seconds(1))));
}

/** A slice's value is read at its end. */
function sliceEnds(window: TimeWindow, step: Millis): TimeWindow {
  return { start: unixMillis(Math.min(window.start + step, window.end)), end: window.end };
}

function sourceFor(input: ObserveInput, name: string | undefined): MetricSource | undefined {
  const { metrics } = input.backends;
  return name === undefined ? metrics.values().next().value : metrics.get(name);
}

/** Fills `{{.window}}`, `{{.windowSeconds}}` and `{{.slice}}`. Prometheus takes whole seconds at least. */
function fillQuery(query: string, window: TimeWindow, slice: Millis): string {
  const windowSeconds = Math.max(1, Math.round((window.end - window.start) / 1000));
  return query
    .replaceAll(/\{\{\s*\.window\s*\}\}/g, `${windowSeconds}s`)
    .replaceAll(/\{\{\s*\.windowSeconds\s*\}\}/g, String(windowSeconds))
    .replaceAll(/\{\{\s*\.slice\s*\}\}/g, `${Math.max(1, Math.round(slice / 1000))}s`);
}

function gapOf(source: string, error: SourceError, requirement: string): Gap {
  const reason = error.kind === 'unauthorized' ? 'bad-reply' : error.kind;
  return { kind: 'metrics', source, reason, message: error.message, requirements: [requirement] };
}

/** A source that cannot list series only means less corroboration, not a gap. */
async function discover(input: ObserveInput, window: TimeWindow): Promise<readonly SaturationSeries[]> {
  const started = input.load?.startedAt ?? window.start;
  const whole = { start: started, end: window.end };
  const found: SaturationSeries[] = [];
  for (const source of input.backends.metrics.values()) {
    const answer = await source.discover(saturationNames, whole, {
      signal: AbortSignal.timeout(callTimeout),
      timeout: callTimeout,
    });
    if (answer.ok) found.push(...saturationSeries(answer.value));
  }
  return found;
}
