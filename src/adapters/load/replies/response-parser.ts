// Reads HTTP/1.x responses from whatever pieces the socket delivers, and finds where each ends (RFC 9112, section 6).
//
// Line by line: a line that lies whole in the piece is read in place, a line cut by the end of a piece is put together in `carry`.
// Strict where laxness would let the framing drift: every refusal closes the connection.
import type { HeadMeaning, KnownHead } from '../requests/known-head.ts';

const CR = 13;
const LF = 10;
const TAB = 9;
const COLON = 58;
const COMMA = 44;
const EQUALS = 61;

/** `status` and `headers` follow each other for interim (1xx) replies; `done` and `failed` are final until `begin`. */
const STATUS_LINE = 0;
const HEADER_LINE = 1;
const BODY_LENGTH = 2;
const BODY_UNTIL_CLOSE = 3;
const CHUNK_SIZE = 4;
const CHUNK_DATA = 5;
const CHUNK_END = 6;
const TRAILER_LINE = 7;
const DONE = 8;
const FAILED = 9;

/** Largest head of a reply, in bytes; larger is refused. */
export const MAX_HEAD_BYTES: number = 64 * 1024;

// tchar of RFC 9110.
const IS_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  IS_TOKEN[char.charCodeAt(0)] = 1;
}

// What may stand in a field value: HTAB, SP, visible characters and bytes above 127.
const IS_TEXT = new Uint8Array(256)
  .fill(1, 32)
  .fill(0, 127, 128)
  .fill(1, TAB, TAB + 1);

/** Receives the pieces of a body. The bytes are only valid during the call. */
export interface BodySink {
  readonly write: (bytes: Uint8Array, from: number, to: number) => void;
}

export class ResponseParser {
  status = 0;
  /** Whether the connection may carry another request after this reply. */
  keepAlive = false;
  /** Seconds of `Keep-Alive: timeout=`; -1 when the reply names none. */
  keepAliveSeconds = -1;
  /** Body bytes so far, without framing. */
  bodyBytes = 0;
  /** Name and value in turn, names in lower case; filled when `begin` was told to keep them. */
  headers: string[] = [];
  /** What is wrong with the reply, once `failed`. */
  problem = '';
  /** Whether the head was larger than allowed. */
  tooLarge = false;

  #state = DONE;
  #sink: BodySink | undefined;
  #known: KnownHead | undefined;
  #isHead = false;
  #interim = false;
  #keepHeaders = false;
  #headBytes = 0;
  #contentLength = -1;
  #transferEncoding = false;
  #chunked = false;
  #minorVersion = 1;
  #connectionClose = false;
  #connectionKeepAlive = false;
  #remaining = 0;
  #carry: Buffer = Buffer.alloc(0);
  #carried = 0;

  get done(): boolean {
    return this.#state === DONE;
  }

  get failed(): boolean {
    return this.#state === FAILED;
  }

  /** Whether any byte of the reply has arrived. */
  get started(): boolean {
    return this.#state !== STATUS_LINE || this.#carried > 0 || this.#headBytes > 0;
  }

  /** Whether nothing of a reply has arrived since the last interim one ended. */
  get betweenReplies(): boolean {
    return this.#state === STATUS_LINE && this.#carried === 0;
  }

  /** Whether an interim reply has ended since this was last asked. */
  tookInterim(): boolean {
    const took = this.#interim;
    this.#interim = false;
    return took;
  }

  /** Expects a new reply; `isHead`: to a HEAD request, which never has a body; `known`: a head that it may have again (of no use when headers are kept). */
  begin(isHead: boolean, keepHeaders: boolean, sink: BodySink | undefined, known?: KnownHead): void {
    this.#isHead = isHead;
    this.#interim = false;
    this.#keepHeaders = keepHeaders;
    this.#sink = sink;
    this.#known = keepHeaders ? undefined : known;
    this.bodyBytes = 0;
    this.keepAliveSeconds = -1;
    this.#carried = 0;
    this.#headBytes = 0;
    if (keepHeaders) this.headers = [];
    this.#beginHead();
  }

