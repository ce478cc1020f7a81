// A cursor over Protobuf's wire format: tags, varints, lengths, skipping. Every step is checked against the bytes that are there.
import { wireText } from './wire-text.ts';

/** Thrown by the cursor when bytes are not Protobuf; caught at the edge of each reader and turned into a value. */
export class WireFault extends Error {}

/** Wire types as the low three bits of a tag. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

const maxGroupDepth = 32;

/** Reads forward from `at`; a message is read up to the end that its length gave. Nothing is copied but text. */
export class Wire {
  readonly bytes: Buffer;
  readonly view: DataView;
  at: number;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  /** Field number * 8 + wire type. */
  tag(end: number): number {
    const tag = this.uint32(end);
    if (tag < 8) throw new WireFault(`field number 0 at byte ${this.at}`);
    return tag;
  }

  /** An unsigned varint of at most 32 bits: tags, lengths, enums. Higher bits are read and dropped. */
  uint32(end: number): number {
    const bytes = this.bytes;
    let at = this.at;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new WireFault(`a number is cut off at byte ${at}`);
      const byte = bytes[at] as number;
      at += 1;
      if (shift < 35) value |= shift < 32 ? (byte & 0x7f) << shift : 0;
      if (byte < 0x80) {
        this.at = at;
        return value >>> 0;
      }
    }
    throw new WireFault(`a number of more than 10 bytes at byte ${this.at}`);
  }

  /** A signed 64-bit varint; beyond 2^53 it comes as decimal text, so that it stays exact. */
  int64(end: number): number | string {
    const from = this.at;
    let value = 0;
    let factor = 1;
    // Seven bytes hold 49 bits, which a number does exactly; only large and negative values take the long way.
    for (let at = from; at < end && at < from + 7; at += 1) {
      const byte = this.bytes[at] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.at = at + 1;
        return value;
      }
      factor *= 128;
    }
    return this.longInt64(end);
  }

  private longInt64(end: number): number | string {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= end) throw new WireFault(`a number is cut off at byte ${this.at}`);
      const byte = this.bytes[this.at] as number;
      this.at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const signed = BigInt.asIntN(64, value);
        const number = Number(signed);
        return Number.isSafeInteger(number) ? number : signed.toString();
      }
    }
    throw new WireFault(`a number of more than 10 bytes at byte ${this.at}`);
  }

  fixed64(end: number): bigint {
    const at = this.take(8, end);
    return this.view.getBigUint64(at, true);
  }

  double(end: number): number {
    const at = this.take(8, end);
    return this.view.getFloat64(at, true);
  }

  /** Reads a length and gives the end of what it covers; the cursor then stands at its first byte. */
  messageEnd(end: number): number {
    const length = this.uint32(end);
    if (length > end - this.at)
      throw new WireFault(`a field of ${length} bytes at byte ${this.at} reaches past the end`);
    return this.at + length;
  }

  text(end: number): string {
    const to = this.messageEnd(end);
    const text = wireText(this.bytes, this.at, to);
    this.at = to;
    return text;
  }

  /** Lower-case hex of a bytes field; empty for an empty field. */
  hex(end: number): string {
    const to = this.messageEnd(end);
    const text = this.bytes.toString('hex', this.at, to);
    this.at = to;
    return text;
  }

  /** Steps over the content of a field whose tag was just read. */
  skip(tag: number, end: number): void {
    let depth = 0;
    let next = tag;
    for (;;) {
      switch (next & 7) {
        case wireType.varint:
          this.uint32(end);
          break;
        case wireType.fixed64:
          this.take(8, end);
          break;
        case wireType.bytes:
          this.at = this.messageEnd(end);
          break;
        case wireType.fixed32:
          this.take(4, end);
          break;
        case wireType.groupStart:
          depth += 1;
          if (depth > maxGroupDepth)
            throw new WireFault(`groups nested deeper than ${maxGroupDepth} at byte ${this.at}`);
          break;
        case wireType.groupEnd:
          depth -= 1;
          if (depth < 0) throw new WireFault(`a group ends that never began at byte ${this.at}`);
          break;
        default:
          throw new WireFault(`wire type ${next & 7} does not exist, at byte ${this.at}`);
      }
      if (depth === 0) return;
      next = this.tag(end);
    }
  }

  private take(count: number, end: number): number {
    const at = this.at;
    if (count > end - at) throw new WireFault(`a field is cut off at byte ${at}`);
    this.at = at + count;
    return at;
  }
}
