// degradation: slower than before, or slower under load than at rest, by more than is allowed.
import type { Clause, Limit, Requirement, Stat } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict, Observed } from '../../model/verdict.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { baselineEstimate, fewestForSpread } from '../evidence/baseline-estimate.ts';
import {
  earlierValues,
  isErrorRate,
  quantileOf,
  requestsOf,
  responseEstimate,
  statisticName,
} from '../evidence/compared-statistic.ts';
import type { PhaseEstimate } from '../evidence/phase-estimate.ts';
import { phasesOf } from '../evidence/scope.ts';
import { clausesOf, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, RequirementType, StatForm } from '../requirement-type.ts';
import { type Estimate, ratioInterval } from '../statistics/ratio-interval.ts';
import { sayCount, sayInterval, sayQuantity, sayShare } from '../wording.ts';
import { type Compared, noBaseline } from './compared.ts';
import { judgeErrorGrowth } from './error-growth.ts';
import { noNeeds, numberOption } from './type-options.ts';

const relative = { units: ['ms'], limits: ['baseline', 'multiple'] } as const;
const ofPhase = (name: string): StatForm => ({ kind: 'named', name, args: ['phase'], ...relative });

export const degradation: RequirementType = {
  name: 'degradation',
  title: 'Not slower than before, or than at rest',
  doc: `\`p95 <= baseline + 10%\` compares with the last passed runs of the same verification, workload and environment; \`p95(peak) <= 2 x p95(idle)\` compares two phases of one run, which no difference between machines can disturb.
The ratio r of the two percentiles gets an interval from the order-statistic intervals of both (Zou and Donner's recovery of variances, on logarithms), with the design effect of each: *pass* when even the upper bound of r is within the limit,
*fail* when the lower bound is beyond it **and** the difference exceeds \`minEffect\`. With three baseline runs or more their scatter widens the interval by the noise between runs; with one or two, their own intervals are used. Each statistic of a rule is compared with its own earlier values. Failed requests lie beyond every value (unless \`failuresCountAs: excluded\`),
so that failing fast is no improvement; a mean with more than five of them has no value and fails.

\`rate <= baseline + 0.5%\` bounds the growth of the share of failed requests in percentage points (Newcombe's interval for two shares). *Inconclusive* without a baseline (\`no-baseline\`), and when the phases have too few requests.`,
  example: `- id: CHK-05
  title: Not slower than before
  type: degradation
  where: { scenario: buy }
  require: p95 <= baseline + 10%
  minEffect: 5ms
  priority: should`,
  stats: [
    { kind: 'quantile', ...relative },
    { kind: 'named', name: 'mean', args: [], ...relative },
    ...['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'mean'].map(ofPhase),
    { kind: 'named', name: 'rate', args: [], units: ['ratio'], limits: ['baseline'] },
  ],
  where: ['scenario', 'route', 'phase'],
  vantages: ['client'],
  options: {
    minEffect: {
      kind: 'duration',
      required: false,
      doc: 'A difference up to this is never a degradation, so that a tiny baseline does not trip. Where an improvement is asked for, it has no say.',
    },
  },
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement, context) => ({
    ...noNeeds,
    watches: [{ ...watchFor(requirement, context, 'response', []), phases: phasesNeeded(requirement, context) }],
    baseline: clausesOf(requirement).some((clause) => clause.limit.kind === 'baseline'),
  }),
  judge: (requirement, rule, context) => {
    const judged = rule.clauses.map((clause) => judgeClause(clause, requirement, context));
    const baseline = judged.find((each) => each.baseline !== undefined)?.baseline;
    return {
      clauses: judged.map((each) => each.verdict),
      notes: judged.flatMap((each) => each.notes),
      ...(baseline === undefined ? {} : { baseline }),
    };
  },
};

/** The judged phases and those that the rule names. */
function phasesNeeded(requirement: Requirement, context: NeedsContext): readonly string[] {
  const named = clausesOf(requirement).flatMap(({ stat, limit }) => [
    ...argsOf(stat),
    ...(limit.kind === 'multiple' ? argsOf(limit.stat) : []),
  ]);
  return [...new Set([...phasesOf(requirement, context), ...named])];
}

