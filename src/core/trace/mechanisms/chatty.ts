// Chatty: a request crosses the same border between two services far more often than it did, from many places.

import { callFactsOf } from '../calls/call-facts.ts';
import { logicalCallsOf } from '../calls/logical-calls.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { candidate, shareOf } from './shared/candidate.ts';
import { clearly, isMaterial, leastShare } from './shared/culprits.ts';
import { type Tally, tally } from './shared/tally.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

const fewestCalls = 10;
const rise = { factor: 2, more: 1 };
const column = { calls: 0, time: 1 } as const;
const columns = 2;

/** Logical calls per request between one pair of services, whatever they ask for, but for batches; only against a reference. */
export const chatty: MechanismDetector = {
  mechanisms: ['chatty'],
  detect(context) {
    if (context.reference.traces.length === 0) return [];
    const { pairs, of } = pairsOf(context);
    const { prepared } = context;
    const sums = tally(context, pairs.length * columns, (trace, add) => {
      for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
        const pair = of(span);
        if (pair < 0) continue;
        add(pair * columns + column.calls, 1);
        add(pair * columns + column.time, (prepared.pathNs[span] ?? 0) / 1e6);
        const server = prepared.serverChild[span] ?? -1;
        if (server >= 0) add(pair * columns + column.time, (prepared.pathNs[server] ?? 0) / 1e6);
      }
    });
    return pairs.flatMap((pair, index) => describe(context, { pair, index, of, sums }));
  },
};

interface Pair {
  readonly caller: string;
  readonly callee: string;
  /** The edge between them that was seen first. */
  readonly edge: number;
}

function pairsOf({ prepared }: MechanismContext): {
  readonly pairs: readonly Pair[];
  readonly of: (span: number) => number;
} {
  const pairs: Pair[] = [];
  const ids = new Map<string, number>();
  const ofEdge = prepared.edges.map(({ caller, callee }, edge) => {
    const key = JSON.stringify([caller, callee]);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, pairs.length);
    pairs.push({ caller, callee, edge });
    return pairs.length - 1;
  });
  const { first } = logicalCallsOf(prepared);
  const { isBatch } = callFactsOf(prepared);
  return {
    pairs,
    of: (span) => (first[span] === span && isBatch[span] === 0 ? (ofEdge[prepared.edge[span] ?? -1] ?? -1) : -1),
  };
}

interface Counted {
  readonly pair: Pair;
  readonly index: number;
  readonly of: (span: number) => number;
  readonly sums: Tally;
}

function describe(context: MechanismContext, { pair, index, of, sums }: Counted): readonly CandidateFinding[] {
  const at = (side: Float64Array, what: number): number => side[index * columns + what] ?? 0;
  const calls = at(sums.violating, column.calls);
  const before = at(sums.reference, column.calls);
  const effectMs = at(sums.violating, column.time) - at(sums.reference, column.time);
  if (calls < fewestCalls || calls < rise.factor * before + rise.more) return [];
  if (at(sums.certainty, column.time) < clearly) return [];
  if (!isMaterial(context, effectMs) || shareOf(context, effectMs) < leastShare) return [];
  const { prepared, violating } = context;
  const example = firstSpan(context, (span) => of(span) === index);
  return [
    candidate(context, {
      mechanism: 'chatty',
      service: pair.caller,
      operation: prepared.set.strings[prepared.set.name[prepared.parent[example] ?? -1] ?? 0] ?? '',
      edge: prepared.edges[pair.edge],
      at: example,
      effectMs,
      confidence: violating.traces.length >= 20 ? 'medium' : 'low',
      evidence: [{ name: 'calls per request', value: calls, baseline: before, unit: 'calls' }],
      strength: (trace) => sumOverSpans(context, trace, (span) => (of(span) === index ? 1 : 0)) - before,
    }),
  ];
}

function firstSpan({ prepared, violating }: MechanismContext, matches: (span: number) => boolean): number {
  for (const trace of violating.traces) {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (matches(span)) return span;
    }
  }
  return -1;
}
