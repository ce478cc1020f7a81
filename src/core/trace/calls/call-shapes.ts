// What kind of call a span is, values left out: equal statements to one database, equal URLs at one host, one method of one service.
import { spanKind } from '../../model/trace-set.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { normaliseStatement } from '../spans/normalise-statement.ts';
import { normaliseUrl } from '../spans/normalise-url.ts';
import { onceEach } from '../spans/once-each.ts';
import { remember } from '../spans/remember.ts';
import { callFactsOf } from './call-facts.ts';

export interface CallShapes {
  /** Per span: index into `texts`, -1 for spans that are no CLIENT spans. Calls of one shape differ at most in values. */
  readonly shape: Int32Array;
  /** What the shape reads like, for people. */
  readonly texts: readonly string[];
}

/** Normalises each distinct statement and URL once. */
export const callShapesOf: (prepared: PreparedTraces) => CallShapes = remember((prepared) => {
  const { set, payer } = prepared;
  const { statement, target, method } = callFactsOf(prepared);
  const shape = new Int32Array(set.start.length).fill(-1);
  const texts: string[] = [];
  const textIds = new Map<string, number>();
  const shapeIds = new Map<number, number>();
  const statementText = onceEach(set.values, normaliseStatement);
  const targetText = onceEach(set.values, normaliseUrl);
  for (let span = 0; span < shape.length; span += 1) {
    if (set.kind[span] !== spanKind.client) continue;
    const name = set.strings[set.name[span] ?? 0] ?? '';
    const text = wordsOf(span, name);
    const key = idOf(textIds, text) * prepared.services.length + (payer[span] ?? 0);
    let id = shapeIds.get(key);
    if (id === undefined) {
      id = texts.length;
      texts.push(text);
      shapeIds.set(key, id);
    }
    shape[span] = id;
  }
  return { shape, texts };

  function wordsOf(span: number, name: string): string {
    const asked = statement[span] ?? -1;
    if (asked >= 0) return statementText(asked);
    const to = target[span] ?? -1;
    if (to < 0) return name;
    const how = method[span] ?? -1;
    return `${how < 0 ? '' : `${String(set.values[how])} `}${targetText(to)}`;
  }
});

function idOf(ids: Map<string, number>, text: string): number {
  const known = ids.get(text);
  if (known !== undefined) return known;
  ids.set(text, ids.size);
  return ids.size - 1;
}