const argsOf = (stat: Stat): readonly string[] => (stat.kind === 'named' ? stat.args : []);

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): Compared {
  const { limit, op, stat } = clause;
  const only = (verdict: ClauseVerdict): Compared => ({ verdict, notes: [] });
  if (op !== 'lte' && op !== 'lt') return only(unsupportedVerdict(clause, 'a degradation has an upper limit (<=)'));
  switch (limit.kind) {
    case 'baseline':
      return isErrorRate(stat)
        ? judgeErrorGrowth(clause, limit.plus, requirement, context)
        : judgeHistory(clause, limit, requirement, context);
    case 'multiple':
      return only(judgePhasePair(clause, limit, requirement, context));
    case 'fixed':
    case 'range':
      return only(unsupportedVerdict(clause, 'a degradation is compared with the baseline or another phase'));
  }
}

/** The present value is told all the same: it is what the next run will be compared with. */
function withoutBaseline(
  clause: Clause,
  current: PhaseEstimate,
  requirement: Requirement,
  runs: number,
): ClauseVerdict {
  const need =
    runs === 0 ? noBaseline : `need ${fewestForSpread} earlier runs to know how much this value varies, have ${runs}`;
  const observed = observedOf(current, current.interval, requirement);
  const said = `${statisticName(clause.stat)} ${sayObserved(observed, current)}: ${need}`;
  return inconclusiveVerdict(clause, 'no-baseline', need, { observed, explanation: said });
}

function judgeHistory(
  clause: Clause,
  limit: Extract<Limit, { kind: 'baseline' }>,
  requirement: Requirement,
  context: JudgeContext,
): Compared {
  const current = responseEstimate(clause.stat, requirement, context);
  if (current === undefined) return { verdict: tooFew(clause, requirement, context), notes: [] };
  const earlier = earlierValues(clause.stat, requirement, context);
  const before = baselineEstimate(earlier, current, quantileOf(clause.stat), requirement.confidence);
  if (before === undefined || !('value' in before))
    return { verdict: withoutBaseline(clause, current, requirement, before?.runs ?? 0), notes: [] };
  const factor = limit.plus.unit === 'ratio' ? 1 + limit.plus.value : 1 + limit.plus.value / before.value;
  const widened = widenedBy(current, before.spread);
  const other = `baseline ${sayQuantity(before.value, 'ms')}`;
  const verdict = judgeRatio(
    clause,
    { current: widened, before, factor, samples: current.samples },
    requirement,
    other,
  );
  const change = current.value / before.value - 1;
  const baseline = { value: before.value, runs: before.runs, change };
  return { verdict, notes: before.notes, ...(Number.isFinite(change) ? { baseline } : {}) };
}

function judgePhasePair(
  clause: Clause,
  limit: Extract<Limit, { kind: 'multiple' }>,
  requirement: Requirement,
  context: JudgeContext,
): ClauseVerdict {
  const other = argsOf(limit.stat)[0];
  if (other === undefined) return unsupportedVerdict(clause, 'name the phase to compare with, as in 2 x p95(idle)');
  const current = responseEstimate(clause.stat, requirement, context);
  const before = responseEstimate(limit.stat, requirement, context);
  if (current === undefined || before === undefined) return tooFew(clause, requirement, context);
  if (!before.interval.every(Number.isFinite)) {
    const need = `too many requests failed in ${other} (${sayCount(before.failed)} of ${sayCount(before.samples)}) to compare with it`;
    return inconclusiveVerdict(clause, 'straddles', need);
  }
  const said = `in ${other} ${sayQuantity(before.value, 'ms')}`;
  const samples = Math.min(current.samples, before.samples);
  return judgeRatio(clause, { current, before, factor: limit.factor, samples }, requirement, said);
}

