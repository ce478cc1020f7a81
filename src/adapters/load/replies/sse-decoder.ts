// Splits a body of server-sent events into the data of its events, however the body is cut (HTML standard, 9.2.6).

const LF = 10;
const CR = 13;
/** Longest line kept; a longer one is cut there, since no token is that long. */
const MAX_LINE = 1024 * 1024;

export class SseDecoder {
  readonly #onData: (data: string) => void;
  #line: Buffer[] = [];
  #lineLength = 0;
  #data: string[] = [];
  #endedWithCr = false;
  #isFirstLine = true;

  /** `onData` gets the joined `data` lines of each event that has any. */
  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  reset(): void {
    this.#line = [];
    this.#lineLength = 0;
    this.#data = [];
    this.#endedWithCr = false;
    this.#isFirstLine = true;
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    let start = from;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) continue;
      // The LF of a CR LF that began in the piece before, or one byte ago.
      if (byte === LF && this.#endedWithCr && at === start && this.#lineLength === 0) {
        this.#endedWithCr = false;
        start = at + 1;
        continue;
      }
      this.#keep(bytes, start, at);
      this.#endedWithCr = byte === CR;
      start = at + 1;
      this.#endLine();
    }
    if (start < to) {
      this.#keep(bytes, start, to);
      this.#endedWithCr = false;
    }
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const room = Math.min(to - from, MAX_LINE - this.#lineLength);
    if (room <= 0) return;
    this.#line.push(Buffer.from(bytes.subarray(from, from + room)));
    this.#lineLength += room;
  }

  #endLine(): void {
    const text = Buffer.concat(this.#line).toString('utf8');
    // A stream may begin with a byte order mark, which belongs to no line.
    const line = this.#isFirstLine && text.startsWith('\ufeff') ? text.slice(1) : text;
    this.#isFirstLine = false;
    this.#line = [];
    this.#lineLength = 0;
    if (line === '') {
      if (this.#data.length > 0) this.#onData(this.#data.join('\n'));
      this.#data = [];
    } else if (line.startsWith('data:')) this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    else if (line === 'data') this.#data.push('');
  }
}
