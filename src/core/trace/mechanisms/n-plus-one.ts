// N+1: one query (or request) for a list, then one more for each of its rows.

import { callFactsOf } from '../calls/call-facts.ts';
import { callShapesOf } from '../calls/call-shapes.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { repeatedQueries } from './shared/anti-patterns/repeated-queries.ts';
import { repeatedRequests } from './shared/anti-patterns/repeated-requests.ts';
import { repeatedSequences } from './shared/anti-patterns/repeated-sequences.ts';
import { candidate } from './shared/candidate.ts';
import { clearly } from './shared/culprits.ts';
import { type Repetition, repetitionsIn, usualCalls } from './shared/repeated-calls.ts';
import { singleRequestPatterns } from './shared/single-request-patterns.ts';
import { tally } from './shared/tally.ts';

/** ANALYSIS.md 3; under load many requests pay, so a smaller total counts than in a single trace. */
const fewestCalls = 5;
const leastTotalMs = 20;
const leastPartOfParent = 0.05;
/** As a regression: calls >= 2 x the reference's + 1. */
const rise = { factor: 2, more: 1 };
/** Of the violating requests. */
const leastShare = 0.05;

/**
 * With a reference: queries or requests below one parent whose number rose. A loop that was always there is not why requests broke now. All such loops together
 * must be clear; what is reported is the service that loses most in them. Without a reference: what Sentry's detectors call N+1.
 */
export const nPlusOne: MechanismDetector = {
  mechanisms: ['n-plus-one'],
  detect(context) {
    if (context.reference.traces.length > 0) return againstReference(context);
    const { prepared } = context;
    const { isBatch } = callFactsOf(prepared);
    return singleRequestPatterns(context, 'n-plus-one', (parent) => [
      ...repeatedQueries(prepared, parent),
      ...repeatedSequences(prepared, parent).filter(({ spans }) => spans.every((span) => isBatch[span] === 0)),
      ...repeatedRequests(prepared, parent),
    ]);
  },
};

function againstReference(context: MechanismContext): readonly CandidateFinding[] {
  const loops = newLoops(context);
  const shown = tally(context, 1, (trace, add) => {
    if (loops(trace).length > 0) add(0, 1);
  });
  const [share = 0] = shown.violating;
  const [before = 0] = shown.reference;
  if (share < leastShare || share < rise.factor * before || (shown.certainty[0] ?? 0) < clearly) return [];
  const { prepared } = context;
  const costs = tally(context, prepared.services.length, (trace, add) => {
    for (const { parent, costMs } of loops(trace)) add(prepared.service[parent] ?? 0, costMs);
  });
  const worst = costs.violating.reduce((best, cost, at) => (cost > (costs.violating[best] ?? 0) ? at : best), 0);
  const costMs = costs.violating.reduce((sum, cost) => sum + cost, 0);
  return [describe(context, { loops, share, before, service: worst, costMs })];
}

/** Loops of a trace that the reference does not have, costly ones only. */
function newLoops(context: MechanismContext): (trace: number) => readonly Repetition[] {
  const { prepared } = context;
  const usual = usualCalls(context, context.reference.traces);
  return (trace) =>
    repetitionsIn(context, trace).filter(({ kind, parent, calls, totalMs }) => {
      const parentMs = ((prepared.end[parent] ?? 0) - (prepared.start[parent] ?? 0)) / 1e6;
      const isCostly = totalMs >= leastTotalMs && totalMs >= leastPartOfParent * parentMs;
      return calls >= fewestCalls && isCostly && calls >= rise.factor * (usual.get(kind) ?? 0) + rise.more;
    });
}

interface Loops {
  readonly loops: (trace: number) => readonly Repetition[];
  readonly share: number;
  readonly before: number;
  /** Index of the service that loses most in its loops. */
  readonly service: number;
  /** In all loops of all services, milliseconds per violating request. */
  readonly costMs: number;
}

function describe(context: MechanismContext, { loops, share, before, service, costMs }: Loops): CandidateFinding {
  const { prepared, violating } = context;
  const ofService = (trace: number): readonly Repetition[] =>
    loops(trace).filter(({ parent }) => prepared.service[parent] === service);
  const all = Array.from(violating.traces).flatMap(ofService);
  const main = mostCostly(all);
  const alike = all.filter(({ kind }) => kind === main.kind);
  const calls = alike.reduce((sum, each) => sum + each.calls, 0) / alike.length;
  const usual = usualCalls(context, context.reference.traces).get(main.kind) ?? 0;
  return candidate(context, {
    mechanism: 'n-plus-one',
    service: prepared.services[service] ?? '',
    operation: prepared.set.strings[prepared.set.name[main.parent] ?? 0] ?? '',
    edge: prepared.edges[prepared.edge[main.example] ?? -1],
    at: main.parent,
    effectMs: costMs,
    confidence: share >= 0.3 && calls >= 2 * fewestCalls ? 'high' : 'medium',
    evidence: [
      { name: 'calls in a loop', value: calls, baseline: usual, unit: 'calls' },
      { name: 'requests with such a loop', value: share, baseline: before, unit: 'ratio' },
      { name: 'time in the loop', value: alike.reduce((sum, each) => sum + each.costMs, 0) / alike.length, unit: 'ms' },
    ],
    detail: callShapesOf(prepared).texts[callShapesOf(prepared).shape[main.example] ?? -1],
    strength: (trace) => ofService(trace).reduce((sum, each) => sum + each.calls, 0),
  });
}

/** A loop of the kind that takes most time in total. */
function mostCostly(loops: readonly Repetition[]): Repetition {
  const totals = new Map<number, number>();
  for (const { kind, costMs } of loops) totals.set(kind, (totals.get(kind) ?? 0) + costMs);
  return loops.reduce((best, each) => ((totals.get(each.kind) ?? 0) > (totals.get(best.kind) ?? 0) ? each : best));
}
