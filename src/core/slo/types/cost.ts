// cost: what a thousand good requests, or a million tokens, cost in resources.

import { mergeHistograms } from '../../model/histogram-data.ts';
import type { LoadResult } from '../../model/load.ts';
import type { SeriesObservation } from '../../model/observations.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import type { NoEvidence } from '../evidence/evidence.ts';
import { rateSlices, requestsIn, secondsOf } from '../evidence/rate-slices.ts';
import { groupsOf, phasesOf } from '../evidence/scope.ts';
import { fineSlice, limitValues, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { sayCount, sayDuration, sayInterval, sayQuantity } from '../wording.ts';
import { asNumber, noNeeds, numberOption, recordOption } from './type-options.ts';

export const cost: RequirementType = {
  name: 'cost',
  title: 'A request costs no more than it may',
  doc: `\`costPer1k(goodRequests) <= 0.004 USD\`: each entry of \`usage\` (PromQL over \`{{.window}}\`) times the price of the same name in \`prices\`, summed, divided by good requests. The window is that of the requirement's own phases: what
ran before, between and after them is not charged. \`costPer1M(outputTokens)\` divides by tokens; \`{{.replicas}}\` in a query is the number that \`replicas:\` says. What was used is a
fact of the run; how many requests it carried varies, so the interval comes from batch means of the rate of good requests.

Judged only when every \`must\` of the document passed (\`prerequisite\`): cheap and broken is not cheap.`,
  example: `- id: CHK-11
  type: cost
  prices: { cpuHour: 0.0425 USD }
  usage: { cpuHour: 'sum(rate(process_cpu_seconds_total[{{.window}}])) * {{.windowSeconds}} / 3600' }
  require: costPer1k(goodRequests) <= 0.004 USD
  priority: info`,
  stats: [
    { kind: 'named', name: 'costPer1k', args: ['name'], units: ['USD'] },
    { kind: 'named', name: 'costPer1M', args: ['name'], units: ['USD'] },
  ],
  where: ['scenario', 'route', 'phase'],
  vantages: ['server'],
  options: {
    prices: { kind: 'quantities', required: true, doc: 'Price of one unit of each resource, in USD.' },
    usage: { kind: 'queries', required: true, doc: 'PromQL of how many units each resource used in the window.' },
    replicas: { kind: 'number', required: false, doc: 'What `{{.replicas}}` in `usage` stands for; default 1.' },
  },
  refs: { query: 'forbidden', dataSourceRef: 'optional', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement, context) => ({
    ...noNeeds,
    watches: [watchFor(requirement, context, 'response', [])],
    queries: Object.entries(recordOption(requirement, 'usage')).map(([name, query]) => ({
      key: `${requirement.id}/${name}`,
      query: String(query).replaceAll(/\{\{\s*\.replicas\s*\}\}/g, String(numberOption(requirement, 'replicas') ?? 1)),
      mode: 'instant',
      phases: phasesOf(requirement, context),
      ...(requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef }),
    })),
  }),
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

/** Slices needed before the rate of requests has an interval worth the name. */
const fewestSlicesForCost = 10;

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const broken = unpassedMusts(requirement, context);
  if (broken.length > 0)
    return inconclusiveVerdict(
      clause,
      'prerequisite',
      `${broken.join(', ')} did not pass: cheap and broken is not cheap`,
    );
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined || clause.stat.kind !== 'named')
    return unsupportedVerdict(clause, 'a cost is compared with a fixed limit only');
  const spent = spentMoney(requirement, context);
  if (typeof spent !== 'number') return noDataVerdict(clause, spent);
  const served = servedUnits(clause.stat.args[0] ?? '', requirement, context);
  if ('reason' in served) return noDataVerdict(clause, served);
  if ('need' in served) return inconclusiveVerdict(clause, 'too-few-samples', served.need);
  const per = clause.stat.name === 'costPer1M' ? 1e6 : 1e3;
  const value = (spent / served.count) * per;
  const interval = [value / served.high, value / served.low] as const;
  const observed = { value, unit: 'USD' as const, interval, confidence: requirement.confidence };
  const explanation = `cost ${sayInterval(value, interval, 'USD')}, limit ${sayQuantity(limit, 'USD')}: ${sayQuantity(spent, 'USD')} for ${sayCount(served.count)} ${clause.stat.args[0] ?? ''}`;
  const few = belowMinimum(clause, served.requests, requirement, { observed, limit, explanation });
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval holds the limit: a longer run would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function unpassedMusts(requirement: Requirement, context: JudgeContext): readonly string[] {
  return context.all
    .filter((each) => each.priority === 'must' && each.type !== 'cost' && each.id !== requirement.id)
    .filter((each) => {
      const verdict = context.verdictOf(each.id)?.verdict;
      return verdict !== 'pass' && verdict !== 'warn';
    })
    .map((each) => each.id);
}

