// Sequential fan-out: calls that could run side by side are made one after another.
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { consecutiveQueries } from './shared/anti-patterns/consecutive-queries.ts';
import { consecutiveRequestLimits, consecutiveRequests } from './shared/anti-patterns/consecutive-requests.ts';
import { durationMs } from './shared/anti-patterns/siblings.ts';
import { candidate, shareOf } from './shared/candidate.ts';
import { certainly, leastShare } from './shared/culprits.ts';
import { fanOutParent } from './shared/fan-out-groups.ts';
import { type FanOut, fanOutsOf } from './shared/fan-outs.ts';
import { singleRequestPatterns } from './shared/single-request-patterns.ts';

/** ANALYSIS.md 3. */
const fewestCalls = 3;
const leastSavedMs = 100;
const leastSavedShare = 0.2;
/** As a regression: time that the new order of calls costs, and how much of the calls' growth it must explain. */
const leastEffectMs = 20;
const leastPartOfGrowth = 0.5;
/** Total of the calls over the time they occupy; 1 is strictly in turn. */
const mostParallel = 1.15;

/** With a reference: more calls, or less overlap, at unchanged durations. Without: three calls in turn that waste 100 ms and a fifth of their parent. */
export const sequentialFanout: MechanismDetector = {
  mechanisms: ['sequential-fanout'],
  detect(context) {
    if (context.reference.traces.length === 0) return withoutReference(context);
    const sequential = fanOutsOf(context).filter(isSequential);
    return [...byCallerAndCallee(context, sequential).values()]
      .map((alike) => ({ alike, effectMs: alike.reduce((sum, each) => sum + each.effectMs, 0) }))
      .filter(({ effectMs }) => shareOf(context, effectMs) >= leastShare)
      .flatMap(({ alike, effectMs }) => describe(context, alike[0], effectMs));
  },
};

function withoutReference(context: MechanismContext): readonly CandidateFinding[] {
  const { prepared } = context;
  const limits = { ...consecutiveRequestLimits, minSpanMs: 0, minTimeSavedMs: leastSavedMs };
  return singleRequestPatterns(context, 'sequential-fanout', (parent) => [
    ...consecutiveRequests(prepared, parent, limits).filter(
      (run) => run.savedMs >= leastSavedShare * durationMs(prepared, parent),
    ),
    ...consecutiveQueries(prepared, parent),
  ]);
}

function isSequential({ violating, effectMs, growthMs, certainty, perRequestMs }: FanOut): boolean {
  return (
    Math.round(violating.fan) >= fewestCalls &&
    violating.parallelism <= mostParallel &&
    perRequestMs >= leastEffectMs &&
    effectMs >= leastPartOfGrowth * growthMs &&
    certainty >= certainly
  );
}

/** One finding for several operations of a caller that treat a callee alike; the greatest effect first, as they come. */
function byCallerAndCallee(
  { prepared }: MechanismContext,
  fanOuts: readonly FanOut[],
): ReadonlyMap<string, readonly FanOut[]> {
  const groups = new Map<string, FanOut[]>();
  for (const fanOut of fanOuts) {
    const caller = prepared.service[fanOut.example] ?? 0;
    // One edge's calls are part of all calls of their caller: the two are never added up.
    const key = `${caller} ${prepared.edges[fanOut.edge]?.callee ?? ''} ${fanOut.isOneEdge}`;
    groups.set(key, [...(groups.get(key) ?? []), fanOut]);
  }
  return groups;
}

function describe(
  context: MechanismContext,
  fanOut: FanOut | undefined,
  effectMs: number,
): readonly CandidateFinding[] {
  if (fanOut === undefined) return [];
  const { prepared } = context;
  const { violating, reference, example } = fanOut;
  const parent = fanOutParent(prepared, example);
  const found = candidate(context, {
    mechanism: 'sequential-fanout',
    service: prepared.services[prepared.service[example] ?? 0] ?? '',
    operation: prepared.set.strings[prepared.set.name[parent] ?? 0] ?? '',
    edge: prepared.edges[fanOut.edge],
    at: parent,
    effectMs,
    confidence: fanOut.effectMs >= 2 * leastPartOfGrowth * 0.8 * fanOut.growthMs ? 'high' : 'medium',
    evidence: [
      { name: 'calls in turn', value: violating.fan, baseline: Math.max(1, reference.fan), unit: 'calls' },
      { name: 'calls at the same time', value: violating.parallelism, baseline: reference.parallelism, unit: 'calls' },
      { name: 'could be saved at most', value: violating.savedMs, baseline: reference.savedMs, unit: 'ms' },
    ],
    strength: (trace) => fanOut.strength(trace),
  });
  return [found];
}
