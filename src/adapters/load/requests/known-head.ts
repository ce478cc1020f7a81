// Replies to one step mostly have the very same head for a second at a time, until their Date changes: what was read once need not be read again.

/** Longer heads are read each time. */
const MOST_BYTES = 1024;
/** A head that never comes twice costs next to nothing: only every so many misses it is kept. */
const KEEP_EVERY = 8;

/** What the head of a reply said that matters for its framing. */
export interface HeadMeaning {
  readonly status: number;
  readonly minorVersion: number;
  readonly contentLength: number;
  readonly transferEncoding: boolean;
  readonly chunked: boolean;
  readonly connectionClose: boolean;
  readonly connectionKeepAlive: boolean;
  readonly keepAliveSeconds: number;
}

/** One for each step: the bytes of a reply's head, status line to empty line, and what they say. */
export class KnownHead {
  /** Bytes of the head. */
  length = 0;
  #meaning: HeadMeaning | undefined;
  readonly #bytes: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(MOST_BYTES));
  #misses = 0;
  #viewed: Uint8Array | undefined;
  #view: DataView = this.#bytes;

  /** What it says, if the piece [from, end) begins with this head. */
  meaningAt(bytes: Uint8Array, from: number, end: number): HeadMeaning | undefined {
    const { length } = this;
    if (end - from < length) return undefined;
    const view = this.#viewOf(bytes);
    const known = this.#bytes;
    const words = length - 3;
    let at = 0;
    for (; at < words; at += 4) if (view.getInt32(from + at) !== known.getInt32(at)) return undefined;
    for (; at < length; at += 1) if (bytes[from + at] !== known.getUint8(at)) return undefined;
    return this.#meaning;
  }

  /** Told of a head of so many bytes that was not this one: whether it is to be learned. */
  isWorthKeeping(length: number): boolean {
    this.#misses += 1;
    return length <= MOST_BYTES && this.#misses % KEEP_EVERY === 1;
  }

  /** The head in [from, to), at most 1 KiB, takes the place of the one before. */
  learn(bytes: Uint8Array, from: number, to: number, meaning: HeadMeaning): void {
    this.length = to - from;
    this.#meaning = meaning;
    new Uint8Array(this.#bytes.buffer).set(bytes.subarray(from, to));
  }

  /** The connections of a thread read into one buffer: its view is made once. */
  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }
}
