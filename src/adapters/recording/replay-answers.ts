// Back ends that answer from a recording: the same run again, at once, whatever has become of the system.
import type { LoadResult, Watch, WatchResult } from '../../core/model/load.ts';
import { recordsOf } from '../../core/model/records-of.ts';
import { err, ok } from '../../core/model/result.ts';
import type { SpanRecord, TraceSet } from '../../core/model/trace-set.ts';
import { traceSet } from '../../core/model/trace-set-builder.ts';
import { millis } from '../../core/model/units.ts';
import type { LoadEngine } from '../../ports/load-engine.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { RunFilter, RunStore } from '../../ports/run-store.ts';
import type { TraceSource } from '../../ports/trace-source.ts';
import type { AskedBackends } from './record-answers.ts';
import type { RecordedLoad, RecordedMetricSource, RecordedRun, RecordedTraceSource, Recording } from './recording.ts';
import { watchFromGroups } from './watch-from-groups.ts';

export interface ReplayedBackends extends AskedBackends {
  /** What the recording could not say, or said less exactly, until now: sentences. */
  readonly remarks: () => readonly string[];
}

/**
 * A question that was not asked when the run was recorded (a new query, another window) is answered with `unsupported`; a new limit on response times is counted from the recorded
 * histograms; what else nobody counted is not there. `spans`: everything that the trace sources held.
 */
export function replayAnswers(recording: Recording, spans: TraceSet): ReplayedBackends {
  const remarks: string[] = [];
  const remark = (said: string): void => {
    if (!remarks.includes(said)) remarks.push(said);
  };
  return {
    load: replayedLoad(recording.load, remark),
    traces: recording.traces.map((source) => replayedTraces(source, spans)),
    metrics: new Map(recording.metrics.map((source) => [source.key, replayedMetrics(source)])),
    store: replayedRuns(recording.runs),
    remarks: () => remarks,
  };
}

function replayedLoad(recorded: RecordedLoad | undefined, remark: (said: string) => void): LoadEngine {
  return {
    async drive(plan) {
      if (recorded === undefined)
        return err({ kind: 'engine', message: 'the recording is of `faultline observe`: it holds no load' });
      const { outcome } = recorded;
      if (!outcome.ok) return outcome;
      const watches = plan.watches.flatMap((watch) => resultFor(watch, outcome.value, recorded.watches, remark) ?? []);
      return ok({ ...outcome.value, watches });
    },
  };
}

/** The recorded counts of the same question, whatever requirement asked it; else counted anew where that is possible. */
function resultFor(
  watch: Watch,
  load: LoadResult,
  recorded: readonly Watch[],
  remark: (said: string) => void,
): WatchResult | undefined {
  const at = recorded.findIndex((each) => questionOf(each) === questionOf(watch));
  const found = at < 0 ? undefined : load.watches.find((each) => each.id === recorded[at]?.id);
  if (found !== undefined) return { ...found, id: watch.id };
  const before = load.watches.find((each) => each.id === watch.id);
  const counted = watchFromGroups(watch, load, before);
  remark(
    counted === undefined
      ? `${watch.id} asks for something that was not counted when the run was recorded; record it again`
      : `${watch.id} has other limits than when the run was recorded: counted from histograms, to 1% of the limit`,
  );
  return counted;
}

const questionOf = ({ id: _, ...question }: Watch): string => JSON.stringify(sortedEntries(question));

const sortedEntries = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

function replayedTraces({ name, endpoint, error }: RecordedTraceSource, spans: TraceSet): TraceSource {
  return {
    name,
    ...(endpoint === undefined ? {} : { endpoint }),
    capabilities: { byId: true, search: true },
    async byIds(ids) {
      if (error !== undefined) return err(error);
      const wanted = new Set(ids);
      return ok(traceSet(only(spans, (span) => wanted.has(span.traceId))));
    },
    search: async () => (error === undefined ? ok(spans) : err(error)),
    close: async () => undefined,
  };
}

function* only(set: TraceSet, isWanted: (span: SpanRecord) => boolean): Iterable<SpanRecord> {
  for (const span of recordsOf(set)) if (isWanted(span)) yield span;
}

function replayedMetrics({ name, promql, answers, discovered }: RecordedMetricSource): MetricSource {
  return {
    name,
    capabilities: { promql },
    async range(query, window, step) {
      const found = answers.find(
        (each) =>
          each.query === query &&
          each.step === step &&
          each.window.start === window.start &&
          each.window.end === window.end,
      );
      if (found !== undefined) return found.answer;
      const message = `${name}: the recording has no answer to ${query} over this window; record the run again`;
      return err({ kind: 'unsupported', message });
    },
    discover: async () => discovered,
    freshness: millis(0),
    close: async () => undefined,
  };
}

function replayedRuns(runs: readonly RecordedRun[]): RunStore {
  const matches = ({ summary }: RecordedRun, { verification, environment, status }: RunFilter): boolean =>
    (verification === undefined || summary.verification === verification) &&
    (environment === undefined || summary.environment === environment) &&
    (status === undefined || summary.status === status);
  return {
    begin: async () => ok(undefined),
    finish: async () => ok(undefined),
    list: async (filter) =>
      ok(
        runs
          .filter((run) => matches(run, filter))
          .map(({ summary }) => summary)
          .sort((a, b) => b.startedAt - a.startedAt)
          .slice(0, filter.limit),
      ),
    async get(runId) {
      const found = runs.find(({ summary }) => summary.runId === runId);
      return found === undefined
        ? err({ kind: 'not-found', message: `the recording holds no run ${runId}` })
        : ok(found.run);
    },
    readState: async () => ok(undefined),
    removeOld: async () => ok(0),
    writeState: async () => ok(undefined),
    close: async () => undefined,
  };
}
