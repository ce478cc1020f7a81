// Keeps typical traces of the last healthy run, so that a later run that is slow as a whole has something to be compared with.
import type { TraceObservation } from '../core/model/observations.ts';
import { recordsOf } from '../core/model/records-of.ts';
import type { Run, RunPlan } from '../core/model/run.ts';
import type { Attributes, SpanRecord, TraceSet } from '../core/model/trace-set.ts';
import { traceSet } from '../core/model/trace-set-builder.ts';
import type { RunStore } from '../ports/run-store.ts';

/** Enough for each kind of request of a usual document; some hundred kilobytes of text. */
const mostTraces = 120;
/** A trace of more spans is left out: it would outweigh all others. */
const mostSpans = 500;
/** Longer attribute values are cut: what is compared is time, outcome and who calls whom. */
const longestValue = 300;

/** Documents change, and are tried under other loads meanwhile; older workloads are forgotten. */
const mostWorkloads = 3;

/** One record a verification and environment: another system is nothing to compare with. */
const keyOf = ({ verification, environment }: RunPlan): string => `typical-traces/${verification}/${environment}`;

/** Traces of requests that met every requirement, when nothing broke; a store that refuses costs a later run its baseline, nothing else. */
export async function keepTypicalTraces(
  run: Run,
  traces: TraceObservation | undefined,
  store: RunStore,
): Promise<void> {
  if (traces === undefined || run.status !== 'completed' || !isHealthy(run)) return;
  const violating = new Set(traces.populations.flatMap((each) => each.violating));
  const complying = new Set(traces.populations.flatMap((each) => each.complying));
  const usable = [...complying]
    .filter((trace) => !violating.has(trace) && spansOf(traces.set, trace) <= mostSpans)
    .sort((a, b) => a - b);
  if (usable.length === 0) return;
  const every = Math.max(1, usable.length / mostTraces);
  const kept = new Set(
    usable
      .filter((_, at) => Math.floor(at / every) > Math.floor((at - 1) / every))
      .map((trace) => traces.set.traceIds[trace]),
  );
  const spans = [...recordsOf(traces.set)].filter(({ traceId }) => kept.has(traceId));
  const { [run.plan.workloadHash]: _replaced, ...others } = await readAll(run.plan, store);
  const newest = Object.entries(others).slice(1 - mostWorkloads);
  const all: ByWorkload = Object.fromEntries([...newest, [run.plan.workloadHash, storedFrom(spans)]]);
  await store.writeState(keyOf(run.plan), JSON.stringify(all));
}

/** What few samples leave open is no sign of a fault: else thin telemetry would never have anything to compare with. */
function isHealthy({ verdicts }: Run): boolean {
  return (
    verdicts.some(({ verdict }) => verdict === 'pass') &&
    verdicts.every(({ verdict }) => verdict === 'pass' || verdict === 'inconclusive')
  );
}

/** Undefined when no run with this load was healthy here. */
export async function readTypicalTraces(plan: RunPlan, store: RunStore): Promise<TraceSet | undefined> {
  const stored = (await readAll(plan, store))[plan.workloadHash];
  return stored && traceSetOf(stored);
}

async function readAll(plan: RunPlan, store: RunStore): Promise<ByWorkload> {
  const read = await store.readState(keyOf(plan));
  return read.ok && read.value !== undefined ? (JSON.parse(read.value) as ByWorkload) : {};
}

const spansOf = ({ firstSpan }: TraceSet, trace: number): number =>
  (firstSpan[trace + 1] ?? 0) - (firstSpan[trace] ?? 0);

interface Stored {
  readonly resources: readonly Attributes[];
  /** Times as decimal text: a double cannot hold epoch nanoseconds. */
  readonly spans: readonly (Omit<SpanRecord, 'resource' | 'startUnixNanos' | 'endUnixNanos'> & {
    readonly resource: number;
    readonly start: string;
    readonly end: string;
  })[];
}

/** By workload hash, the one kept last at the end: another load is nothing to compare with either. */
type ByWorkload = Readonly<Record<string, Stored>>;

function storedFrom(records: readonly SpanRecord[]): Stored {
  const resources = [...new Set(records.map(({ resource }) => resource))];
  const indexOf = new Map(resources.map((resource, at) => [resource, at]));
  return {
    resources: resources.map(short),
    spans: records.map(({ resource, startUnixNanos, endUnixNanos, attributes, ...rest }) => ({
      ...rest,
      attributes: short(attributes),
      resource: indexOf.get(resource) ?? 0,
      start: String(startUnixNanos),
      end: String(endUnixNanos),
    })),
  };
}

function traceSetOf({ resources, spans }: Stored): TraceSet {
  return traceSet(
    spans.map(({ resource, start, end, ...rest }) => ({
      ...rest,
      resource: resources[resource] ?? {},
      startUnixNanos: BigInt(start),
      endUnixNanos: BigInt(end),
    })),
  );
}

const short = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.slice(0, longestValue) : value,
    ]),
  );
