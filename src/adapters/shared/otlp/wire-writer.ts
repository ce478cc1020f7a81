// Writes Protobuf's wire format into one growing buffer.

/** Grows by doubling; `bytes()` gives what was written so far. */
export class WireWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(capacity = 1024) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** A copy of everything written. */
  bytes(): Buffer {
    return Buffer.from(this.written());
  }

  /** Everything written, as it lies in the writer: good until the next write or reset. */
  written(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  reset(): void {
    this.at = 0;
  }

  /** An unsigned integer below 2^53. */
  varint(value: number): void {
    this.room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  /** A signed 64-bit integer: two's complement in ten bytes when negative. */
  int64(value: bigint): void {
    this.room(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.buffer[this.at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.at++] = Number(rest);
  }

  fixed64(value: bigint): void {
    this.room(8);
    this.at = this.buffer.writeBigUInt64LE(value, this.at);
  }

  double(value: number): void {
    this.room(8);
    this.at = this.buffer.writeDoubleLE(value, this.at);
  }

  tag(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.tag(field, 2);
    this.varint(length);
    this.room(length);
    this.at += this.buffer.write(value, this.at, 'utf8');
  }

  /** A bytes field given as hex. */
  hex(field: number, value: string): void {
    this.tag(field, 2);
    this.varint(value.length / 2);
    this.room(value.length / 2);
    this.at += this.buffer.write(value, this.at, 'hex');
  }

  /** A message field whose content `write` writes. Its length is not known before: one byte is kept free, and the content moved when that is too few. */
  message(field: number, write: () => void): void {
    this.tag(field, 2);
    this.room(1);
    const start = this.at + 1;
    this.at = start;
    write();
    const length = this.at - start;
    const extra = length < 0x80 ? 0 : length < 0x4000 ? 1 : length < 0x200000 ? 2 : length < 0x10000000 ? 3 : 4;
    // Room for the length is made before going back: growing keeps only what lies before the cursor.
    this.room(extra + 10);
    if (extra > 0) this.buffer.copyWithin(start + extra, start, this.at);
    this.at = start - 1;
    this.varint(length);
    this.at += length;
  }

  private room(count: number): void {
    if (this.at + count <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + count));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}
