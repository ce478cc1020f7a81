// Typed arrays that grow as values come, for collecting columns whose length nobody knows yet.

interface NumberedValues<Value> {
  readonly length: number;
  [index: number]: Value;
}

/** A typed array with room to spare; values stand at 0 .. length - 1. `data` is replaced when it grows: do not keep it while adding. */
export interface GrowingColumn<Value, Data extends NumberedValues<Value>> {
  data: Data;
  length: number;
  readonly grown: (data: Data) => Data;
}

export type GrowingU32 = GrowingColumn<number, Uint32Array>;
export type GrowingU8 = GrowingColumn<number, Uint8Array>;
export type GrowingI64 = GrowingColumn<bigint, BigInt64Array>;

const firstRoom = 1024;

export const growingU32 = (): GrowingU32 => ({
  data: new Uint32Array(firstRoom),
  length: 0,
  grown(data) {
    const larger = new Uint32Array(2 * data.length);
    larger.set(data);
    return larger;
  },
});

export const growingU8 = (): GrowingU8 => ({
  data: new Uint8Array(firstRoom),
  length: 0,
  grown(data) {
    const larger = new Uint8Array(2 * data.length);
    larger.set(data);
    return larger;
  },
});

export const growingI64 = (): GrowingI64 => ({
  data: new BigInt64Array(firstRoom),
  length: 0,
  grown(data) {
    const larger = new BigInt64Array(2 * data.length);
    larger.set(data);
    return larger;
  },
});

/** Adds a value at the end; amortised constant time. */
export function append<Value, Data extends NumberedValues<Value>>(
  column: GrowingColumn<Value, Data>,
  value: Value,
): void {
  if (column.length === column.data.length) column.data = column.grown(column.data);
  (column.data as NumberedValues<Value>)[column.length] = value;
  column.length += 1;
}
