// Requests for tests of trace analysis, written as nested calls, and the comparison that detectors see of them.
import { type Attributes, type SpanRecord, spanKind, spanStatus } from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import { callFactsOf } from '../../src/core/trace/calls/call-facts.ts';
import { blame } from '../../src/core/trace/compare/blame.ts';
import { faultSigns } from '../../src/core/trace/compare/fault-signs.ts';
import { populations } from '../../src/core/trace/compare/populations.ts';
import { suspects } from '../../src/core/trace/compare/suspects.ts';
import type { LoadPhase, MechanismContext } from '../../src/core/trace/mechanisms/mechanism.ts';
import type { ResourceChange } from '../../src/core/trace/metrics/metric-corroboration.ts';
import { prepareTraces } from '../../src/core/trace/prepare/prepared-traces.ts';
import { testEpochNanos } from './span-records.ts';

export interface DrawnWork {
  readonly service: string;
  readonly name: string;
  readonly kind: keyof typeof spanKind;
  /** Milliseconds from the request's start. */
  readonly at: readonly [number, number];
  readonly failed?: boolean;
  readonly attributes?: Attributes;
  readonly below?: readonly DrawnWork[];
  /** True: the span is not recorded, what is below it still names it as its parent. */
  readonly lost?: boolean;
}

/** What differs from a plain, successful piece of work. */
export type Extra = Pick<DrawnWork, 'failed' | 'attributes' | 'below' | 'lost'>;

export function server(service: string, name: string, at: DrawnWork['at'], extra: Extra = {}): DrawnWork {
  return { service, name, kind: 'server', at, ...extra };
}

/** A CLIENT span, of `caller`; what answers it goes into `extra.below`. */
export function client(caller: string, name: string, at: DrawnWork['at'], extra: Extra = {}): DrawnWork {
  return { service: caller, name, kind: 'client', at, ...extra };
}

/** A call and its SERVER span: `at` is the caller's span, `within` the callee's (the same when absent). */
export function call(
  [caller, callee, name]: readonly [string, string, string],
  at: DrawnWork['at'],
  { within = at, ...extra }: Extra & { readonly within?: DrawnWork['at'] } = {},
): DrawnWork {
  const { failed, attributes } = extra;
  const outcome = { ...(failed === undefined ? {} : { failed }), ...(attributes === undefined ? {} : { attributes }) };
  return client(caller, name, at, { ...outcome, below: [server(callee, name, within, extra)] });
}

/** One query; `stock.db` on MySQL. */
export function query(caller: string, statement: string, at: DrawnWork['at'], extra: Extra = {}): DrawnWork {
  const attributes = { 'db.system.name': 'mysql', 'db.namespace': 'stock.db', 'db.query.text': statement };
  return client(caller, statement.split(' ')[0] ?? '', at, {
    ...extra,
    attributes: { ...attributes, ...extra.attributes },
  });
}

export interface DrawnComparison {
  readonly violating: readonly DrawnWork[];
  readonly reference: readonly DrawnWork[];
  /** Start of violating request i in milliseconds; 100 ms apart when absent. Reference requests come before. */
  readonly startMs?: (at: number) => number;
  readonly resources?: readonly ResourceChange[];
  readonly phases?: readonly LoadPhase[];
}

const apartMs = 100;

/** The context that `attribute` would make of them; a request failed when its entry span did. */
export function contextOf(drawn: DrawnComparison): MechanismContext {
  const firstMs = drawn.reference.length * apartMs;
  const startMs = drawn.startMs ?? ((at: number) => at * apartMs);
  const resources = new Map<string, Attributes>();
  const records = [
    ...drawn.reference.map((work, at) => ({ work, number: at, atMs: at * apartMs })),
    ...drawn.violating.map((work, at) => ({ work, number: drawn.reference.length + at, atMs: firstMs + startMs(at) })),
  ].flatMap((request) => recordsOf(request, resources));
  const prepared = prepareTraces(traceSet(records));
  const isViolating = (trace: number): boolean =>
    Number.parseInt(prepared.set.traceIds[trace] ?? '', 16) > drawn.reference.length;
  const traces = Array.from(prepared.entry.keys());
  const { violating, reference } = populations(prepared, {
    violating: traces.filter(isViolating),
    complying: traces.filter((trace) => !isViolating(trace)),
  });
  const costs = blame(prepared, violating, reference);
  const faults = faultSigns(prepared, violating, reference);
  return {
    prepared,
    violating,
    reference,
    atMs: Float64Array.from(prepared.set.startUnixNanos, (start) => Number(start - testEpochNanos) / 1e6 - firstMs),
    failed: Uint8Array.from(prepared.entry, (entry) => callFactsOf(prepared).failed[entry] ?? 0),
    blame: costs,
    faults,
    suspects: suspects(costs, faults, []),
    resources: drawn.resources ?? [],
    phases: drawn.phases ?? [],
  };
}

interface Numbered {
  readonly work: DrawnWork;
  readonly number: number;
  readonly atMs: number;
}

function recordsOf({ work, number, atMs }: Numbered, resources: Map<string, Attributes>): readonly SpanRecord[] {
  const records: SpanRecord[] = [];
  const epoch = testEpochNanos + BigInt(Math.round(atMs * 1e6));
  const open: { readonly work: DrawnWork; readonly parentSpanId: string | undefined }[] = [
    { work, parentSpanId: undefined },
  ];
  let drawn = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { service, name, kind, at, failed, attributes, below, lost } = next.work;
    drawn += 1;
    const spanId = drawn.toString(16).padStart(16, '0');
    for (const child of below ?? []) open.push({ work: child, parentSpanId: spanId });
    if (lost === true) continue;
    // One process per service: one resource object.
    const resource = resources.get(service) ?? { 'service.name': service };
    resources.set(service, resource);
    records.push({
      traceId: (number + 1).toString(16).padStart(32, '0'),
      spanId,
      parentSpanId: next.parentSpanId,
      name,
      kind: spanKind[kind],
      status: failed === true ? spanStatus.error : spanStatus.unset,
      startUnixNanos: epoch + BigInt(Math.round(at[0] * 1e6)),
      endUnixNanos: epoch + BigInt(Math.round(at[1] * 1e6)),
      resource,
      attributes: attributes ?? {},
    });
  }
  return records;
}

/** `count` requests; `draw` gets a small repeatable jitter in milliseconds, 0 .. 4. */
export function requests(count: number, draw: (jitter: number, at: number) => DrawnWork): readonly DrawnWork[] {
  return Array.from({ length: count }, (_, at) => draw((at * 7) % 5, at));
}