/** USD used in the window. Every resource with a price needs a usage with a value, and the other way round. */
function spentMoney(requirement: Requirement, context: JudgeContext): number | NoEvidence {
  const prices = recordOption(requirement, 'prices');
  let sum = 0;
  const names = new Set([...Object.keys(prices), ...Object.keys(recordOption(requirement, 'usage'))]);
  for (const name of names) {
    const used = usedUnits(`${requirement.id}/${name}`, context);
    const price = asNumber(prices[name]);
    if (price === undefined) return { reason: 'no-data', message: `no price for ${name}` };
    if (used === undefined) return { reason: 'no-data', message: `the usage query of ${name} gave no value` };
    if (used < 0) return { reason: 'stale-data', message: `the usage of ${name} is negative: a counter was lost` };
    sum += used * price;
  }
  return sum;
}

function usedUnits(key: string, context: JudgeContext): number | undefined {
  const observations = context.observations.series.filter((each) => each.key === key);
  const sums = observations.map(usedIn);
  // Stretches of phases that lie apart were asked for one by one: each must have its value.
  return sums.length === 0 || sums.includes(undefined) ? undefined : sums.reduce<number>((a, b) => a + (b ?? 0), 0);
}

function usedIn({ series, window, step }: SeriesObservation): number | undefined {
  const isFresh = series.every(({ times }) => (times.at(-1) ?? 0) >= window.end - Math.max(2 * step, 60_000));
  const sum = series.reduce((total, { values }) => total + (values.at(-1) ?? Number.NaN), 0);
  return series.length === 0 || !isFresh || !Number.isFinite(sum) ? undefined : sum;
}

interface Served {
  readonly count: number;
  readonly requests: number;
  /** Bounds of the count by those of the rate, as factors of it. */
  readonly low: number;
  readonly high: number;
}

function servedUnits(
  name: string,
  requirement: Requirement,
  context: JudgeContext,
): Served | NoEvidence | { readonly need: string } {
  const { load } = context.observations;
  const watch = load?.watches.find((each) => each.id === requirement.id);
  if (load === undefined || watch === undefined) return { reason: 'no-data', message: 'no load was driven' };
  const slices = rateSlices(load, watch, phasesOf(requirement, context), {
    fineMs: fineSlice(requirement.slice),
    wantedMs: requirement.slice,
    counted: (slice) => (name === 'requests' ? slice.requests : slice.requests - slice.failed),
  });
  const found =
    slices.length < fewestSlicesForCost ? undefined : meanInterval(secondsOf(slices), requirement.confidence);
  const counted = slices.reduce((sum, slice) => sum + slice.counted, 0);
  if (counted === 0) return { reason: 'no-data', message: 'no good requests were counted' };
  if (found === undefined)
    return {
      need: `need ${fewestSlicesForCost} slices of ${sayDuration(requirement.slice)} to know how the requests vary, have ${slices.length}`,
    };
  if (found.interval[0] <= 0)
    return { need: 'the number of good requests varies too much from slice to slice: a longer run is needed' };
  const count = countOf(name, load, counted, requirement, context);
  if (!(count > 0)) return { reason: 'no-data', message: `no ${name} were counted` };
  return {
    count,
    requests: requestsIn(slices),
    low: found.interval[0] / found.mean,
    high: found.interval[1] / found.mean,
  };
}

function countOf(
  name: string,
  load: LoadResult,
  requests: number,
  requirement: Requirement,
  context: JudgeContext,
): number {
  if (name === 'goodRequests' || name === 'requests') return requests;
  const measure = name === 'inputTokens' ? 'inputTokens' : name === 'outputTokens' ? 'outputTokens' : undefined;
  if (measure === undefined) return 0;
  const groups = groupsOf(load, requirement, phasesOf(requirement, context));
  return mergeHistograms(groups.flatMap((group) => group.histograms[measure] ?? [])).sum;
}
