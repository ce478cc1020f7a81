// dependency: how fast and how dominant one service or operation inside the system is, measured on traces.
import type { TraceMeasureRequest } from '../../model/observations.ts';
import type { Clause, Requirement, SpanSelector } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { judgeBootstrapMean } from '../clauses/bootstrap-clause.ts';
import { noDataVerdict } from '../clauses/clause-verdict.ts';
import { judgeClause } from '../clauses/judge-quantiles.ts';
import { judgeShare } from '../clauses/share-clause.ts';
import { isEvidence } from '../evidence/evidence.ts';
import { countSlices, pointEvidence, pointsOf, sliceLength } from '../evidence/point-evidence.ts';
import { clausesOf } from '../evidence/watch.ts';
import type { JudgeContext, Needs, RequirementType } from '../requirement-type.ts';
import { noNeeds } from './type-options.ts';

export const dependency: RequirementType = {
  name: 'dependency',
  title: 'A service inside the system stays inside its share',
  doc: `The spans that \`where.span\` (or \`where.service\`, \`where.edge\`) chooses are measured in a uniform sample of the run's traces. Percentiles, \`max\` and \`mean\` of their duration are
judged like latency, with spans of one trace kept together; \`errorRate\` is the share with error status. \`criticalPathShare\` is the mean over traces of the share of the
request's time that the chosen spans hold on the critical path, bounded by a moving-block bootstrap over traces (at least 30).

Which traces are kept must not depend on how slow they are: with fewer than 95% of the sampled requests' traces complete it is *inconclusive* (\`trace-coverage\`).`,
  example: `- id: CHK-08
  title: Payments stays inside its share
  type: dependency
  where: { span: '[service.name="payments" kind=server]' }
  require: p99 <= 120ms and criticalPathShare <= 45%
  priority: should`,
  stats: [
    { kind: 'quantile', units: ['ms'], inSlices: true, over: true },
    { kind: 'named', name: 'max', args: [], units: ['ms'] },
    { kind: 'named', name: 'mean', args: [], units: ['ms'] },
    { kind: 'named', name: 'errorRate', args: [], units: ['ratio'] },
    { kind: 'named', name: 'criticalPathShare', args: [], units: ['ratio'] },
  ],
  where: ['span', 'service', 'edge', 'scenario', 'route', 'phase'],
  vantages: ['trace'],
  options: {},
  refs: { query: 'forbidden', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: needsOfDependency,
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeOne(clause, requirement, context)),
    notes: [],
  }),
};

const isShare = (clause: Clause): boolean => clause.stat.kind === 'named' && clause.stat.name === 'criticalPathShare';

function needsOfDependency(requirement: Requirement): Needs {
  const clauses = clausesOf(requirement);
  const where = scopeOf(requirement);
  const measures: readonly TraceMeasureRequest[] = [
    ...(clauses.every(isShare) ? [] : [{ key: `${requirement.id}/spans`, measure: 'spanDuration' as const, ...where }]),
    ...(clauses.some(isShare)
      ? [{ key: `${requirement.id}/share`, measure: 'criticalPathShare' as const, ...where }]
      : []),
  ];
  return { ...noNeeds, measures };
}

/** What the trace reader is told to look at. `where.service` alone means that service's server spans. */
export function scopeOf(requirement: Requirement): Omit<TraceMeasureRequest, 'key' | 'measure'> {
  const { span, service, edge, scenario, route } = requirement.where;
  const chosen = span ?? (service === undefined ? undefined : serverSpansOf(service));
  return {
    ...(chosen === undefined ? {} : { span: chosen }),
    ...(edge === undefined ? {} : { edge }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(route === undefined ? {} : { route }),
  };
}

function serverSpansOf(service: string): SpanSelector {
  return {
    conditions: [
      { key: 'service.name', op: 'eq', value: service },
      { key: 'kind', op: 'eq', value: 'server' },
    ],
    text: `[service.name="${service}" kind=server]`,
  };
}

function judgeOne(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  if (isShare(clause)) {
    const points = pointsOf(requirement, `${requirement.id}/share`, context);
    if ('reason' in points) return noDataVerdict(clause, points);
    const values = points.map((point) => point.value);
    return judgeBootstrapMean(
      clause,
      { values, unit: 'ratio', name: 'critical path share', noun: 'traces' },
      requirement,
    );
  }
  if (clause.stat.kind === 'named' && clause.stat.name === 'errorRate')
    return judgeErrors(clause, requirement, context);
  const found = pointEvidence(requirement, `${requirement.id}/spans`, context, { unit: 'ms', noun: 'spans' });
  return isEvidence(found) ? judgeClause(clause, found, requirement) : noDataVerdict(clause, found);
}

function judgeErrors(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const points = pointsOf(requirement, `${requirement.id}/spans`, context);
  if ('reason' in points) return noDataVerdict(clause, points);
  const slices = countSlices(points, sliceLength(points, requirement.slice), ({ failed }) => failed);
  const evidence = {
    noun: 'spans',
    counted: 'failed',
    slices,
    sliceMs: sliceLength(points, requirement.slice),
    name: 'error rate',
  };
  return judgeShare(clause, evidence, requirement);
}
