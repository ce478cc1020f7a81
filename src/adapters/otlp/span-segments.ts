// Spans as they came, side by side in large buffers: half the memory of objects, and nothing for the garbage collector to walk.

/** Room of one buffer. A span larger than that gets a buffer of its own. */
const segmentBytes = 1 << 18;
/** Before each span: its resource's number and its length. */
const headerBytes = 8;

interface Segment {
  readonly bytes: Buffer;
  used: number;
  live: number;
}

/** Where one span lies. */
export interface StoredSpan {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly resource: number;
}

/** Grows by buffers; a buffer is given back when its last span is dropped, so drop spans roughly in the order in which they were added. */
export class SpanSegments {
  private readonly segments = new Map<number, Segment>();
  private newest = -1;
  private heldBytes = 0;

  get bytes(): number {
    return this.heldBytes;
  }

  /** Copies a span and returns its address, to be given to `read` and `drop`. */
  add(source: Buffer, from: number, to: number, resource: number): number {
    const length = to - from;
    const segment = this.segmentFor(headerBytes + length);
    const at = segment.used;
    segment.bytes.writeUInt32LE(resource, at);
    segment.bytes.writeUInt32LE(length, at + 4);
    source.copy(segment.bytes, at + headerBytes, from, to);
    segment.used = at + headerBytes + length;
    segment.live += 1;
    return this.newest * segmentBytes + at;
  }

  read(address: number): StoredSpan {
    const { bytes } = this.segmentOf(address);
    const at = address % segmentBytes;
    const from = at + headerBytes;
    return { bytes, from, to: from + bytes.readUInt32LE(at + 4), resource: bytes.readUInt32LE(at) };
  }

  /** Returns the number of the dropped span's resource. */
  drop(address: number): number {
    const segment = this.segmentOf(address);
    segment.live -= 1;
    const resource = segment.bytes.readUInt32LE(address % segmentBytes);
    const number = Math.floor(address / segmentBytes);
    if (segment.live === 0 && number !== this.newest) this.forget(number, segment);
    return resource;
  }

  private segmentOf(address: number): Segment {
    const segment = this.segments.get(Math.floor(address / segmentBytes));
    if (segment === undefined) throw new Error(`no span at ${address}`);
    return segment;
  }

  private segmentFor(size: number): Segment {
    const current = this.segments.get(this.newest);
    if (current !== undefined && current.used + size <= current.bytes.length) return current;
    if (current !== undefined && current.live === 0) this.forget(this.newest, current);
    const made: Segment = { bytes: Buffer.allocUnsafeSlow(Math.max(segmentBytes, size)), used: 0, live: 0 };
    this.newest += 1;
    this.segments.set(this.newest, made);
    this.heldBytes += made.bytes.length;
    return made;
  }

  private forget(number: number, segment: Segment): void {
    this.segments.delete(number);
    this.heldBytes -= segment.bytes.length;
  }
}
