// retries: how many attempts a call takes, measured on traces.
import type { TraceMeasurePoint } from '../../model/observations.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import { judgeQuantile } from '../clauses/quantile-clause.ts';
import { isEvidence } from '../evidence/evidence.ts';
import { bySlice, pointEvidence, pointsOf, sliceLength } from '../evidence/point-evidence.ts';
import { limitValues } from '../evidence/watch.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { correlationLimit, designEffect, fewestSlices } from '../statistics/design-effect.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { poissonRate } from '../statistics/poisson-rate.ts';
import { studentTQuantile } from '../statistics/student-t.ts';
import { sayCount, sayInterval, sayQuantity } from '../wording.ts';
import { scopeOf } from './dependency.ts';
import { noNeeds } from './type-options.ts';

export const retries: RequirementType = {
  name: 'retries',
  title: 'Calls are not repeated too often',
  doc: `\`amplification <= 1.05\` is attempts on the edge divided by logical calls, over a uniform sample of the run's traces: 1 means that nothing is retried. The repeated attempts get an exact
Poisson bound on each side, divided by a design effect over slices of time, as retries come in bursts. \`max <= 3\` (or \`max 3 per request\`) allows no request with more attempts
and needs 30 traces to pass.

*Inconclusive* without a trace that has the edge, with fewer than 30 calls, and when traces are incomplete.`,
  example: `- id: CHK-09
  title: No retry storm
  type: retries
  where: { edge: "checkout -> payments" }
  require: amplification <= 1.05`,
  stats: [
    { kind: 'named', name: 'amplification', args: [], units: [''] },
    { kind: 'named', name: 'max', args: [], units: [''], of: ['attempts', 'request', 'call'] },
  ],
  where: ['edge', 'span', 'service', 'scenario', 'route', 'phase'],
  vantages: ['trace'],
  options: {},
  refs: { query: 'forbidden', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: (requirement) => ({
    ...noNeeds,
    measures: [{ key: `${requirement.id}/attempts`, measure: 'attempts', ...scopeOf(requirement) }],
  }),
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeOne(clause, requirement, context)),
    notes: [],
  }),
};

/** Fewer calls than this say nothing about how often one is repeated. */
const fewestCalls = 30;

function judgeOne(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const key = `${requirement.id}/attempts`;
  if (clause.stat.kind === 'named' && clause.stat.name === 'max') {
    // A call that failed in the end was still made so many times.
    const found = pointEvidence(requirement, key, context, { unit: '', noun: 'traces', ignoreFailures: true });
    return isEvidence(found) ? judgeQuantile(clause, 1, found, requirement) : noDataVerdict(clause, found);
  }
  const points = pointsOf(requirement, key, context);
  return 'reason' in points ? noDataVerdict(clause, points) : judgeAmplification(clause, points, requirement);
}

function judgeAmplification(
  clause: Clause,
  points: readonly TraceMeasurePoint[],
  requirement: Requirement,
): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'amplification is compared with a fixed limit only');
  const slices = bySlice(points, sliceLength(points, requirement.slice)).map((slice) => ({
    requests: slice.points.reduce((sum, point) => sum + (point.base ?? 1), 0),
    bad: slice.points.reduce((sum, point) => sum + Math.max(0, point.value - (point.base ?? 1)), 0),
    stratum: slice.phase,
  }));
  const calls = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const repeated = slices.reduce((sum, slice) => sum + slice.bad, 0);
  if (calls === 0) return noDataVerdict(clause, { reason: 'no-data', message: 'no trace has a call on this edge' });
  const effect = designEffect(slices, { merge: 1, floor: 1, of: 'events' });
  const widened =
    effect.effect *
    (studentTQuantile(requirement.confidence, effect.slices - 1) / normalQuantile(requirement.confidence)) ** 2;
  const [low, high] = poissonRate(repeated, calls, widened, requirement.confidence);
  const value = 1 + repeated / calls;
  const interval = [1 + low, 1 + high] as const;
  const isBounded = Number.isFinite(high);
  const observed = { value, unit: '' as const, confidence: requirement.confidence, ...(isBounded ? { interval } : {}) };
  const counts = `${sayCount(calls + repeated)} attempts for ${sayCount(calls)} calls in ${sayCount(points.length)} traces`;
  const explanation = `amplification ${sayInterval(value, isBounded ? interval : undefined, '')}, limit ${sayQuantity(limit, '')}: ${counts}`;
  const least = Math.max(fewestCalls, requirement.minSamples);
  const verdict = calls < least ? 'open' : compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const isBursty = effect.lag1 > correlationLimit;
  const few = `need ${sayCount(least)} calls, have ${sayCount(calls)}`;
  const bursts = `retries come in bursts: need ${fewestSlices} slices that are longer than one, have ${effect.slices}`;
  const need = calls < least ? few : isBursty ? bursts : 'the interval holds the limit: more traces would narrow it';
  return inconclusiveVerdict(
    clause,
    calls < least ? 'too-few-samples' : isBursty ? 'autocorrelated' : 'straddles',
    need,
    {
      observed,
      limit,
      explanation: `${explanation}; ${need}`,
    },
  );
}
