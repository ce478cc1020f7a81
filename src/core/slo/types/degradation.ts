// degradation: slower than before, or slower under load than at rest, by more than is allowed.
import type { BaselineObservation } from '../../model/observations.ts';
import type { Clause, Limit, Requirement, Stat } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { baselineEstimate } from '../evidence/baseline-estimate.ts';
import { type PhaseEstimate, phaseMean, phaseQuantile } from '../evidence/phase-estimate.ts';
import { groupsOf, phasesOf } from '../evidence/scope.ts';
import { clausesOf, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, RequirementType, StatForm } from '../requirement-type.ts';
import { ratioInterval } from '../statistics/ratio-interval.ts';
import { sayInterval, sayQuantity, sayShare } from '../wording.ts';
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
*fail* when the lower bound is beyond it **and** the difference exceeds \`minEffect\`. With three baseline runs or more their scatter widens the interval by the noise between runs.

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
      doc: 'A difference up to this is never a degradation, so that a tiny baseline does not trip.',
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
    case 'baseline': {
      const baselines = context.observations.baselines.filter((each) => each.requirement === requirement.id);
      const isRate = stat.kind === 'named' && stat.name === 'rate';
      return isRate
        ? judgeErrorGrowth(clause, limit.plus, baselines, requirement, context)
        : judgeHistory(clause, limit, baselines, requirement, context);
    }
    case 'multiple':
      return only(judgePhasePair(clause, limit, requirement, context));
    case 'fixed':
    case 'range':
      return only(unsupportedVerdict(clause, 'a degradation is compared with the baseline or another phase'));
  }
}

/** The present value is told all the same: it is what the next run will be compared with. */
function withoutBaseline(clause: Clause, current: PhaseEstimate, requirement: Requirement): ClauseVerdict {
  const { value, interval } = current;
  const observed = { value, unit: 'ms' as const, interval, confidence: requirement.confidence };
  const said = `${nameOf(clause.stat)} ${sayInterval(value, interval, 'ms')}: ${noBaseline}`;
  return inconclusiveVerdict(clause, 'no-baseline', noBaseline, { observed, explanation: said });
}

function judgeHistory(
  clause: Clause,
  limit: Extract<Limit, { kind: 'baseline' }>,
  baselines: readonly BaselineObservation[],
  requirement: Requirement,
  context: JudgeContext,
): Compared {
  const current = estimateOf(clause.stat, phasesOf(requirement, context), requirement, context);
  if (current === undefined) return { verdict: tooFew(clause), notes: [] };
  const before = baselineEstimate(baselines, current, quantileOf(clause.stat), requirement.confidence);
  if (before === undefined) return { verdict: withoutBaseline(clause, current, requirement), notes: [] };
  const change = current.value / before.value - 1;
  const factor = limit.plus.unit === 'ratio' ? 1 + limit.plus.value : 1 + limit.plus.value / before.value;
  const widened = widenedBy(current, before.spread);
  const verdict = judgeRatio(
    clause,
    { current: widened, before, factor },
    requirement,
    `baseline ${sayQuantity(before.value, 'ms')}`,
  );
  return { verdict, baseline: { value: before.value, runs: before.runs, change }, notes: before.notes };
}

function judgePhasePair(
  clause: Clause,
  limit: Extract<Limit, { kind: 'multiple' }>,
  requirement: Requirement,
  context: JudgeContext,
): ClauseVerdict {
  const own = argsOf(clause.stat)[0];
  const other = argsOf(limit.stat)[0];
  if (other === undefined) return unsupportedVerdict(clause, 'name the phase to compare with, as in 2 x p95(idle)');
  const phases = own === undefined ? phasesOf(requirement, context) : [own];
  const current = estimateOf(clause.stat, phases, requirement, context);
  const before = estimateOf(limit.stat, [other], requirement, context);
  if (current === undefined || before === undefined) return tooFew(clause);
  return judgeRatio(
    clause,
    { current, before, factor: limit.factor },
    requirement,
    `in ${other} ${sayQuantity(before.value, 'ms')}`,
  );
}

function tooFew(clause: Clause): ClauseVerdict {
  return noDataVerdict(clause, {
    reason: 'no-data',
    message: 'one of the two has no requests, or too few for an interval of this percentile',
  });
}

interface Pair {
  readonly current: PhaseEstimate;
  readonly before: { readonly value: number; readonly interval: readonly [number, number] };
  readonly factor: number;
}

/** Said in milliseconds: the observed value, the limit that the other one sets, the interval of the ratio times the other one. */
function judgeRatio(clause: Clause, pair: Pair, requirement: Requirement, other: string): ClauseVerdict {
  const { current, before } = pair;
  const found = ratioInterval(current, before);
  if (found === undefined) return tooFew(clause);
  const least = 1 + (numberOption(requirement, 'minEffect') ?? 0) / before.value;
  const allowed = Math.max(pair.factor, least);
  const limit = allowed * before.value;
  const interval = [found.interval[0] * before.value, found.interval[1] * before.value] as const;
  const observed = { value: current.value, unit: 'ms' as const, interval, confidence: requirement.confidence };
  const change = `${found.value >= 1 ? '+' : '-'}${sayShare(Math.abs(found.value - 1))}`;
  const explanation = `${nameOf(clause.stat)} ${sayInterval(current.value, interval, 'ms')}, limit ${sayQuantity(limit, 'ms')}: ${other}, change ${change}`;
  const verdict = compareInterval('lte', found.interval, [allowed]);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval of the change holds the limit: a longer run, or more baseline runs, would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function estimateOf(
  stat: Stat,
  phases: readonly string[],
  requirement: Requirement,
  context: JudgeContext,
): PhaseEstimate | undefined {
  const { load } = context.observations;
  const q = quantileOf(stat);
  if (load === undefined) return undefined;
  const groups = groupsOf(load, requirement, phases);
  return q === undefined ? phaseMean(groups, requirement.confidence) : phaseQuantile(groups, q, requirement.confidence);
}

/** `p95`, also written with its phase; undefined for a mean. */
function quantileOf(stat: Stat): number | undefined {
  if (stat.kind === 'quantile') return stat.q;
  return /^p\d/.test(stat.name) ? Number((Number(stat.name.slice(1)) / 100).toPrecision(12)) : undefined;
}

function nameOf(stat: Stat): string {
  if (stat.kind === 'quantile') return `p${Number((stat.q * 100).toPrecision(8))}`;
  return stat.args.length === 0 ? stat.name : `${stat.name}(${stat.args.join(', ')})`;
}

/** One run varies at least as much as runs do: its interval is never narrower than their spread. */
function widenedBy(estimate: PhaseEstimate, spread: number): PhaseEstimate {
  const { value, interval } = estimate;
  return {
    ...estimate,
    interval: [Math.min(interval[0], value / spread), Math.max(interval[1], value * spread)],
  };
}
