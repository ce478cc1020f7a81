// errors: which share of requests fails.
import type { LoadGroup, WatchSlice } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { noDataVerdict } from '../clauses/clause-verdict.ts';
import { judgeCount } from '../clauses/count-clause.ts';
import { judgeShare } from '../clauses/share-clause.ts';
import type { NoEvidence } from '../evidence/evidence.ts';
import { countSlices as countPoints, pointsOf, sliceLength } from '../evidence/point-evidence.ts';
import { groupsOf, phasesOf, slicesOf } from '../evidence/scope.ts';
import { selectorOf, statusQuery } from '../evidence/server-queries.ts';
import { statusEvidence } from '../evidence/status-evidence.ts';
import { fineSlice, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, Needs, NeedsContext, RequirementType } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import { noNeeds } from './type-options.ts';

export const errors: RequirementType = {
  name: 'errors',
  title: 'Few enough requests fail',
  doc: `\`rate <= 0.1%\` bounds the share of failed requests as latency bounds the share of slow ones. Failed means: no reply, or a reply that does not meet the step's \`expect\`
(without one: status 4xx and 5xx). \`count:\` says otherwise: a list of statuses (\`429\`), classes (\`5xx\`), failure kinds (\`timeout\`, \`connect\`, ...) and \`failures\` for every
failure without a reply. How requests ended is known of whole phases, so that a requirement with \`count:\` cannot be told of a part of one: recovery, a capacity on a ramp and a breakpoint search are
*inconclusive* with it.

\`count <= 5\` is the plain number of failed requests of this run, without an interval. \`rate <= 0%\` allows none and needs 30 samples to pass. \`source: server\` reads
\`http_server_request_duration_seconds_count\` by status code (5xx failed, and what has no code beside series that have one, unless \`count:\` says otherwise) or \`query\`, whose series say the status in
\`http_response_status_code\`, \`http_status_code\`, \`status_code\`, \`status\`, \`code\` or \`response_code\`: without any it is *inconclusive* (\`no-data\`); \`source: trace\` the status of entry spans.`,
  example: `- id: CHK-02
  type: errors
  where: { scenario: buy }
  require: rate <= 0.1%`,
  stats: [
    { kind: 'named', name: 'rate', args: [], units: ['ratio'], inSlices: true, over: true },
    { kind: 'named', name: 'count', args: [], units: [''] },
  ],
  where: ['scenario', 'route', 'phase', 'service', 'labels'],
  vantages: ['client', 'server', 'trace'],
  options: {
    count: {
      kind: 'texts',
      required: false,
      doc: 'What counts as failed: statuses (429), classes (5xx), failure kinds (timeout, connect, dns, tls, reset, protocol, too-large, expectation) or `failures` for all failures without a reply.',
    },
  },
  refs: { query: 'optional', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: needsOfErrors,
  judge: (requirement, rule, context) => {
    const found = failuresOf(requirement, context);
    return { clauses: rule.clauses.map((clause) => judgeClause(clause, found, requirement)), notes: [] };
  },
};

function needsOfErrors(requirement: Requirement, context: NeedsContext): Needs {
  const { scenario, route } = requirement.where;
  switch (requirement.source) {
    case 'client':
      return { ...noNeeds, watches: [watchFor(requirement, context, 'response', [])] };
    case 'server':
      return {
        ...noNeeds,
        queries: [
          {
            key: `${requirement.id}/status`,
            query: requirement.query ?? statusQuery(selectorOf(requirement)),
            mode: 'slices',
            ...(requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef }),
          },
        ],
      };
    case 'trace':
      return {
        ...noNeeds,
        measures: [
          {
            key: `${requirement.id}/root`,
            measure: 'rootDuration',
            ...(scenario === undefined ? {} : { scenario }),
            ...(route === undefined ? {} : { route }),
          },
        ],
      };
  }
}

interface Failures {
  readonly slices: readonly SliceCount[];
  readonly sliceMs: number;
  readonly noun: string;
  /** Their exact number, where the slices hold shares of it. */
  readonly failed?: number;
}

function judgeClause(clause: Clause, found: Failures | NoEvidence, requirement: Requirement): ClauseVerdict {
  if ('reason' in found) return noDataVerdict(clause, found);
  const { slices, sliceMs, noun } = found;
  const isCount = clause.stat.kind === 'named' && clause.stat.name === 'count';
  if (!isCount)
    return judgeShare(clause, { noun, counted: 'failed', slices, sliceMs, name: 'error rate' }, requirement);
  const samples = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const failed = found.failed ?? slices.reduce((sum, slice) => sum + slice.bad, 0);
  return judgeCount(clause, { value: failed, samples, unit: '', said: `${noun} failed` }, requirement);
}

