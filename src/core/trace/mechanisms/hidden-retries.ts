// Hidden retries: a proxy or mesh between two services repeats calls that the caller made once.
import { spanKind } from '../../model/trace-set.ts';
import { callFactsOf } from '../calls/call-facts.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { baselineOf, candidate } from './shared/candidate.ts';
import { type Tally, tally } from './shared/tally.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

const leastRatio = 1.3;
const leastRise = 0.2;
const fewestRetries = 5;
const column = { calls: 0, servers: 1, delay: 2 } as const;
const columns = 3;

/** More than one SERVER span, one after another, below CLIENT spans: the caller sees one call, the callee several. */
export const hiddenRetries: MechanismDetector = {
  mechanisms: ['hidden-retries'],
  detect(context) {
    const { prepared } = context;
    const sums = tally(context, prepared.edges.length * columns, (trace, add) => {
      const { firstSpan } = prepared.set;
      for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
        const edge = prepared.edge[span] ?? -1;
        if (edge < 0 || (prepared.serverChild[span] ?? -1) < 0) continue;
        const { servers, delayNs } = answersTo(prepared, span);
        add(edge * columns + column.calls, 1);
        add(edge * columns + column.servers, servers);
        if (servers > 1) add(edge * columns + column.delay, delayNs / 1e6);
      }
    });
    return prepared.edges.flatMap((_, edge) => describe(context, sums, edge));
  },
};

function describe(context: MechanismContext, sums: Tally, edge: number): readonly CandidateFinding[] {
  const { prepared } = context;
  const at = (side: Float64Array, what: number): number => side[edge * columns + what] ?? 0;
  const calls = at(sums.violating, column.calls);
  const ratio = calls > 0 ? at(sums.violating, column.servers) / calls : 1;
  const before = at(sums.reference, column.calls);
  const referenceRatio = before > 0 ? at(sums.reference, column.servers) / before : 1;
  const retries = Math.round((ratio - 1) * calls * context.violating.traces.length);
  if (ratio < leastRatio || ratio < referenceRatio + leastRise || retries < fewestRetries) return [];
  const where = prepared.edges[edge];
  if (where === undefined) return [];
  const extra = (span: number): number => (prepared.edge[span] === edge ? answersTo(prepared, span).servers - 1 : 0);
  return [
    candidate(context, {
      mechanism: 'hidden-retries',
      service: where.callee,
      operation: where.operation,
      edge: where,
      at: firstWith(context, extra),
      effectMs: Math.max(0, at(sums.violating, column.delay) - at(sums.reference, column.delay)),
      confidence: ratio >= 2 ? 'high' : 'medium',
      evidence: [
        { name: 'server spans per call', value: ratio, ...baselineOf(context, referenceRatio), unit: 'x' },
        { name: 'retries', value: retries, unit: 'attempts' },
      ],
      strength: (trace) => sumOverSpans(context, trace, (span) => Math.max(0, extra(span))),
    }),
  ];
}

/**
 * Answers to one CLIENT span that repeat the first: of its service and name, after one that failed or was asked for the very same URL. Servers side by
 * side are hedged; one after a redirect or a login challenge, or after one that was content, is another request of a client that makes several.
 */
function answersTo(prepared: PreparedTraces, call: number): { readonly servers: number; readonly delayNs: number } {
  const { start, end } = prepared;
  const first = prepared.serverChild[call] ?? -1;
  let servers = 1;
  let before = first;
  let latest = first;
  for (let child = prepared.nextSibling[first] ?? -1; child >= 0; child = prepared.nextSibling[child] ?? -1) {
    if (!isAlike(prepared, child, first) || (start[child] ?? 0) < (end[before] ?? 0)) continue;
    if (isRepeated(prepared, before, child)) {
      servers += 1;
      latest = child;
    }
    before = child;
  }
  return { servers, delayNs: (start[latest] ?? 0) - (start[first] ?? 0) };
}

const isAlike = ({ set }: PreparedTraces, server: number, first: number): boolean =>
  set.kind[server] === spanKind.server &&
  set.service[server] === set.service[first] &&
  set.name[server] === set.name[first];

function isRepeated(prepared: PreparedTraces, before: number, next: number): boolean {
  const { failed, asksAgain, isFinal, target } = callFactsOf(prepared);
  const isSameUrl = (target[next] ?? -1) >= 0 && target[next] === target[before];
  return asksAgain[before] === 0 && isFinal[before] === 0 && (failed[before] === 1 || isSameUrl);
}

function firstWith({ prepared, violating }: MechanismContext, value: (span: number) => number): number {
  for (const trace of violating.traces) {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (value(span) > 0) return span;
    }
  }
  return -1;
}
