// Listens to the back ends of a run: passes every question on and keeps the answer.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Run, RunSummary } from '../../core/model/run.ts';
import type { Series } from '../../core/model/series.ts';
import type { TraceSet } from '../../core/model/trace-set.ts';
import type { LoadEngine } from '../../ports/load-engine.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { SourceError, TraceSource } from '../../ports/trace-source.ts';
import {
  type Recorded,
  type RecordedAnswer,
  type RecordedLoad,
  type Recording,
  recordingFormat,
  type WithoutCause,
} from './recording.ts';

/** The back ends that a run asks. */
export interface AskedBackends {
  readonly load: LoadEngine;
  readonly traces: readonly TraceSource[];
  readonly metrics: ReadonlyMap<string, MetricSource>;
  readonly store: RunStore;
}

export interface AnswerRecorder {
  /** To be used in place of those given. */
  readonly backends: AskedBackends;
  /** What was answered until now, all but what the run itself knows. */
  readonly answers: () => Omit<Recording, 'plan' | 'observeSinceMs'>;
  /** The spans of each trace source's last answer. */
  readonly traceSets: () => readonly TraceSet[];
}

/** Keeps the last answer of each trace source (they are asked until they have settled), and all other answers. */
export function recordAnswers(asked: AskedBackends): AnswerRecorder {
  const load = listenToLoad(asked.load);
  const traces = asked.traces.map(listenToTraces);
  const metrics = [...asked.metrics].map(([key, source]) => ({ key, source, heard: listenToMetrics(source) }));
  const store = listenToStore(asked.store);
  return {
    backends: {
      load: load.engine,
      traces: traces.map((each) => each.source),
      metrics: new Map(metrics.map(({ key, heard }) => [key, heard.source])),
      store: store.store,
    },
    traceSets: () => traces.flatMap((each) => each.set() ?? []),
    answers: () => {
      const driven = load.heard();
      return {
        format: recordingFormat,
        ...(driven === undefined ? {} : { load: driven }),
        traces: traces.map((each) => {
          const { name, endpoint } = each.source;
          const error = each.set() === undefined ? each.error() : undefined;
          return { name, ...(endpoint === undefined ? {} : { endpoint }), ...(error === undefined ? {} : { error }) };
        }),
        metrics: metrics.map(({ key, source, heard }) => ({
          key,
          name: source.name,
          promql: source.capabilities.promql,
          answers: heard.answers,
          discovered: heard.discovered(),
        })),
        runs: store.heard(),
      };
    },
  };
}

function listenToLoad(engine: LoadEngine): { engine: LoadEngine; heard: () => RecordedLoad | undefined } {
  let heard: RecordedLoad | undefined;
  return {
    heard: () => heard,
    engine: {
      async drive(plan, options) {
        const outcome = await engine.drive(plan, options);
        heard = { watches: plan.watches, outcome: withoutCause(outcome) };
        return outcome;
      },
    },
  };
}

function listenToTraces(source: TraceSource) {
  let set: TraceSet | undefined;
  let error: WithoutCause<SourceError> | undefined;
  const heard = (answer: Result<TraceSet, SourceError>): Result<TraceSet, SourceError> => {
    if (answer.ok) set = answer.value;
    else error = { kind: answer.error.kind, message: answer.error.message };
    return answer;
  };
  const listening: TraceSource = {
    ...source,
    byIds: async (ids, options) => heard(await source.byIds(ids, options)),
    search: async (search, options) => heard(await source.search(search, options)),
  };
  return { source: listening, set: () => set, error: () => error };
}

function listenToMetrics(source: MetricSource) {
  const answers: RecordedAnswer[] = [];
  let discovered: Recorded<readonly Series[], SourceError> = ok([]);
  const listening: MetricSource = {
    ...source,
    async range(query, window, step, options) {
      const answer = await source.range(query, window, step, options);
      answers.push({ query, window, step, answer: withoutCause(answer) });
      return answer;
    },
    async discover(name, window, options) {
      const answer = await source.discover(name, window, options);
      discovered = withoutCause(answer);
      return answer;
    },
  };
  return { source: listening, answers, discovered: () => discovered };
}

function listenToStore(store: RunStore) {
  const summaries = new Map<string, RunSummary>();
  const runs = new Map<string, Run>();
  const listening: RunStore = {
    ...store,
    async list(filter) {
      const listed = await store.list(filter);
      if (listed.ok) for (const summary of listed.value) summaries.set(summary.runId, summary);
      return listed;
    },
    async get(runId) {
      const run = await store.get(runId);
      if (run.ok) runs.set(runId, run.value);
      return run;
    },
  };
  const heard = () =>
    [...runs.values()].flatMap((run) => {
      const summary = summaries.get(run.plan.runId);
      return summary === undefined ? [] : [{ summary, run: whatLaterRunsRead(run) }];
    });
  return { store: listening, heard };
}

/** Verdicts, values and distributions; none of the bulk that only reports show. */
function whatLaterRunsRead(run: Run): Run {
  return {
    ...run,
    verdicts: run.verdicts.map((verdict) => ({ ...verdict, notes: [] })),
    attribution: { ...run.attribution, findings: [], services: [] },
    byRequirement: [],
    steps: [],
    timeline: [],
    gaps: [],
  };
}

function withoutCause<T, E extends object>(result: Result<T, E>): Recorded<T, E> {
  if (result.ok) return result;
  const { cause: _, ...error } = result.error as E & { readonly cause?: unknown };
  return err(error as WithoutCause<E>);
}
