// Metastable overload: the load is back to what was carried before, and the system still does not recover.
import type { CandidateFinding, LoadPhase, MechanismContext, MechanismDetector } from '../mechanism.ts';
import { candidate } from './shared/candidate.ts';
import { logicalCallsOf } from './shared/logical-calls.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

/** ANALYSIS.md 1.6. */
const leastGoodput = 0.9;
const leastAmplification = 1.3;
/** A recovery phase must run at no more than this part above the load that was carried before. */
const sameLoad = 1.1;
const fewestCalls = 20;

/** Needs a recovery phase after a heavier one. What sustains it is the edge on which attempts still multiply there. */
export const metastable: MechanismDetector = {
  mechanisms: ['metastable'],
  detect(context) {
    const before = context.phases.find(({ role }) => role === 'load');
    const recovery = context.phases.findLast(({ role }) => role === 'recovery');
    if (before === undefined || recovery === undefined || !isComparable(context.phases, before, recovery)) return [];
    const sustained = sustainedEdge(context, recovery);
    const goodput = goodputShare(before, recovery);
    const hasRecovered = goodput === undefined || goodput >= leastGoodput;
    if (hasRecovered && sustained === undefined) return [];
    return describe(context, recovery, goodput, sustained);
  },
};

/** The recovery's load is one that was carried, and something heavier lay in between. Unknown rates cannot be compared. */
function isComparable(phases: readonly LoadPhase[], before: LoadPhase, recovery: LoadPhase): boolean {
  const { ratePerSecond: carried } = before;
  const { ratePerSecond: now } = recovery;
  if (carried === undefined || now === undefined || now > sameLoad * carried) return false;
  return phases.some(
    (each) => each.startMs < recovery.startMs && each.role === 'load' && (each.ratePerSecond ?? 0) > sameLoad * now,
  );
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
  readonly example: number;
}

/** The edge with the greatest amplification among the traces that began in the recovery phase, when it is above 1.3. */
function sustainedEdge({ prepared, violating, atMs }: MechanismContext, recovery: LoadPhase): Sustained | undefined {
  const { first, attempts } = logicalCallsOf(prepared);
  const made = new Float64Array(prepared.edges.length);
  const logical = new Float64Array(prepared.edges.length);
  const examples = new Int32Array(prepared.edges.length).fill(-1);
  for (const trace of violating.traces) {
    const at = atMs[trace] ?? Number.NaN;
    if (!(at >= recovery.startMs && at <= recovery.endMs)) continue;
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      const edge = prepared.edge[first[span] ?? -1] ?? -1;
      if (edge < 0) continue;
      made[edge] = (made[edge] ?? 0) + 1;
      if (first[span] !== span) continue;
      logical[edge] = (logical[edge] ?? 0) + 1;
      if ((attempts[span] ?? 0) > (attempts[examples[edge] ?? -1] ?? 1)) examples[edge] = span;
    }
  }
  const [best] = Array.from(made, (count, edge) => ({
    edge,
    amplification: (logical[edge] ?? 0) >= fewestCalls ? count / (logical[edge] ?? 1) : 0,
    example: examples[edge] ?? -1,
  })).sort((a, b) => b.amplification - a.amplification);
  return best !== undefined && best.amplification > leastAmplification ? best : undefined;
}

function describe(
  context: MechanismContext,
  recovery: LoadPhase,
  goodput: number | undefined,
  sustained: Sustained | undefined,
): readonly CandidateFinding[] {
  const { prepared, atMs } = context;
  const edge = prepared.edges[sustained?.edge ?? -1];
  const worst = serviceEffectsOf(context)[0];
  const service = edge?.callee ?? worst?.service;
  if (service === undefined) return [];
  const { attempts } = logicalCallsOf(prepared);
  const isLate = (trace: number): boolean => (atMs[trace] ?? Number.NEGATIVE_INFINITY) >= recovery.startMs;
  const found = candidate(context, {
    mechanism: 'metastable',
    service,
    operation: edge?.operation ?? worst?.operation ?? '',
    edge,
    at: sustained === undefined ? (worst?.path ?? [service]) : sustained.example,
    effectMs: Math.max(0, worst?.effectMs ?? 0),
    confidence: goodput !== undefined && goodput < leastGoodput && sustained !== undefined ? 'high' : 'medium',
    evidence: [
      ...(goodput === undefined
        ? []
        : [{ name: 'goodput after the load was back', value: goodput, baseline: 1, unit: 'ratio' }]),
      ...(sustained === undefined
        ? []
        : [{ name: 'amplification after the load was back', value: sustained.amplification, baseline: 1, unit: 'x' }]),
    ],
    strength: (trace) =>
      isLate(trace) ? 1 + sumOverSpans(context, trace, (span) => Math.max(0, (attempts[span] ?? 0) - 1)) : 0,
  });
  return [{ ...found, onsetMs: recovery.startMs }];
}
