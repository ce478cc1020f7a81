// What the back ends of one run answered, so that the run can be judged again without them.
import type { LoadResult, Watch } from '../../core/model/load.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Run, RunPlan, RunSummary } from '../../core/model/run.ts';
import type { Series, TimeWindow } from '../../core/model/series.ts';
import type { LoadError } from '../../ports/load-engine.ts';
import type { MetricCapabilities } from '../../ports/metric-source.ts';
import type { SourceError } from '../../ports/trace-source.ts';

/** The format of this file; a reader refuses any other. */
export const recordingFormat = 'faultline-recording/v1';

/** The spans are kept apart from it: every trace tool reads them. */
export interface Recording {
  readonly format: typeof recordingFormat;
  readonly plan: RunPlan;
  /** Observe mode: how far back it looked, in milliseconds. */
  readonly observeSinceMs?: number;
  /** Absent: nothing was driven (observe mode). */
  readonly load?: RecordedLoad;
  readonly traces: readonly RecordedTraceSource[];
  readonly metrics: readonly RecordedMetricSource[];
  /** Earlier runs that were looked at, newest first: baselines and history. */
  readonly runs: readonly RecordedRun[];
}

/** `watches` say what each entry of the result's `watches` counted. */
export interface RecordedLoad {
  readonly watches: readonly Watch[];
  readonly outcome: Recorded<LoadResult, LoadError>;
}

/** `error`: every answer failed, the last one so. */
export interface RecordedTraceSource {
  readonly name: string;
  readonly endpoint?: string;
  readonly error?: WithoutCause<SourceError>;
}

export interface RecordedMetricSource {
  /** By which documents name it. */
  readonly key: string;
  readonly name: string;
  readonly promql: MetricCapabilities['promql'];
  readonly answers: readonly RecordedAnswer[];
  readonly discovered: Recorded<readonly Series[], SourceError>;
}

export interface RecordedAnswer {
  readonly query: string;
  readonly window: TimeWindow;
  readonly step: number;
  readonly answer: Recorded<readonly Series[], SourceError>;
}

export interface RecordedRun {
  readonly summary: RunSummary;
  readonly run: Run;
}

/** A result without the cause of its error, which is no data. */
export type Recorded<T, E> = Result<T, WithoutCause<E>>;
export type WithoutCause<E> = E extends unknown ? Omit<E, 'cause'> : never;

/** As text. Numbers that JSON does not know become `{ "number": "NaN" }`. */
export function writeRecording(recording: Recording): string {
  return `${JSON.stringify(recording, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
  )}\n`;
}

/** Refuses what is no recording of this format, or lacks a part of it; what the parts hold is taken at its word. */
export function readRecording(text: string): Result<Recording, string> {
  try {
    const value: unknown = JSON.parse(text, (_, inner: unknown) => numberOf(inner) ?? inner);
    const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (fields['format'] !== recordingFormat)
      return err(`wanted a recording of format ${recordingFormat}, found ${String(fields['format'] ?? 'none')}`);
    const missing = parts.find((part) => typeof fields[part] !== 'object' || fields[part] === null);
    return missing === undefined ? ok(value as Recording) : err(`the recording has no \`${missing}\``);
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}

const parts = ['plan', 'traces', 'metrics', 'runs'] as const;

const oddNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const [key, text] = entries[0] ?? [];
  return entries.length === 1 && key === 'number' && typeof text === 'string' ? oddNumbers[text] : undefined;
}