/** Nothing was seen only where one of the two has no requests at all. */
function tooFew(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const stats = [clause.stat, ...(clause.limit.kind === 'multiple' ? [clause.limit.stat] : [])];
  const counts = stats.map((stat) => requestsOf(stat, requirement, context));
  const least = Math.min(...counts);
  if (least === 0) return noDataVerdict(clause, { reason: 'no-data', message: 'one of the two has no requests' });
  const need = `need more requests for an interval of ${statisticName(clause.stat)}, have ${counts.map(sayCount).join(' and ')}`;
  return inconclusiveVerdict(clause, 'too-few-samples', need);
}

interface Pair {
  readonly current: PhaseEstimate;
  readonly before: Estimate;
  readonly factor: number;
  /** Requests of the one that has fewer. */
  readonly samples: number;
}

/** Said in milliseconds: the observed value, the limit that the other one sets, the interval of the ratio times the other one. */
function judgeRatio(clause: Clause, pair: Pair, requirement: Requirement, other: string): ClauseVerdict {
  const { current, before } = pair;
  const found = ratioBounds(current, before);
  if (found === undefined)
    return inconclusiveVerdict(clause, 'too-few-samples', 'one of the two has no interval above zero yet');
  const least = 1 + (numberOption(requirement, 'minEffect') ?? 0) / before.value;
  // An improvement that is asked for is not made good by a degradation too small to matter.
  const allowed = pair.factor < 1 ? pair.factor : Math.max(pair.factor, least);
  const limit = allowed * before.value;
  const observed = observedOf(current, [found[0] * before.value, found[1] * before.value], requirement);
  const said = `${statisticName(clause.stat)} ${sayObserved(observed, current)}, limit ${sayQuantity(limit, 'ms')}: ${other}`;
  const explanation = `${said}${sayChange(current.value / before.value)}`;
  const few = belowMinimum(clause, pair.samples, requirement, { observed, limit, explanation });
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, found, [allowed]);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval of the change holds the limit: a longer run, or more baseline runs, would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

/** What lies among failed requests is infinitely larger; the other bound stays known. */
function ratioBounds(current: PhaseEstimate, before: Estimate): readonly [number, number] | undefined {
  const [low, high] = current.interval;
  if (Number.isFinite(high)) return ratioInterval(current, before)?.interval;
  if (!Number.isFinite(low)) return [low, high];
  const finite = Number.isFinite(current.value) ? current.value : low;
  const least = ratioInterval({ value: finite, interval: [low, finite] }, before);
  return least && [least.interval[0], high];
}

function observedOf(
  { value, samples, failed }: PhaseEstimate,
  [low, high]: readonly [number, number],
  { confidence }: Requirement,
): Observed {
  const bounds = Number.isFinite(high)
    ? { interval: [low, high] as const }
    : Number.isFinite(low)
      ? { atLeast: low }
      : {};
  const seen = Number.isFinite(value) ? { value } : { failedShare: ratio(failed / samples) };
  return { unit: 'ms', confidence, ...seen, ...bounds };
}

function sayObserved({ value, interval, atLeast }: Observed, { samples, failed }: PhaseEstimate): string {
  const least = atLeast === undefined ? '' : ` (at least ${sayQuantity(atLeast, 'ms')})`;
  if (value === undefined) return `has no value (${sayCount(failed)} of ${sayCount(samples)} requests failed)${least}`;
  return interval === undefined ? `${sayQuantity(value, 'ms')}${least}` : sayInterval(value, interval, 'ms');
}

function sayChange(times: number): string {
  if (!Number.isFinite(times)) return '';
  return `, change ${times >= 1 ? '+' : '-'}${sayShare(Math.abs(times - 1))}`;
}

/** One run varies at least as much as runs do: its interval is never narrower than their spread. */
function widenedBy(estimate: PhaseEstimate, spread: number): PhaseEstimate {
  const { value, interval } = estimate;
  return {
    ...estimate,
    interval: [Math.min(interval[0], value / spread), Math.max(interval[1], value * spread)],
  };
}
