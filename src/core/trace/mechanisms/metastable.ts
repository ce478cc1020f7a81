// Metastable overload: the load is back to what was carried before, and the system still does not recover.

import { logicalCallsOf } from '../calls/logical-calls.ts';
import type { CandidateFinding, LoadPhase, MechanismContext, MechanismDetector } from './mechanism.ts';
import { candidate } from './shared/candidate.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';
import { sidesOf } from './shared/sides.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

/** ANALYSIS.md 1.6: goodput in the recovery over that before, and attempts per call. */
const leastGoodput = 0.9;
const leastAmplification = 1.3;
/** A recovery phase must run at no more than this part above the load that was carried before. */
const sameLoad = 1.1;
/** The load before was carried: this part of its requests was good. */
const carried = 0.8;
const fewestCalls = 20;

/**
 * Needs a load that was carried, a heavier one, and a recovery phase back at the first. Something must sustain the trouble: an edge on which attempts
 * multiply in the recovery though they did not before. Without it the system only works off what piled up, or was broken all along.
 */
export const metastable: MechanismDetector = {
  mechanisms: ['metastable'],
  detect(context) {
    const before = context.phases.find(({ role }) => role === 'load');
    const recovery = context.phases.findLast(({ role }) => role === 'recovery');
    if (before === undefined || recovery === undefined || !isComparable(context.phases, before, recovery)) return [];
    const goodput = goodputShare(before, recovery);
    const sustained = sustainedEdge(context, before, recovery);
    if (sustained === undefined || (goodput !== undefined && goodput >= leastGoodput)) return [];
    return [describe(context, recovery, goodput, sustained)];
  },
};

/** The recovery's load is one that was carried, and something heavier lay in between. Unknown rates cannot be compared. */
function isComparable(phases: readonly LoadPhase[], before: LoadPhase, recovery: LoadPhase): boolean {
  const { ratePerSecond: then, goodPerSecond: good } = before;
  if (then !== undefined && good !== undefined && good < carried * then) return false;
  const isBack = (loadRatio(recovery, before) ?? Number.POSITIVE_INFINITY) <= sameLoad;
  return isBack && phases.some((each) => isBetween(each, recovery) && (loadRatio(each, recovery) ?? 0) > sameLoad);
}

const isBetween = ({ role, startMs }: LoadPhase, recovery: LoadPhase): boolean =>
  role === 'load' && startMs < recovery.startMs;

/** By plan where both have one: chance makes the same plan send a third more in a few seconds. */
function loadRatio(one: LoadPhase, other: LoadPhase): number | undefined {
  const rates: readonly (readonly [number | undefined, number | undefined])[] = [
    [one.plannedPerSecond, other.plannedPerSecond],
    [one.ratePerSecond, other.ratePerSecond],
  ];
  for (const [a, b] of rates) if (a !== undefined && b !== undefined && b > 0) return a / b;
  return undefined;
}

/** Good requests per offered request in the recovery, over the same before; undefined when not measured. */
function goodputShare(before: LoadPhase, recovery: LoadPhase): number | undefined {
  const share = ({ goodPerSecond, ratePerSecond }: LoadPhase): number | undefined =>
    goodPerSecond === undefined || ratePerSecond === undefined ? undefined : goodPerSecond / ratePerSecond;
  const now = share(recovery);
  const then = share(before);
  return now === undefined || then === undefined || then === 0 ? undefined : now / then;
}

interface Sustained {
  readonly edge: number;
  readonly amplification: number;
  readonly before: number;
  readonly example: number;
}

/** The edge with the greatest amplification in the recovery, above 1.3 there and below it before. */
function sustainedEdge(context: MechanismContext, before: LoadPhase, recovery: LoadPhase): Sustained | undefined {
  const then = attemptsIn(context, before);
  const now = attemptsIn(context, recovery);
  return context.prepared.edges
    .map((_, edge) => ({
      edge,
      amplification: now.amplification(edge),
      before: then.amplification(edge),
      example: now.examples[edge] ?? -1,
    }))
    .filter((each) => each.amplification > leastAmplification && each.before < leastAmplification)
    .sort((a, b) => b.amplification - a.amplification)[0];
}

interface Attempts {
  /** Attempts per call; 1 with fewer than 20 calls. */
  readonly amplification: (edge: number) => number;
  /** The most repeated call of each edge, -1 without one. */
  readonly examples: Int32Array;
}

/** Of all compared traces that began in the phase. */
function attemptsIn(context: MechanismContext, phase: LoadPhase): Attempts {
  const { prepared, atMs } = context;
  const { first, attempts } = logicalCallsOf(prepared);
  const made = new Float64Array(prepared.edges.length);
  const logical = new Float64Array(prepared.edges.length);
  const examples = new Int32Array(prepared.edges.length).fill(-1);
  for (const trace of sidesOf(context).traces) {
    const at = atMs[trace] ?? Number.NaN;
    if (!(at >= phase.startMs && at <= phase.endMs)) continue;
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      const edge = prepared.edge[first[span] ?? -1] ?? -1;
      if (edge < 0) continue;
      made[edge] = (made[edge] ?? 0) + 1;
      if (first[span] !== span) continue;
      logical[edge] = (logical[edge] ?? 0) + 1;
      if ((attempts[span] ?? 0) > (attempts[examples[edge] ?? -1] ?? 1)) examples[edge] = span;
    }
  }
  const amplification = (edge: number): number =>
    (logical[edge] ?? 0) >= fewestCalls ? (made[edge] ?? 0) / (logical[edge] ?? 1) : 1;
  return { amplification, examples };
}

function describe(
  context: MechanismContext,
  recovery: LoadPhase,
  goodput: number | undefined,
  { edge: index, amplification, before, example }: Sustained,
): CandidateFinding {
  const { prepared, atMs } = context;
  const edge = prepared.edges[index];
  const worst = serviceEffectsOf(context)[0];
  const { attempts } = logicalCallsOf(prepared);
  const isLate = (trace: number): boolean => (atMs[trace] ?? Number.NEGATIVE_INFINITY) >= recovery.startMs;
  const found = candidate(context, {
    mechanism: 'metastable',
    service: edge?.callee ?? '',
    operation: edge?.operation ?? '',
    edge,
    at: example,
    effectMs: Math.max(0, worst?.effectMs ?? 0),
    confidence: goodput === undefined ? 'medium' : 'high',
    evidence: [
      ...(goodput === undefined
        ? []
        : [{ name: 'goodput after the load was back', value: goodput, baseline: 1, unit: 'ratio' }]),
      { name: 'amplification after the load was back', value: amplification, baseline: before, unit: 'x' },
    ],
    strength: (trace) =>
      isLate(trace) ? 1 + sumOverSpans(context, trace, (span) => Math.max(0, (attempts[span] ?? 0) - 1)) : 0,
  });
  return { ...found, onsetMs: recovery.startMs };
}
