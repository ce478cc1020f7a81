// Queries that are slow by any standard: what can be said without anything to compare with.
import type { CandidateFinding, MechanismContext } from '../mechanism.ts';
import { slowQuerySpans } from './anti-patterns/slow-query.ts';
import { candidate } from './candidate.ts';
import { sumOverSpans } from './telling-traces.ts';

/** One candidate per database operation that was slow in at least one violating trace. */
export function slowQueries(context: MechanismContext): readonly CandidateFinding[] {
  const { prepared, violating } = context;
  const byEdge = new Map<number, number[]>();
  for (const trace of violating.traces) {
    for (const span of slowQuerySpans(prepared, trace)) {
      const edge = prepared.edge[span] ?? -1;
      const known = byEdge.get(edge);
      if (known === undefined) byEdge.set(edge, [span]);
      else known.push(span);
    }
  }
  return [...byEdge].flatMap(([edge, spans]) => {
    const where = prepared.edges[edge];
    const first = spans[0];
    if (where === undefined || first === undefined) return [];
    const slow = new Set(spans);
    const totalMs = spans.reduce((sum, span) => sum + durationMs(context, span), 0);
    return [
      candidate(context, {
        mechanism: 'slow-dependency',
        service: where.callee,
        operation: where.operation,
        edge: where,
        at: first,
        effectMs: totalMs / Math.max(1, violating.traces.length),
        confidence: 'medium',
        evidence: [
          { name: 'slowest query', value: Math.max(...spans.map((span) => durationMs(context, span))), unit: 'ms' },
        ],
        strength: (trace) => sumOverSpans(context, trace, (span) => (slow.has(span) ? durationMs(context, span) : 0)),
      }),
    ];
  });
}

const durationMs = ({ prepared }: MechanismContext, span: number): number =>
  ((prepared.end[span] ?? 0) - (prepared.start[span] ?? 0)) / 1e6;
