// What each service cost each request: milliseconds on the request's own critical path.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/** Sparse rows: the entries of row r (the r-th of the traces asked for) are first[r] .. first[r + 1] - 1. */
export interface TraceCosts {
  readonly first: Uint32Array;
  /** Index into PreparedTraces.services. */
  readonly service: Uint32Array;
  /** Path time of the service's own spans. */
  readonly ownMs: Float64Array;
  /** Path time of calls to it that its own spans do not cover: network, queues, or all of an uninstrumented callee. */
  readonly gapMs: Float64Array;
  /** Per row: duration of the entry span. */
  readonly durationMs: Float64Array;
}

/** Only the entry's own path counts: orphans and message consumers are not what the request waited for. Linear in the spans of `traces`. */
export function traceCosts(prepared: PreparedTraces, traces: Uint32Array): TraceCosts {
  const { set, entry, root, pathNs, payer, service: recordedBy, services } = prepared;
  const first = new Uint32Array(traces.length + 1);
  const durationMs = new Float64Array(traces.length);
  const service: number[] = [];
  const ownMs: number[] = [];
  const gapMs: number[] = [];
  const own = new Float64Array(services.length);
  const gap = new Float64Array(services.length);
  const touched: number[] = [];
  traces.forEach((trace, row) => {
    const top = entry[trace] ?? -1;
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const time = pathNs[span] ?? 0;
      if (time === 0 || root[span] !== top) continue;
      const payedBy = payer[span] ?? 0;
      if (own[payedBy] === 0 && gap[payedBy] === 0) touched.push(payedBy);
      const part = payedBy === recordedBy[span] ? own : gap;
      part[payedBy] = (part[payedBy] ?? 0) + time / 1e6;
    }
    for (const each of touched) {
      service.push(each);
      ownMs.push(own[each] ?? 0);
      gapMs.push(gap[each] ?? 0);
      own[each] = 0;
      gap[each] = 0;
    }
    touched.length = 0;
    first[row + 1] = service.length;
    durationMs[row] = top < 0 ? 0 : ((prepared.end[top] ?? 0) - (prepared.start[top] ?? 0)) / 1e6;
  });
  return {
    first,
    service: Uint32Array.from(service),
    ownMs: Float64Array.from(ownMs),
    gapMs: Float64Array.from(gapMs),
    durationMs,
  };
}
