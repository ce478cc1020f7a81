// Anti-patterns that a request shows by itself, gathered over the violating requests; for when there is nothing to compare with.
import type { Mechanism } from '../../../model/finding.ts';
import { callShapesOf } from '../../calls/call-shapes.ts';
import type { CandidateFinding, MechanismContext } from '../mechanism.ts';
import type { AntiPattern } from './anti-patterns/anti-pattern.ts';
import { candidate } from './candidate.ts';

/** One candidate for each kind of parent that shows the pattern. Without a reference nobody knows whether it is new: never more than medium. */
export function singleRequestPatterns(
  context: MechanismContext,
  mechanism: Mechanism,
  patternsBelow: (parent: number) => readonly AntiPattern[],
): readonly CandidateFinding[] {
  const { prepared, violating } = context;
  const byParent = new Map<number, { readonly trace: number; readonly pattern: AntiPattern }[]>();
  for (const trace of violating.traces) {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      if ((prepared.firstChild[span] ?? -1) < 0) continue;
      for (const pattern of patternsBelow(span)) {
        const key = (prepared.service[span] ?? 0) * prepared.set.strings.length + (prepared.set.name[span] ?? 0);
        const known = byParent.get(key);
        if (known === undefined) byParent.set(key, [{ trace, pattern }]);
        else known.push({ trace, pattern });
      }
    }
  }
  return [...byParent.values()].map((seen) => describe(context, mechanism, seen));
}

function describe(
  context: MechanismContext,
  mechanism: Mechanism,
  seen: readonly { readonly trace: number; readonly pattern: AntiPattern }[],
): CandidateFinding {
  const { prepared, violating } = context;
  const worst = seen.reduce((best, each) => (each.pattern.totalMs > best.pattern.totalMs ? each : best)).pattern;
  const call = worst.spans[worst.spans.length - 1] ?? worst.parent;
  const costs = new Map<number, number>();
  for (const { trace, pattern } of seen) costs.set(trace, (costs.get(trace) ?? 0) + costOf(pattern));
  const total = [...costs.values()].reduce((sum, each) => sum + each, 0);
  const { texts, shape } = callShapesOf(prepared);
  return candidate(context, {
    mechanism,
    service: prepared.services[prepared.service[worst.parent] ?? 0] ?? '',
    operation: prepared.set.strings[prepared.set.name[worst.parent] ?? 0] ?? '',
    edge: prepared.edges[prepared.edge[call] ?? -1],
    at: worst.parent,
    effectMs: total / Math.max(1, violating.traces.length),
    confidence: 'medium',
    evidence: [
      { name: 'calls per request', value: worst.spans.length, unit: 'calls' },
      { name: 'time in them', value: worst.totalMs, unit: 'ms' },
    ],
    detail: texts[shape[call] ?? -1],
    strength: (trace) => costs.get(trace) ?? 0,
  });
}

const costOf = (pattern: AntiPattern): number => (pattern.savedMs > 0 ? pattern.savedMs : pattern.totalMs);
