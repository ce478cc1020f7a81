// Error origin: the deepest failing span of failing requests, and the places where the call tree changed its shape.
import type { Confidence } from '../../model/finding.ts';
import { callFactsOf } from '../calls/call-facts.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { baselineOf, candidate } from './shared/candidate.ts';
import { certainly, clearly } from './shared/culprits.ts';
import { type ErrorOrigin, errorOriginsOf } from './shared/error-origins.ts';
import { isBetter } from './shared/is-felt.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';

/** Least part of the violating requests that fail there, and how many times the reference's. */
const leastShare = 0.05;
const rise = 2;
/** G statistic beyond chance; every operation and every call is looked at, so the usual 95% would be found anywhere. */
const clearEvidence = 10;

/** Time-outs have no origin here: who is slow is for other mechanisms to say. */
export const errorOrigin: MechanismDetector = {
  mechanisms: ['error-origin'],
  detect: (context) => [...failing(context), ...endingEarly(context)],
};

function failing(context: MechanismContext): readonly CandidateFinding[] {
  return errorOriginsOf(context)
    .filter(
      ({ share, referenceShare, certainty }) =>
        share >= leastShare && share >= rise * referenceShare && certainty >= clearly,
    )
    .map((origin) => describe(context, origin));
}

/**
 * Work that ends where it used to go on, the clearest case only: an exception or a wrong answer that left no other trace. Of the caller and the callee
 * in question the first is the likelier; nobody can be sure. Requests that are quicker for it and fail no more were spared the calls (a warm cache, a
 * release without them).
 */
function endingEarly(context: MechanismContext): readonly CandidateFinding[] {
  const [first, second] = context.faults.filter(({ kind }) => kind === 'missing-calls');
  if (first === undefined || first.evidence < clearEvidence || isBetter(context)) return [];
  const service = first.suspects[0] ?? first.service;
  const path = serviceEffectsOf(context).find((each) => each.service === service)?.path ?? [];
  const seen = new Set(first.traces);
  const share = first.violating.count / Math.max(1, first.violating.of);
  const before = first.reference.count / Math.max(1, first.reference.of);
  const isAlone = first.suspects.length === 1 && first.evidence >= 2 * (second?.evidence ?? 0);
  const found = candidate(context, {
    mechanism: 'error-origin',
    service,
    operation: first.operation,
    at: path.length > 0 ? path : [service],
    effectMs: 0,
    share: share - before,
    confidence: isAlone ? 'medium' : 'low',
    evidence: [{ name: 'requests that end early', value: share, baseline: before, unit: 'ratio' }],
    detail: first.after === '' ? undefined : `after ${first.after}`,
    strength: (trace) => (seen.has(trace) ? 1 : 0),
  });
  return [found];
}

function describe(context: MechanismContext, origin: ErrorOrigin): CandidateFinding {
  const { share, referenceShare, failingShare, edge } = origin;
  return candidate(context, {
    mechanism: 'error-origin',
    service: origin.service,
    operation: origin.operation,
    edge,
    at: origin.example,
    effectMs: 0,
    share: Math.min(1, failingShare),
    confidence: confidenceOf(context, origin),
    evidence: [
      { name: 'requests with this error', value: share, ...baselineOf(context, referenceShare), unit: 'ratio' },
      { name: 'failed requests that begin here', value: failingShare, unit: 'ratio' },
    ],
    detail: origin.type === '' ? undefined : origin.type,
    strength: (trace) => origin.countIn(trace),
  });
}

/**
 * An error that failed no request may have been dealt with. So may an answer like "not found", which many callers expect: with nothing to compare with
 * nobody knows.
 */
function confidenceOf(
  { prepared, reference }: MechanismContext,
  { certainty, failingShare, example }: ErrorOrigin,
): Confidence {
  const isExpected = reference.traces.length === 0 && callFactsOf(prepared).isFinal[example] === 1;
  if (failingShare === 0 || isExpected) return 'low';
  return certainty >= certainly && failingShare >= 0.5 ? 'high' : 'medium';
}
