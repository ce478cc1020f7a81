// throughput: how many requests a second are answered well, and for how long without a break.
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { Millis } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { noDataVerdict } from '../clauses/clause-verdict.ts';
import { judgeMean } from '../clauses/mean-clause.ts';
import { offeredTooLittle } from '../clauses/offered-rate.ts';
import { judgeSustained } from '../clauses/sustained-clause.ts';
import type { NoEvidence } from '../evidence/evidence.ts';
import { type RateSlice, rateSlices, requestsIn, secondsOf } from '../evidence/rate-slices.ts';
import { phasesOf } from '../evidence/scope.ts';
import { selectorOf, statusQuery } from '../evidence/server-queries.ts';
import { statusEvidence } from '../evidence/status-evidence.ts';
import { fineSlice, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, Needs, NeedsContext, RequirementType } from '../requirement-type.ts';
import { asNumber, noNeeds, numberOption, recordOption } from './type-options.ts';

export const throughput: RequirementType = {
  name: 'throughput',
  title: 'Enough requests are answered well each second',
  doc: `\`goodput >= 190/s\` is the mean over slices of good replies a second, by intended start (correct status; within \`within:\` when that is given); \`rate\` counts all requests
sent. The mean's interval comes from batch means: neighbouring slices are joined until they no longer correlate. *Pass* when its lower bound reaches the limit, *fail* when its upper bound
does not **and** enough was offered: when the generator offered less than the limit, it is *inconclusive* (\`generator-unhealthy\`), never the system's fault.

\`sustained: { for: 4m, slice: 10s }\` asks for one stretch that long, within one phase, in which the mean keeps the limit; only stretches in which enough was offered are looked at, so a ramp beside them does not matter. The more stretches a run has, the clearer the best of them must be.
\`source: server\` counts \`http_server_request_duration_seconds_count\` (5xx are not good) or \`query\`, by the same labels as errors.`,
  example: `- id: CHK-03
  type: throughput
  require: goodput >= 190/s
  sustained: { for: 4m, slice: 10s }`,
  stats: [
    { kind: 'named', name: 'goodput', args: [], units: ['/s'] },
    { kind: 'named', name: 'rate', args: [], units: ['/s'] },
  ],
  where: ['scenario', 'route', 'phase', 'service', 'labels'],
  vantages: ['client', 'server'],
  options: {
    within: { kind: 'duration', required: false, doc: 'A reply slower than this is not good.' },
    sustained: {
      kind: 'record',
      required: false,
      doc: 'Some stretch of this length must keep the limit.',
      fields: {
        for: { kind: 'duration', required: true, doc: 'Length of the stretch.' },
        slice: { kind: 'duration', required: false, doc: "Slices to average over; default the document's." },
      },
    },
  },
  refs: { query: 'optional', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: needsOfThroughput,
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

function needsOfThroughput(requirement: Requirement, context: NeedsContext): Needs {
  if (requirement.source === 'client') return { ...noNeeds, watches: [watchOf(requirement, context)] };
  return {
    ...noNeeds,
    queries: [
      {
        key: `${requirement.id}/status`,
        query: requirement.query ?? statusQuery(selectorOf(requirement)),
        mode: 'slices',
        slice: wantedSlice(requirement),
        ...(requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef }),
      },
    ],
  };
}

function watchOf(requirement: Requirement, context: NeedsContext) {
  const within = numberOption(requirement, 'within');
  const sliced = { ...requirement, slice: wantedSlice(requirement) };
  return watchFor(sliced, context, 'response', within === undefined ? [] : [within]);
}

function wantedSlice(requirement: Requirement): Millis {
  return (asNumber(recordOption(requirement, 'sustained')['slice']) ?? requirement.slice) as Millis;
}

interface Rates {
  readonly slices: readonly RateSlice[];
  /** Said of slices in which too little was offered for a lower limit; what a server counted says nothing of that. */
  readonly shortOf?: (slices: readonly RateSlice[]) => ClauseVerdict | undefined;
}

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const found = ratesFor(clause, requirement, context);
  if ('reason' in found) return noDataVerdict(clause, found);
  const { slices, shortOf } = found;
  const sustainedMs = asNumber(recordOption(requirement, 'sustained')['for']);
  const sliceMs = wantedSlice(requirement);
  const name = clause.stat.kind === 'named' ? clause.stat.name : 'rate';
  if (sustainedMs !== undefined)
    return judgeSustained(
      clause,
      { slices, sliceMs, forMs: sustainedMs, name, ...(shortOf === undefined ? {} : { shortOf }) },
      requirement,
    );
  const evidence = { slices: secondsOf(slices), sliceMs, unit: '/s', name, samples: requestsIn(slices) } as const;
  return shortOf?.(slices) ?? judgeMean(clause, evidence, requirement);
}

function ratesFor(clause: Clause, requirement: Requirement, context: JudgeContext): Rates | NoEvidence {
  const countsAll = clause.stat.kind === 'named' && clause.stat.name === 'rate';
  if (requirement.source === 'server') return serverRates(requirement, context, countsAll);
  const { load } = context.observations;
  const watch = load?.watches.find((each) => each.id === requirement.id);
  const phases = phasesOf(requirement, context);
  const hasWithin = numberOption(requirement, 'within') !== undefined;
  if (load === undefined || watch === undefined) return { reason: 'no-data', message: 'no load was driven' };
  const slices = rateSlices(load, watch, phases, {
    fineMs: fineSlice(wantedSlice(requirement)),
    wantedMs: wantedSlice(requirement),
    counted: (slice) =>
      countsAll ? slice.requests : slice.requests - (hasWithin ? (slice.over[0] ?? 0) : slice.failed),
  });
  if (requestsIn(slices) === 0) return { reason: 'no-data', message: `no requests were sent in ${phases.join(', ')}` };
  const phasesIn = (some: readonly RateSlice[]): readonly string[] => [...new Set(some.map(({ phase }) => phase))];
  return { slices, shortOf: (some) => offeredTooLittle(clause, some, load, phasesIn(some)) };
}

/** What the server counted is what reached it: whether more was offered is not its to say. */
function serverRates(requirement: Requirement, context: JudgeContext, countsAll: boolean): Rates | NoEvidence {
  const isFailed = (status: string | undefined): boolean => status === undefined || status.startsWith('5');
  const found = statusEvidence(requirement, `${requirement.id}/status`, context, countsAll ? undefined : isFailed);
  if ('reason' in found) return found;
  const slices = found.slices.map((slice, i) => ({
    startMs: i * found.sliceMs,
    durationMs: found.sliceMs,
    phase: slice.stratum ?? '',
    requests: slice.requests,
    counted: countsAll ? slice.requests : slice.requests - slice.bad,
  }));
  return { slices };
}
