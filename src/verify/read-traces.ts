// Pulls the selected traces from the trace sources and waits until they have settled.
import type { LoadResult, Sample } from '../core/model/load.ts';
import type { Gap, TraceMeasure, TraceObservation } from '../core/model/observations.ts';
import type { Result } from '../core/model/result.ts';
import type { TimeWindow } from '../core/model/series.ts';
import { spanKind, type TraceSet } from '../core/model/trace-set.ts';
import { traceSet } from '../core/model/trace-set-builder.ts';
import { millis, ratio, seconds } from '../core/model/units.ts';
import { measureTraces } from '../core/trace/measure.ts';
import { prepareTraces } from '../core/trace/prepare/prepared-traces.ts';
import type { SourceError, SourceOptions, TraceSource } from '../ports/trace-source.ts';
import { clientSpans } from './client-spans.ts';
import { mergeTraceSets } from './merge-trace-sets.ts';
import type { ObserveInput } from './observe-input.ts';
import { populationsOf } from './populations.ts';
import { searchedSamples } from './searched-samples.ts';

export interface TraceReading {
  readonly observation: TraceObservation | undefined;
  readonly measures: readonly TraceMeasure[];
  readonly gaps: readonly Gap[];
}

/** Between two looks at a source. */
const pollEvery = millis(500);
const callTimeout = seconds(20);
/** Traces judged in observe mode: what a search may bring. */
const searchLimit = 2_000;

export async function readTraces(input: ObserveInput, window: TimeWindow): Promise<TraceReading> {
  const { load, backends } = input;
  if (backends.traces.length === 0) return { observation: undefined, measures: [], gaps: [] };
  const wanted = load === undefined ? [] : wantedSamples(load);
  if (load !== undefined && wanted.length === 0) return { observation: undefined, measures: [], gaps: [] };
  input.options.onProgress?.({ kind: 'stage', stage: 'traces', detail: `${wanted.length} traces` });
  if (load !== undefined) backends.telemetry.clientSpans(input.plan, load.startedAt, wanted);

  const pulled = load === undefined ? await search(input, window) : await pullUntilSettled(input, wanted);
  const own = load === undefined ? traceSet([]) : clientSpans(wanted, load.startedAt);
  const set = mergeTraceSets([pulled.set, own]);
  const prepared = prepareTraces(set);
  const samples = load === undefined ? searchedSamples(prepared, window) : wanted;
  const uniform = load === undefined ? samples : load.uniform;
  // What a search finds stands for requests because its entry span is there.
  const present = load === undefined ? new Set(samples.map(({ traceId }) => traceId)) : completeTraces(prepared.set);
  const complete = samples.filter((sample) => present.has(sample.traceId)).length;

  const indexOf = new Map(set.traceIds.map((id, index) => [id, index]));
  const measured = uniform.flatMap((sample) => {
    const trace = present.has(sample.traceId) ? indexOf.get(sample.traceId) : undefined;
    return trace === undefined
      ? []
      : [
          {
            trace,
            atMs: sample.scheduledAt,
            phase: sample.phase,
            scenario: sample.scenario,
            step: sample.step,
            failed: !(sample.outcome.kind === 'reply' && sample.outcome.good),
          },
        ];
  });
  const measures = input.needs.measures.map((request) => measureTraces(prepared, request, measured));
  return {
    observation: {
      set,
      populations: populationsOf({ verification: input.verification, load, measures, indexOf, present, samples }),
      asked: samples.length,
      complete,
      coverage: ratio(samples.length === 0 ? 1 : complete / samples.length),
    },
    measures,
    gaps: gapsOf(input, pulled.errors, samples.length, complete),
  };
}

/** Every selected request once. */
function wantedSamples(load: LoadResult): readonly Sample[] {
  const byId = new Map<string, Sample>();
  const selected = load.watches.flatMap(({ selection }) => [
    ...selection.worst,
    ...selection.violators,
    ...selection.compliers,
  ]);
  for (const sample of [...selected, ...load.uniform]) if (sample.sampled) byId.set(sample.traceId, sample);
  return [...byId.values()];
}

