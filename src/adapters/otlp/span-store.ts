// The receiver's bounded memory: spans by trace, the run's own traces kept longest.
import type { SpanRecord } from '../../core/model/trace-set.ts';
import { readWireSpan } from '../shared/otlp/read-wire-span.ts';
import { Wire } from '../shared/otlp/wire.ts';
import { ResourceTable } from './resource-table.ts';
import { SpanSegments } from './span-segments.ts';

export interface SpanStoreLimits {
  readonly maxSpans: number;
  readonly maxBytes: number;
  readonly maxSpansPerTrace: number;
}

export interface SpanStoreCounts {
  readonly heldSpans: number;
  readonly heldTraces: number;
  readonly heldBytes: number;
  readonly evictedSpans: number;
  readonly evictedTraces: number;
}

/** Why a span was not taken: no memory is left for traces of others, or its trace has all the spans that one may have. */
export type StoreRefusal = 'memory' | 'trace-too-large';

/** The addresses of a trace's spans, in order of arrival. */
type HeldTrace = number[];

/** Traces of one kind: insertion order of the map is order of first arrival. */
interface Shelf {
  readonly traces: Map<string, HeldTrace>;
  readonly segments: SpanSegments;
}

/**
 * Holds at most `maxSpans` spans and about `maxBytes` bytes. When full, whole traces go, oldest arrival first: those of others before those whose id begins
 * with the run's prefix. A trace of others never drives out one of the run. Two shelves keep the buffers of both kinds apart, so that dropped traces give memory back.
 */
export class SpanStore {
  private readonly limits: SpanStoreLimits;
  private readonly own: Shelf = newShelf();
  private readonly others: Shelf = newShelf();
  private readonly resources = new ResourceTable();
  private prefix: string | undefined;
  private heldSpans = 0;
  private evictedSpans = 0;
  private evictedTraces = 0;

  constructor(limits: SpanStoreLimits, traceIdPrefix: string | undefined) {
    this.limits = limits;
    this.prefix = traceIdPrefix;
  }

  /** Traces that begin with `traceIdPrefix` are the run's from now on; what is held already stays where it is. */
  prefer(traceIdPrefix: string): void {
    this.prefix = traceIdPrefix;
  }

  /** The number of the resource whose Protobuf lies at `from` to `to`, valid until `closeResource`. */
  openResource(bytes: Buffer, from: number, to: number): number {
    return this.resources.open(bytes, from, to);
  }

  closeResource(number: number): void {
    this.resources.release(number);
  }

  /** Copies a checked span. Undefined when it was taken. */
  add(traceId: string, bytes: Buffer, from: number, to: number, resource: number): StoreRefusal | undefined {
    const isOwn = this.prefix === undefined || traceId.startsWith(this.prefix);
    const shelf = this.others.traces.has(traceId) || !isOwn ? this.others : this.own;
    const known = shelf.traces.get(traceId);
    if (known !== undefined && known.length >= this.limits.maxSpansPerTrace) return 'trace-too-large';
    if (!this.makeRoom(shelf, traceId)) return 'memory';
    this.resources.hold(resource);
    const address = shelf.segments.add(bytes, from, to, resource);
    const trace = shelf.traces.get(traceId);
    if (trace === undefined) shelf.traces.set(traceId, [address]);
    else trace.push(address);
    this.heldSpans += 1;
    return undefined;
  }

  /** The trace's spans in order of arrival; empty when it is not held. */
  spansOf(traceId: string): readonly SpanRecord[] {
    for (const { traces, segments } of [this.own, this.others]) {
      const trace = traces.get(traceId);
      if (trace !== undefined) return trace.flatMap((address) => this.spanAt(segments, address));
    }
    return [];
  }

  /** Ids of all held traces, latest arrival first, the run's own before others. */
  traceIds(): readonly string[] {
    return [...[...this.own.traces.keys()].reverse(), ...[...this.others.traces.keys()].reverse()];
  }

  counts(): SpanStoreCounts {
    return {
      heldSpans: this.heldSpans,
      heldTraces: this.own.traces.size + this.others.traces.size,
      heldBytes: this.own.segments.bytes + this.others.segments.bytes,
      evictedSpans: this.evictedSpans,
      evictedTraces: this.evictedTraces,
    };
  }

  private spanAt(segments: SpanSegments, address: number): readonly SpanRecord[] {
    const { bytes, from, to, resource } = segments.read(address);
    const wire = new Wire(bytes);
    wire.at = from;
    const span = readWireSpan(wire, to, this.resources.attributes(resource));
    return typeof span === 'string' ? [] : [span];
  }

  /** Drops traces until one more span fits; false when only traces worth more than the newcomer are left. */
  private makeRoom(shelf: Shelf, traceId: string): boolean {
    while (this.isFull()) {
      const victim = [this.others, ...(shelf === this.own ? [this.own] : [])].find((each) => hasOther(each, traceId));
      if (victim === undefined) return false;
      this.evictOldest(victim, traceId);
    }
    return true;
  }

  private isFull(): boolean {
    const bytes = this.own.segments.bytes + this.others.segments.bytes;
    return this.heldSpans > 0 && (this.heldSpans >= this.limits.maxSpans || bytes >= this.limits.maxBytes);
  }

  private evictOldest(shelf: Shelf, keep: string): void {
    for (const [traceId, trace] of shelf.traces) {
      if (traceId === keep) continue;
      for (const address of trace) this.resources.release(shelf.segments.drop(address));
      shelf.traces.delete(traceId);
      this.heldSpans -= trace.length;
      this.evictedSpans += trace.length;
      this.evictedTraces += 1;
      return;
    }
  }
}

function newShelf(): Shelf {
  return { traces: new Map(), segments: new SpanSegments() };
}

/** Whether the shelf has a trace beside `traceId`. */
function hasOther({ traces }: Shelf, traceId: string): boolean {
  return traces.size > (traces.has(traceId) ? 1 : 0);
}