  #beginHead(): void {
    this.#state = STATUS_LINE;
    this.#contentLength = -1;
    this.#transferEncoding = false;
    this.#chunked = false;
    this.#connectionClose = false;
    this.#connectionKeepAlive = false;
  }

  /** Reads `bytes` from `from` up to `end`; returns where it stopped: `end`, or earlier when the reply was complete (or refused) there. */
  execute(bytes: Uint8Array, from: number, end: number): number {
    let at =
      this.#known !== undefined && this.#state === STATUS_LINE ? this.#takeHead(this.#known, bytes, from, end) : from;
    while (at < end) {
      switch (this.#state) {
        case BODY_LENGTH:
        case CHUNK_DATA:
          at = this.#takeBody(bytes, at, end);
          break;
        case BODY_UNTIL_CLOSE:
          this.#emit(bytes, at, end);
          return end;
        case DONE:
        case FAILED:
          return at;
        default:
          at = this.#takeLine(bytes, at, end);
      }
    }
    return at;
  }

  /** A whole head at the beginning of a piece, known or to be known; returns the offset behind what it took. */
  #takeHead(known: KnownHead, bytes: Uint8Array, from: number, end: number): number {
    if (this.#headBytes > 0) return from;
    const meaning = known.meaningAt(bytes, from, end);
    if (meaning !== undefined) {
      this.#recall(meaning, known.length);
      return from + known.length;
    }
    let at = from;
    do at = this.#takeLine(bytes, at, end);
    while (at < end && this.#state === HEADER_LINE);
    const isWhole = this.#state !== HEADER_LINE && this.#state !== STATUS_LINE && this.#state !== FAILED;
    if (isWhole && known.isWorthKeeping(at - from)) known.learn(bytes, from, at, this.#meaning());
    return at;
  }

  #recall(meaning: HeadMeaning, length: number): void {
    this.status = meaning.status;
    this.keepAliveSeconds = meaning.keepAliveSeconds;
    this.#minorVersion = meaning.minorVersion;
    this.#contentLength = meaning.contentLength;
    this.#transferEncoding = meaning.transferEncoding;
    this.#chunked = meaning.chunked;
    this.#connectionClose = meaning.connectionClose;
    this.#connectionKeepAlive = meaning.connectionKeepAlive;
    this.#headBytes = length;
    this.#endHead();
  }

  #meaning(): HeadMeaning {
    return {
      status: this.status,
      keepAliveSeconds: this.keepAliveSeconds,
      minorVersion: this.#minorVersion,
      contentLength: this.#contentLength,
      transferEncoding: this.#transferEncoding,
      chunked: this.#chunked,
      connectionClose: this.#connectionClose,
      connectionKeepAlive: this.#connectionKeepAlive,
    };
  }

  /** The peer closed: a body that runs until then is complete, anything else is cut short. */
  finish(): void {
    if (this.#state === BODY_UNTIL_CLOSE) this.#state = DONE;
    else if (this.#state !== DONE) this.#refuse('the connection was closed in the middle of the reply');
  }

  #takeBody(bytes: Uint8Array, from: number, end: number): number {
    const to = Math.min(end, from + this.#remaining);
    this.#emit(bytes, from, to);
    this.#remaining -= to - from;
    if (this.#remaining === 0) this.#state = this.#state === CHUNK_DATA ? CHUNK_END : DONE;
    return to;
  }

  #emit(bytes: Uint8Array, from: number, to: number): void {
    this.bodyBytes += to - from;
    this.#sink?.write(bytes, from, to);
  }

  /** Takes one line up to its LF, or carries what there is of it. */
  #takeLine(bytes: Uint8Array, from: number, end: number): number {
    if (this.#state === HEADER_LINE && this.#carried === 0) {
      const next = this.#takeHeader(bytes, from, end);
      if (next > 0) return next;
    }
    let at = from;
    while (at < end && bytes[at] !== LF) at += 1;
    const taken = at < end ? at + 1 - from : end - from;
    this.#headBytes += taken;
    if (this.#headBytes > MAX_HEAD_BYTES) {
      this.tooLarge = true;
      this.#refuse(`the head of the reply is larger than ${MAX_HEAD_BYTES} bytes`);
      return from + taken;
    }
    if (at === end) {
      this.#keep(bytes, from, end);
      return end;
    }
    if (this.#carried === 0) this.#readLine(bytes, from, at);
    else {
      this.#keep(bytes, from, at);
      const length = this.#carried;
      this.#carried = 0;
      this.#readLine(this.#carry, 0, length);
    }
    return at + 1;
  }

  /**
   * The common case in one pass: a header line that lies whole and well-formed in the piece. Returns the offset behind it; 0 when it is not that
   * simple, and nothing has happened.
   */
  #takeHeader(bytes: Uint8Array, from: number, end: number): number {
    let colon = from;
    while (colon < end && IS_TOKEN[bytes[colon] as number] === 1) colon += 1;
    if (colon === from || colon >= end || bytes[colon] !== COLON) return 0;
    let to = colon + 1;
    while (to < end && IS_TEXT[bytes[to] as number] === 1) to += 1;
    if (to + 1 >= end || bytes[to] !== CR || bytes[to + 1] !== LF) return 0;
    const next = to + 2;
    if (this.#headBytes + next - from > MAX_HEAD_BYTES) return 0;
    this.#headBytes += next - from;
    this.#useHeader(bytes, from, colon, to);
    return next;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#carried + to - from;
    if (this.#carry.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(256, needed * 2));
      this.#carry.copy(larger, 0, 0, this.#carried);
      this.#carry = larger;
    }
    this.#carry.set(bytes.subarray(from, to), this.#carried);
    this.#carried = needed;
  }

  /** One line in [from, lf), its CR still on. */
  #readLine(bytes: Uint8Array, from: number, lf: number): void {
    const to = lf - 1;
    if (to < from || bytes[to] !== CR) {
      this.#refuse('a line of the reply does not end in CR LF');
      return;
    }
    switch (this.#state) {
      case STATUS_LINE: {
        this.#readStatusLine(bytes, from, to);
        return;
      }
      case HEADER_LINE: {
        to === from ? this.#endHead() : this.#readHeader(bytes, from, to);
        return;
      }
      case CHUNK_SIZE: {
        this.#readChunkSize(bytes, from, to);
        return;
      }
      case CHUNK_END:
        if (to !== from) {
          this.#refuse('a chunk is longer than its announced size');
          return;
        }
        this.#state = CHUNK_SIZE;
        return;
      default:
        if (to === from) this.#state = DONE;
        else this.#colonOf(bytes, from, to);
    }
  }

  /** `HTTP/1.1 200 OK` */
  #readStatusLine(bytes: Uint8Array, from: number, to: number): void {
    // Old servers send an empty line too many.
    if (to === from) return;
    // "HTTP/1."
    const isHttp1 =
      bytes[from] === 72 &&
      bytes[from + 1] === 84 &&
      bytes[from + 2] === 84 &&
      bytes[from + 3] === 80 &&
      bytes[from + 4] === 47 &&
      bytes[from + 5] === 49 &&
      bytes[from + 6] === 46 &&
      bytes[from + 8] === 32;
    const minor = (bytes[from + 7] as number) - 48;
    if (!isHttp1 || to < from + 12 || (minor !== 0 && minor !== 1)) {
      this.#refuse('the reply does not start with HTTP/1.0 or HTTP/1.1');
      return;
    }
    const hundreds = (bytes[from + 9] as number) - 48;
    const tens = (bytes[from + 10] as number) - 48;
    const ones = (bytes[from + 11] as number) - 48;
    const isStatus = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
    if (!isStatus || (to > from + 12 && bytes[from + 12] !== 32)) {
      this.#refuse('the status line of the reply has no three-digit status');
      return;
    }
    for (let at = from + 12; at < to; at += 1) {
      if (bytes[at] !== CR) continue;
      this.#refuse('the status line of the reply has a CR without LF');
      return;
    }
    this.#minorVersion = minor;
    this.status = hundreds * 100 + tens * 10 + ones;
    this.#state = HEADER_LINE;
  }

  #readHeader(bytes: Uint8Array, from: number, to: number): void {
    const colon = this.#colonOf(bytes, from, to);
    if (colon >= 0) this.#useHeader(bytes, from, colon, to);
  }

  #useHeader(bytes: Uint8Array, from: number, colon: number, to: number): void {
    const length = colon - from;
    if (!this.#keepHeaders && length !== 14 && length !== 17 && length !== 10) return;
    let start = colon + 1;
    let stop = to;
    while (start < stop && (bytes[start] === 32 || bytes[start] === TAB)) start += 1;
    while (stop > start && (bytes[stop - 1] === 32 || bytes[stop - 1] === TAB)) stop -= 1;
    if (this.#keepHeaders) this.headers.push(text(bytes, from, colon).toLowerCase(), text(bytes, start, stop));
    if (length === 14 && is(bytes, from, 'content-length')) this.#readContentLength(bytes, start, stop);
    else if (length === 17 && is(bytes, from, 'transfer-encoding')) this.#readTransferEncoding(bytes, start, stop);
    else if (length === 10 && is(bytes, from, 'connection')) this.#readConnection(bytes, start, stop);
    else if (length === 10 && is(bytes, from, 'keep-alive')) this.#readKeepAlive(bytes, start, stop);
  }

  /** Offset of the colon after a valid field name and before a valid value; -1 after a refusal. */
  #colonOf(bytes: Uint8Array, from: number, to: number): number {
    let colon = from;
    while (colon < to && IS_TOKEN[bytes[colon] as number] === 1) colon += 1;
    if (colon === from || colon === to || bytes[colon] !== COLON) {
      this.#refuse('a header line of the reply has no valid name');
      return -1;
    }
    if (isPlainText(bytes, colon + 1, to)) return colon;
    this.#refuse('a header of the reply has a control character');
    return -1;
  }

  #readContentLength(bytes: Uint8Array, from: number, to: number): void {
    if (this.#contentLength >= 0) {
      this.#refuse('the reply has more than one Content-Length');
      return;
    }
    let length = 0;
    for (let at = from; at < to; at += 1) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) {
        this.#refuse('the Content-Length of the reply is not a number');
        return;
      }
      length = length * 10 + digit;
    }
    if (from === to || length > Number.MAX_SAFE_INTEGER) {
      this.#refuse('the Content-Length of the reply is not a number');
      return;
    }
    this.#contentLength = length;
  }

  #readTransferEncoding(bytes: Uint8Array, from: number, to: number): void {
    this.#transferEncoding = true;
    // Nearly every reply with an encoding says exactly this: no string is made for it.
    if (to - from === 7 && is(bytes, from, 'chunked')) {
      this.#chunked = true;
      return;
    }
    const codings = text(bytes, from, to).toLowerCase().split(',');
    this.#chunked = (codings.at(-1) as string).trim() === 'chunked';
  }

  #readConnection(bytes: Uint8Array, from: number, to: number): void {
    // Nearly every reply says exactly one of these: no string is made for them.
    if (to - from === 10 && is(bytes, from, 'keep-alive')) this.#connectionKeepAlive = true;
    else if (to - from === 5 && is(bytes, from, 'close')) this.#connectionClose = true;
    else {
      for (const option of text(bytes, from, to).toLowerCase().split(',')) {
        if (option.trim() === 'close') this.#connectionClose = true;
        else if (option.trim() === 'keep-alive') this.#connectionKeepAlive = true;
      }
    }
  }

  #readKeepAlive(bytes: Uint8Array, from: number, to: number): void {
    const digits = from + 8;
    let at = digits;
    let seconds = 0;
    if (to > digits && is(bytes, from, 'timeout') && bytes[from + 7] === EQUALS) {
      for (; at < to && isDigit(bytes[at] as number); at += 1) seconds = seconds * 10 + (bytes[at] as number) - 48;
    }
    // "timeout=5" and "timeout=5, max=100" are what servers say: no string is made for them.
    if (at > digits && at <= digits + 6 && (at === to || bytes[at] === COMMA)) {
      this.keepAliveSeconds = seconds;
      return;
    }
    const timeout = /(?:^|[,;\s])timeout\s*=\s*(\d{1,6})/i.exec(text(bytes, from, to));
    if (timeout !== null) this.keepAliveSeconds = Number(timeout[1]);
  }

  #endHead(): void {
    const status = this.status;
    if (status === 101) {
      this.#refuse('the reply switches protocols, which nobody asked for');
      return;
    }
    if (status < 200) {
      if (this.#keepHeaders) this.headers = [];
      this.#interim = true;
      this.#beginHead();
      return;
    }
    this.keepAlive =
      this.#minorVersion === 1 ? !this.#connectionClose : this.#connectionKeepAlive && !this.#connectionClose;
    if (this.#transferEncoding && this.#contentLength >= 0) {
      this.#refuse('the reply has both Content-Length and Transfer-Encoding');
      return;
    }
    if (this.#isHead || status === 204 || status === 304 || this.#contentLength === 0) {
      this.#state = DONE;
    } else if (this.#chunked) {
      this.#state = CHUNK_SIZE;
    } else if (this.#contentLength > 0) {
      this.#remaining = this.#contentLength;
      this.#state = BODY_LENGTH;
    } else {
      this.keepAlive = false;
      this.#state = BODY_UNTIL_CLOSE;
    }
  }

  /** `1a;name=value` */
  #readChunkSize(bytes: Uint8Array, from: number, to: number): void {
    // The head's limit is for lines; chunk lines are many, so each is measured alone.
    this.#headBytes = 0;
    let size = 0;
    let at = from;
    for (; at < to; at += 1) {
      const digit = hexDigit(bytes[at] as number);
      if (digit < 0) break;
      size = size * 16 + digit;
    }
    const isSize = at > from && (at === to || bytes[at] === 59) && size <= Number.MAX_SAFE_INTEGER;
    if (!isSize || !isPlainText(bytes, at, to)) {
      this.#refuse('a chunk of the reply has no valid size');
      return;
    }
    this.#remaining = size;
    this.#state = size === 0 ? TRAILER_LINE : CHUNK_DATA;
  }

  #refuse(problem: string): void {
    this.problem = problem;
    this.keepAlive = false;
    this.#state = FAILED;
  }
}

function isPlainText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (IS_TEXT[bytes[at] as number] === 0) return false;
  return true;
}

/** Whether the bytes spell `name` (lower case) in any case; letters and hyphens only. */
function is(bytes: Uint8Array, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i += 1) {
    if (((bytes[from + i] as number) | 32) !== name.charCodeAt(i)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
