// Resources by their bytes: each is decoded once and kept while a span of it is held.
import type { Attributes } from '../../core/model/trace-set.ts';
import { readResource } from '../shared/otlp/read-protobuf.ts';
import { Wire } from '../shared/otlp/wire.ts';

interface Entry {
  readonly key: string;
  readonly attributes: Attributes;
  holders: number;
}

/** Counts holders: whoever opens or holds a resource releases it once; with its last holder it is forgotten. */
export class ResourceTable {
  private readonly numbers = new Map<string, number>();
  private readonly entries = new Map<number, Entry>();
  private next = 0;

  /** The number of the checked Resource message at `from` to `to`; equal bytes have one number. */
  open(bytes: Buffer, from: number, to: number): number {
    const key = bytes.toString('latin1', from, to);
    const known = this.numbers.get(key);
    const number = known ?? this.make(key, bytes, from, to);
    this.hold(number);
    return number;
  }

  attributes(number: number): Attributes {
    return this.entries.get(number)?.attributes ?? {};
  }

  hold(number: number): void {
    const entry = this.entries.get(number);
    if (entry !== undefined) entry.holders += 1;
  }

  release(number: number): void {
    const entry = this.entries.get(number);
    if (entry === undefined) return;
    entry.holders -= 1;
    if (entry.holders > 0) return;
    this.entries.delete(number);
    this.numbers.delete(entry.key);
  }

  private make(key: string, bytes: Buffer, from: number, to: number): number {
    const wire = new Wire(bytes);
    wire.at = from;
    const number = this.next;
    // Stored in 32 bits; a number is used again only after four billion others.
    this.next = (this.next + 1) >>> 0;
    this.numbers.set(key, number);
    this.entries.set(number, { key, attributes: readResource(wire, to), holders: 0 });
    return number;
  }
}