interface Pulled {
  readonly set: TraceSet;
  readonly errors: readonly SourceError[];
}

/**
 * Asks for the wanted ids until every trace is there and has stopped growing for two looks, at most for the document's `settle.traces` (and never
 * less than one look). A source that fails is asked again until then.
 */
async function pullUntilSettled(input: ObserveInput, wanted: readonly Sample[]): Promise<Pulled> {
  const { clock } = input.backends;
  const ids = wanted.map((sample) => sample.traceId);
  const deadline = clock.monotonic() + input.verification.evaluation.settle.traces;
  let previousSpans = -1;
  for (;;) {
    const pulled = await pullOnce(input, ids);
    const spans = pulled.set.parent.length;
    const complete = completeTraces(pulled.set).size;
    const hasSettled = spans > 0 && spans === previousSpans && complete >= ids.length;
    const timeLeft = deadline - clock.monotonic();
    if (hasSettled || timeLeft <= 0 || input.options.signal.aborted) return pulled;
    input.options.onProgress?.({
      kind: 'stage',
      stage: 'traces',
      detail: `${complete} of ${ids.length} traces complete`,
    });
    previousSpans = spans;
    await clock.sleep(millis(Math.min(pollEvery, timeLeft)), { signal: input.options.signal }).catch(() => undefined);
  }
}

async function pullOnce(input: ObserveInput, ids: readonly string[]): Promise<Pulled> {
  return askSources(input, (source, options) => source.byIds(ids, options));
}

async function search(input: ObserveInput, window: TimeWindow): Promise<Pulled> {
  return askSources(input, (source, options) =>
    source.search({ window, limit: searchLimit, service: input.verification.service }, options),
  );
}

/** All are asked for everything at once: one back end may hold the caller's spans and another the callee's, and neither shows that anything is missing. */
async function askSources(
  input: ObserveInput,
  ask: (source: TraceSource, options: SourceOptions) => Promise<Result<TraceSet, SourceError>>,
): Promise<Pulled> {
  // An interrupted run still reads what it has: the wait is bounded by the call's own time-out.
  const signal = AbortSignal.timeout(callTimeout);
  const answers = await Promise.all(
    input.backends.traces.map((source) => ask(source, { signal, timeout: callTimeout })),
  );
  const sets = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const errors = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
  return { set: sets.length === 1 && sets[0] !== undefined ? sets[0] : mergeTraceSets(sets), errors };
}

/** Ids of the traces that hold the system's own entry span: a SERVER span. */
function completeTraces(set: TraceSet): ReadonlySet<string> {
  const complete = new Set<string>();
  set.traceIds.forEach((id, trace) => {
    for (let i = set.firstSpan[trace] ?? 0; i < (set.firstSpan[trace + 1] ?? 0); i += 1) {
      if (set.kind[i] === spanKind.server) {
        complete.add(id);
        return;
      }
    }
  });
  return complete;
}

function gapsOf(input: ObserveInput, errors: readonly SourceError[], asked: number, complete: number): readonly Gap[] {
  const needing = input.verification.requirements
    .filter((requirement) => input.needs.measures.some((measure) => measure.key.startsWith(`${requirement.id}/`)))
    .map((requirement) => requirement.id);
  const source = input.backends.traces.map((each) => each.name).join(', ');
  const failures = errors.map(
    (error): Gap => ({
      kind: 'traces',
      source,
      reason: error.kind === 'unauthorized' ? 'bad-reply' : error.kind,
      message: error.message,
      requirements: needing,
    }),
  );
  if (failures.length > 0 && complete === 0) return failures;
  if (asked > 0 && complete === 0) {
    const message = `none of the ${asked} traces asked for arrived at ${source}${endpointHint(input)}`;
    return [{ kind: 'traces', source, reason: 'empty', message, requirements: needing }];
  }
  return [];
}

function endpointHint(input: ObserveInput): string {
  const endpoint = input.backends.traces.find((source) => source.endpoint !== undefined)?.endpoint;
  return endpoint === undefined
    ? '; check that the services export there and keep the sampled traces'
    : `; set OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} in the services under test`;
}
