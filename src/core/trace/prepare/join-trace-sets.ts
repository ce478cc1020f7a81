// Lays two sets side by side, so that the traces of a run and of its baseline can be analysed as one set.
import type { TraceSet } from '../../model/trace-set.ts';

/**
 * All traces of `first`, then all of `second`; trace t of `second` becomes trace `first.traceIds.length + t`. Ids are not compared: a trace that is in
 * both stays twice. Linear; neither set is touched.
 */
export function joinTraceSets(first: TraceSet, second: TraceSet): TraceSet {
  const spans = first.parent.length;
  const attributes = first.attributeKey.length;
  const strings = joinDictionaries(first.strings, second.strings);
  const values = joinDictionaries(first.values, second.values);
  const text = (a: Uint32Array, b: Uint32Array): Uint32Array => joinU32(a, b, (index) => strings.moved[index] ?? 0);
  return {
    strings: strings.entries,
    values: values.entries,
    traceIds: [...first.traceIds, ...second.traceIds],
    startUnixNanos: joinBigInts(first.startUnixNanos, second.startUnixNanos),
    firstSpan: joinU32(first.firstSpan.subarray(0, -1), second.firstSpan, (index) => index + spans),
    spanIdHigh: joinU32(first.spanIdHigh, second.spanIdHigh, same),
    spanIdLow: joinU32(first.spanIdLow, second.spanIdLow, same),
    parent: Int32Array.from({ length: spans + second.parent.length }, (_, span) => {
      if (span < spans) return first.parent[span] ?? -1;
      const parent = second.parent[span - spans] ?? -1;
      return parent < 0 ? parent : parent + spans;
    }),
    start: joinFloats(first.start, second.start),
    end: joinFloats(first.end, second.end),
    service: text(first.service, second.service),
    name: text(first.name, second.name),
    kind: joinBytes(first.kind, second.kind),
    status: joinBytes(first.status, second.status),
    resource: joinU32(first.resource, second.resource, (index) => index + first.resources.length),
    resources: [...first.resources, ...second.resources],
    attributeFirst: joinU32(first.attributeFirst.subarray(0, -1), second.attributeFirst, (index) => index + attributes),
    attributeKey: text(first.attributeKey, second.attributeKey),
    attributeValue: joinU32(first.attributeValue, second.attributeValue, (index) => values.moved[index] ?? 0),
    missingParents: moveKeys(first.missingParents, second.missingParents, spans),
    links: moveKeys(first.links, second.links, spans),
    repeated: first.repeated + second.repeated,
  };
}

const same = (value: number): number => value;

/** `moved[i]` is where entry i of the second dictionary is in the joint one. */
function joinDictionaries<T>(
  first: readonly T[],
  second: readonly T[],
): { readonly entries: readonly T[]; readonly moved: Uint32Array } {
  const entries = [...first];
  const indexOf = new Map(first.map((entry, index) => [entry, index]));
  const moved = Uint32Array.from(second, (entry) => {
    const known = indexOf.get(entry);
    if (known !== undefined) return known;
    indexOf.set(entry, entries.length);
    entries.push(entry);
    return entries.length - 1;
  });
  return { entries, moved };
}

function joinU32(first: Uint32Array, second: Uint32Array, move: (value: number) => number): Uint32Array {
  const joint = new Uint32Array(first.length + second.length);
  joint.set(first);
  for (let at = 0; at < second.length; at += 1) joint[first.length + at] = move(second[at] ?? 0);
  return joint;
}

function joinFloats(first: Float64Array, second: Float64Array): Float64Array {
  const joint = new Float64Array(first.length + second.length);
  joint.set(first);
  joint.set(second, first.length);
  return joint;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joint = new Uint8Array(first.length + second.length);
  joint.set(first);
  joint.set(second, first.length);
  return joint;
}

function joinBigInts(first: BigInt64Array, second: BigInt64Array): BigInt64Array {
  const joint = new BigInt64Array(first.length + second.length);
  joint.set(first);
  joint.set(second, first.length);
  return joint;
}

function moveKeys<T>(
  first: ReadonlyMap<number, T>,
  second: ReadonlyMap<number, T>,
  by: number,
): ReadonlyMap<number, T> {
  const joint = new Map(first);
  for (const [span, value] of second) joint.set(span + by, value);
  return joint;
}
