// Measures traces for requirements: durations of chosen spans, shares of the critical path, retries, calls per request.
import type { TraceMeasure, TraceMeasurePoint, TraceMeasureRequest } from '../model/observations.ts';
import { spanKind, spanStatus } from '../model/trace-set.ts';
import { logicalCallsOf } from './calls/logical-calls.ts';
import type { PreparedTraces } from './prepare/prepared-traces.ts';
import { edgeTest, type SpanTest, spanTest } from './select-spans.ts';

/** One sampled request: its trace in the PreparedTraces, and what the load generator knows of it. */
export interface MeasuredRequest {
  readonly trace: number;
  /** Intended start on the run's clock. */
  readonly atMs: number;
  readonly phase: string;
  readonly scenario: string;
  /** Step name, what requirements call `route`. */
  readonly step: string;
  readonly failed: boolean;
}

/** What one trace gives: nothing, one value, or one per span. */
type Measured = readonly { readonly value: number; readonly base?: number; readonly failed?: boolean }[];

/**
 * The points of one request over a uniform sample. Samples of other scenarios or routes are not looked at; a trace without its entry span, or without
 * any span that the measure is about, is looked at and gives no point. Linear in the spans of the sample.
 */
export function measureTraces(
  prepared: PreparedTraces,
  request: TraceMeasureRequest,
  sample: readonly MeasuredRequest[],
): TraceMeasure {
  const measure = measurer(prepared, request);
  const asked = sample.filter(
    (each) =>
      (request.scenario === undefined || request.scenario === each.scenario) &&
      (request.route === undefined || request.route === each.step),
  );
  const points = asked.flatMap((each): TraceMeasurePoint[] =>
    (prepared.entry[each.trace] ?? -1) < 0
      ? []
      : measure(each.trace).map(({ value, base, failed }) => ({
          trace: each.trace,
          atMs: each.atMs,
          phase: each.phase,
          value,
          ...(base === undefined ? {} : { base }),
          failed: failed ?? each.failed,
        })),
  );
  return { key: request.key, measure: request.measure, points, traces: asked.length };
}

function measurer(prepared: PreparedTraces, request: TraceMeasureRequest): (trace: number) => Measured {
  switch (request.measure) {
    case 'spanDuration': {
      const isChosen = chosenSpans(prepared, request);
      return (trace) => durations(prepared, trace, isChosen);
    }
    case 'criticalPathShare': {
      const isChosen = chosenSpans(prepared, request);
      return (trace) => pathShare(prepared, trace, isChosen);
    }
    case 'attempts': {
      const isCall = calls(prepared, request);
      return (trace) => attempts(prepared, trace, isCall);
    }
    case 'callsPerRequest': {
      if (request.edge === undefined && request.span !== undefined) {
        const isChosen = spanTest(prepared.set, request.span);
        return (trace) => callsBelow(prepared, trace, isChosen);
      }
      const isCall = calls(prepared, request);
      return (trace) => [{ value: spansWhere(prepared, trace, isCall).length }];
    }
    case 'rootDuration':
      return (trace) => rootDuration(prepared, trace);
  }
}

/** Spans chosen by the selector, else the SERVER spans that an edge leads to, else all. */
function chosenSpans(prepared: PreparedTraces, request: TraceMeasureRequest): SpanTest {
  if (request.span !== undefined) return spanTest(prepared.set, request.span);
  if (request.edge === undefined) return () => true;
  const isCall = edgeTest(prepared, request.edge);
  return (span) => isCall(prepared.parent[span] ?? -1) && prepared.set.kind[span] === spanKind.server;
}

/** CLIENT spans on the edge, else those that the selector chooses, else all. */
function calls(prepared: PreparedTraces, request: TraceMeasureRequest): SpanTest {
  if (request.edge !== undefined) return edgeTest(prepared, request.edge);
  const isChosen = request.span === undefined ? () => true : spanTest(prepared.set, request.span);
  return (span) => prepared.set.kind[span] === spanKind.client && isChosen(span);
}

function spansWhere(prepared: PreparedTraces, trace: number, test: SpanTest): readonly number[] {
  const { firstSpan } = prepared.set;
  const spans: number[] = [];
  for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1)
    if (test(span)) spans.push(span);
  return spans;
}

const durationMs = (prepared: PreparedTraces, span: number): number =>
  ((prepared.end[span] ?? 0) - (prepared.start[span] ?? 0)) / 1e6;

function durations(prepared: PreparedTraces, trace: number, isChosen: SpanTest): Measured {
  return spansWhere(prepared, trace, isChosen).map((span) => ({
    value: durationMs(prepared, span),
    failed: prepared.set.status[span] === spanStatus.error,
  }));
}

/** Path time billed to the services of the chosen spans; a trace that has none of them gives no point. */
function pathShare(prepared: PreparedTraces, trace: number, isChosen: SpanTest): Measured {
  const chosen = spansWhere(prepared, trace, isChosen);
  const entry = prepared.entry[trace] ?? -1;
  const root = durationMs(prepared, entry);
  if (chosen.length === 0 || root === 0) return [];
  const services = new Set(chosen.map((span) => prepared.service[span] ?? 0));
  const billed = spansWhere(
    prepared,
    trace,
    (span) => prepared.root[span] === entry && services.has(prepared.payer[span] ?? 0),
  );
  const pathMs = billed.reduce((sum, span) => sum + (prepared.pathNs[span] ?? 0) / 1e6, 0);
  return [{ value: pathMs / root }];
}

function attempts(prepared: PreparedTraces, trace: number, isCall: SpanTest): Measured {
  const { first } = logicalCallsOf(prepared);
  const made = spansWhere(prepared, trace, isCall);
  const logical = made.filter((span) => first[span] === span).length;
  return made.length === 0 ? [] : [{ value: made.length, base: Math.max(1, logical) }];
}

/** CLIENT spans anywhere below the chosen spans; a trace without a chosen span gives no point. */
function callsBelow(prepared: PreparedTraces, trace: number, isChosen: SpanTest): Measured {
  const isBelow = new Set<number>();
  const { firstSpan, kind } = prepared.set;
  let chosen = 0;
  let count = 0;
  // Positions of a trace in `order` are those of its spans.
  for (let at = firstSpan[trace] ?? 0; at < (firstSpan[trace + 1] ?? 0); at += 1) {
    const span = prepared.order[at] ?? 0;
    const below = isBelow.has(prepared.parent[span] ?? -1);
    if (below && kind[span] === spanKind.client) count += 1;
    const isOne = isChosen(span);
    if (isOne) chosen += 1;
    if (below || isOne) isBelow.add(span);
  }
  return chosen === 0 ? [] : [{ value: count }];
}

/** The system's own view: below the load generator's CLIENT span, when that is the entry, the SERVER span that answered it. */
function rootDuration(prepared: PreparedTraces, trace: number): Measured {
  const entry = prepared.entry[trace] ?? -1;
  const answered = prepared.serverChild[entry] ?? -1;
  const isClient = prepared.set.kind[entry] === spanKind.client;
  if (isClient && answered < 0) return [];
  return [{ value: durationMs(prepared, isClient ? answered : entry) }];
}
