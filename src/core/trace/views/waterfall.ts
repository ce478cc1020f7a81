// One trace as a report draws it, with its critical path marked.
import type { Waterfall, WaterfallSpan } from '../../model/run.ts';
import { nameOf, serviceOf, spanIdOf } from '../../model/span-view.ts';
import { spanStatus } from '../../model/trace-set.ts';
import { criticalPaths, type PathInput } from '../prepare/critical-path.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { tellingAttributes } from './telling-attributes.ts';

/**
 * The trace's spans in order of drawing (depth first), at most `limit`. Of more, those on the critical path and their ancestors stay first, then the
 * longest. Milliseconds from the trace's first span; `critical` stretches ascend. Orphans stand at depth 0. Linear in the trace's spans.
 */
export function waterfall(prepared: PreparedTraces, trace: number, role: Waterfall['role'], limit = 500): Waterfall {
  const { set, order } = prepared;
  const from = set.firstSpan[trace] ?? 0;
  const to = set.firstSpan[trace + 1] ?? from;
  const critical = criticalStretches(prepared, trace);
  const kept = to - from <= limit ? undefined : keptSpans(prepared, trace, critical, limit);
  const spans: WaterfallSpan[] = [];
  let origin = 0;
  for (let span = from; span < to; span += 1) origin = Math.min(origin, prepared.start[span] ?? 0);
  const depths = new Map<number, number>();
  for (let at = from; at < to; at += 1) {
    const span = order[at] ?? 0;
    const above = prepared.parent[span] ?? -1;
    const depth = above < 0 ? 0 : (depths.get(above) ?? 0) + 1;
    depths.set(span, depth);
    if (kept !== undefined && !kept.has(span)) continue;
    const attributes = tellingAttributes(set, span);
    spans.push({
      spanId: spanIdOf(set, span),
      ...(above < 0 ? {} : { parentSpanId: spanIdOf(set, above) }),
      depth,
      service: serviceOf(set, span),
      name: nameOf(set, span),
      kind: set.kind[span] ?? 0,
      isError: set.status[span] === spanStatus.error,
      startMs: ((prepared.start[span] ?? 0) - origin) / 1e6,
      endMs: ((prepared.end[span] ?? 0) - origin) / 1e6,
      critical: (critical.get(span) ?? []).map(([start, end]) => [(start - origin) / 1e6, (end - origin) / 1e6]),
      ...(attributes === undefined ? {} : { attributes }),
    });
  }
  const entry = prepared.entry[trace] ?? -1;
  const durationMs =
    entry < 0
      ? Math.max(0, ...spans.map((span) => span.endMs))
      : ((prepared.end[entry] ?? 0) - (prepared.start[entry] ?? 0)) / 1e6;
  return { traceId: set.traceIds[trace] ?? '', role, durationMs, spans };
}

type Stretch = readonly [number, number];

function criticalStretches(prepared: PreparedTraces, trace: number): ReadonlyMap<number, readonly Stretch[]> {
  const stretches = new Map<number, Stretch[]>();
  const entry = prepared.entry[trace] ?? -1;
  if (entry < 0) return stretches;
  criticalPaths(onlyTrace(prepared, trace), { overlapTolerance: 0.01 }).walk(entry, (span, from, to) => {
    const known = stretches.get(span);
    if (known === undefined) stretches.set(span, [[from, to]]);
    else known.unshift([from, to]);
  });
  return stretches;
}

/** The path walk prepares every span in `order`; one trace's part is enough here. */
function onlyTrace({ set, path }: PreparedTraces, trace: number): PathInput {
  return { ...path, order: path.order.subarray(set.firstSpan[trace], set.firstSpan[trace + 1]) };
}

function keptSpans(
  prepared: PreparedTraces,
  trace: number,
  critical: ReadonlyMap<number, readonly Stretch[]>,
  limit: number,
): ReadonlySet<number> {
  const { firstSpan } = prepared.set;
  const spans = Array.from(
    { length: (firstSpan[trace + 1] ?? 0) - (firstSpan[trace] ?? 0) },
    (_, at) => (firstSpan[trace] ?? 0) + at,
  );
  const durationNs = (span: number): number => (prepared.end[span] ?? 0) - (prepared.start[span] ?? 0);
  const pathNs = (span: number): number => (critical.has(span) ? (prepared.pathNs[span] ?? 0) : -1);
  spans.sort((a, b) => pathNs(b) - pathNs(a) || durationNs(b) - durationNs(a) || a - b);
  const kept = new Set<number>();
  for (const span of spans) {
    const chain: number[] = [];
    for (let at = span; at >= 0 && !kept.has(at) && chain.length <= limit; at = prepared.parent[at] ?? -1)
      chain.push(at);
    if (kept.size + chain.length <= limit) for (const each of chain) kept.add(each);
    if (kept.size >= limit) break;
  }
  return kept;
}
