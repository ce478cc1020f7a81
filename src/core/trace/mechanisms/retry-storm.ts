// Retry storm: callers repeat failing calls until the callee, or the layers between, drown in attempts.
import type { Confidence, Edge } from '../../model/finding.ts';
import { callFactsOf } from '../calls/call-facts.ts';
import { logicalCallsOf } from '../calls/logical-calls.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { remember } from '../spans/remember.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { baselineOf, candidate } from './shared/candidate.ts';
import { type RetryFigures, retryFiguresOf } from './shared/retry-figures.ts';

/** ANALYSIS.md 3. */
const fewestRetries = 5;
const leastAmplification = 1.3;
const leastRise = 0.2;
/**
 * Retries add attempts. A loop over different items in which one fails looks like a retry, but makes as many calls as ever: attempts per request must
 * have risen by this part of what the amplification says.
 */
const leastPartOfRise = 0.3;
const severe = { amplification: 2, layers: 4 };

/** One candidate for each edge on which attempts multiply; which of them is the cause is for the explanation to say. */
export const retryStorm: MechanismDetector = {
  mechanisms: ['retry-storm'],
  detect: (context) =>
    context.prepared.edges.flatMap((edge, index) => {
      const figures = retryFiguresOf(context).at(index);
      return isStorm(figures) ? [describe(context, edge, index, figures)] : [];
    }),
};

function isStorm({ retries, amplification, referenceAmplification, attemptsRise }: RetryFigures): boolean {
  return (
    retries >= fewestRetries &&
    amplification >= leastAmplification &&
    amplification >= referenceAmplification + leastRise &&
    attemptsRise >= 1 + leastPartOfRise * (amplification / referenceAmplification - 1)
  );
}

function describe(context: MechanismContext, edge: Edge, index: number, figures: RetryFigures): CandidateFinding {
  const { prepared } = context;
  const retries = retriesOf(context).get(index) ?? new Map<number, number>();
  return candidate(context, {
    mechanism: 'retry-storm',
    service: edge.callee,
    operation: edge.operation,
    edge,
    at: figures.example,
    effectMs: Math.max(0, figures.delayMs - figures.referenceDelayMs),
    confidence: confidenceOf(figures),
    evidence: [
      {
        name: 'amplification',
        value: figures.amplification,
        ...baselineOf(context, figures.referenceAmplification),
        unit: 'x',
      },
      { name: 'attempts per entry call', value: figures.layers, unit: 'x' },
      { name: 'retry ratio', value: figures.retryRatio, unit: 'ratio' },
      { name: 'exhausted', value: figures.exhausted, unit: 'ratio' },
      { name: 'timed out', value: figures.timedOut, unit: 'ratio' },
      { name: 'retries', value: figures.retries, unit: 'attempts' },
    ],
    detail: originBelow(prepared, index, figures.example),
    strength: (trace) => retries.get(trace) ?? 0,
    within: retries.keys(),
  });
}

function confidenceOf({ amplification, layers, retries }: RetryFigures): Confidence {
  const isSevere = amplification >= severe.amplification || layers >= severe.layers;
  return isSevere && retries >= 4 * fewestRetries ? 'high' : 'medium';
}

/** Per edge: the retries of each trace that has some. In one pass: with a URL in every name there are as many edges as traces. */
const retriesOf: (context: MechanismContext) => ReadonlyMap<number, ReadonlyMap<number, number>> = remember(
  ({ prepared }) => {
    const { attempts } = logicalCallsOf(prepared);
    const retries = new Map<number, Map<number, number>>();
    attempts.forEach((made, span) => {
      const edge = prepared.edge[span] ?? -1;
      if (edge < 0 || made < 2) return;
      const trace = prepared.trace[span] ?? 0;
      const known = retries.get(edge);
      if (known === undefined) retries.set(edge, new Map([[trace, made - 1]]));
      else known.set(trace, (known.get(trace) ?? 0) + made - 1);
    });
    return retries;
  },
);

/** The service furthest below the failing attempts in which something failed: what the storm is about. Undefined when it is the callee itself. */
function originBelow(prepared: PreparedTraces, edge: number, example: number): string | undefined {
  const { failed } = callFactsOf(prepared);
  let at = example;
  for (let next = failedChild(prepared, failed, at); next >= 0; next = failedChild(prepared, failed, at)) at = next;
  const origin = prepared.services[prepared.payer[at] ?? 0] ?? '';
  return origin === '' || origin === prepared.edges[edge]?.callee ? undefined : origin;
}

function failedChild(prepared: PreparedTraces, failed: Uint8Array, span: number): number {
  for (let child = prepared.firstChild[span] ?? -1; child >= 0; child = prepared.nextSibling[child] ?? -1) {
    if (failed[child] === 1) return child;
  }
  return -1;
}