function failuresOf(requirement: Requirement, context: JudgeContext): Failures | NoEvidence {
  switch (requirement.source) {
    case 'client':
      return clientFailures(requirement, context);
    case 'server': {
      const counted = countedWords(requirement) ?? ['5xx', 'failures'];
      const found = statusEvidence(requirement, `${requirement.id}/status`, context, (status) =>
        status === undefined ? counted.includes('failures') : matches(status, counted),
      );
      return 'reason' in found ? found : { ...found, noun: 'requests' };
    }
    case 'trace': {
      const points = pointsOf(requirement, `${requirement.id}/root`, context);
      if ('reason' in points) return points;
      const slices = countPoints(points, sliceLength(points, requirement.slice), ({ failed }) => failed);
      return { slices, sliceMs: sliceLength(points, requirement.slice), noun: 'traces' };
    }
  }
}

function clientFailures(requirement: Requirement, context: JudgeContext): Failures | NoEvidence {
  const { load } = context.observations;
  const watch = load?.watches.find((each) => each.id === requirement.id);
  const phases = phasesOf(requirement, context);
  const slices = slicesOf(watch?.slices ?? [], phases);
  if (load === undefined || slices.every((slice) => slice.requests === 0))
    return { reason: 'no-data', message: `no requests were sent in ${phases.join(', ') || 'the judged time'}` };
  const failures = { sliceMs: fineSlice(requirement.slice), noun: 'requests' };
  const counted = countedWords(requirement);
  // Without `count:` the slices' own failures count.
  if (counted === undefined) return { ...failures, slices: countSlices(slices, undefined) };
  const groups = groupsOf(load, requirement, phases);
  if (groups.some(hasNoOutcomes))
    return {
      reason: 'prerequisite',
      message: `which requests count as ${counted.join(', ')} is known of whole phases only, not of a part of one`,
    };
  const failed = groups.reduce((sum, group) => sum + countedIn(group, counted), 0);
  return { ...failures, slices: countSlices(slices, failed), failed };
}

/** Requests were made, and how they ended was not kept: the group was cut to a stretch of time. */
function hasNoOutcomes({ requests, statusCounts, failureCounts }: LoadGroup): boolean {
  return requests > 0 && Object.keys(statusCounts).length === 0 && Object.keys(failureCounts).length === 0;
}

/**
 * Statuses are known for whole phases only, not by slice: where fewer are counted than failed, the slices' failures are scaled down to their number,
 * which keeps the number exact and the bursts. Where more are counted (a status that the step expects), they are spread evenly, as nothing else is known.
 */
function countSlices(slices: readonly WatchSlice[], counted: number | undefined): readonly SliceCount[] {
  const failed = slices.reduce((sum, slice) => sum + slice.failed, 0);
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const isScaled = counted !== undefined && counted <= failed;
  const scale = counted === undefined || failed === 0 ? 1 : counted / failed;
  return slices.map((slice) => ({
    requests: slice.requests,
    bad: counted === undefined || isScaled ? scale * slice.failed : (counted / requests) * slice.requests,
    stratum: slice.phase,
  }));
}

function countedIn(group: LoadGroup, counted: readonly string[]): number {
  const byStatus = Object.entries(group.statusCounts).reduce(
    (sum, [status, count]) => sum + (matches(status, counted) ? count : 0),
    0,
  );
  const byKind = Object.entries(group.failureCounts).reduce(
    (sum, [kind, count]) => sum + (isCountedKind(kind, counted) ? (count ?? 0) : 0),
    0,
  );
  return byStatus + byKind;
}

/** A reply with a bad status or body is counted by its status; `failures` are those that never got a usable reply. */
function isCountedKind(kind: string, counted: readonly string[]): boolean {
  return counted.includes(kind) || (counted.includes('failures') && kind !== 'status' && kind !== 'expectation');
}

function matches(status: string, counted: readonly string[]): boolean {
  return counted.some((word) => word === status || (/^[1-5]xx$/.test(word) && status.startsWith(word.slice(0, 1))));
}

function countedWords(requirement: Requirement): readonly string[] | undefined {
  const { count } = requirement.options;
  if (typeof count === 'string' || typeof count === 'number') return [String(count)];
  return Array.isArray(count) ? count.map(String) : undefined;
}
