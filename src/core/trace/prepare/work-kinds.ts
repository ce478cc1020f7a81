// What kind of work a span is for its handler, ids in names left out, so that its like in other requests can be found.
import type { Edge } from '../../model/finding.ts';
import type { TraceSet } from '../../model/trace-set.ts';
import { normaliseUrl } from '../spans/normalise-url.ts';

/** Of PreparedTraces. */
export interface CallColumns {
  readonly handler: Int32Array;
  readonly edge: Int32Array;
  readonly edges: readonly Edge[];
}

/** Per span: one number for its service and its name without ids, below 2^26. */
export function placesOf(set: TraceSet): Uint32Array {
  const names = interned<string>();
  const places = interned<number>();
  const ofText = new Map<number, number>();
  return set.name.map((text, span) => {
    const name = ofText.get(text) ?? names.idOf(normaliseUrl(set.strings[text] ?? ''));
    ofText.set(text, name);
    return places.idOf((set.service[span] ?? 0) * set.strings.length + name);
  });
}

/** Who took a request up, and what is done or called for it. */
export interface WorkKinds {
  /** Per span; -1 for handlers, which others wait for. */
  readonly of: Int32Array;
  readonly count: number;
}

/** A kind is the handler's place, and callee and operation of a call or the place of other work. Linear. */
export function workKinds({ handler, edge, edges }: CallColumns, places: Uint32Array): WorkKinds {
  const calls = interned<string>();
  const kinds = interned<number>();
  const callOf = edges.map(({ callee, operation }) => calls.idOf(JSON.stringify([callee, normaliseUrl(operation)])));
  const of = handler.map((door, span) => {
    if (door === span) return -1;
    const call = callOf[edge[span] ?? -1];
    return kinds.idOf((places[door] ?? 0) * 2 ** 27 + (call === undefined ? 2 * (places[span] ?? 0) + 1 : 2 * call));
  });
  return { of, count: kinds.count() };
}

function interned<Key>(): { readonly idOf: (key: Key) => number; readonly count: () => number } {
  const ids = new Map<Key, number>();
  return {
    idOf(key) {
      const known = ids.get(key);
      if (known !== undefined) return known;
      ids.set(key, ids.size);
      return ids.size - 1;
    },
    count: () => ids.size,
  };
}
