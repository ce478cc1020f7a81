// errorBudget: what is left of an SLO's error budget in production, and how fast it is spent.
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import type { Slo } from '../../model/verification.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import { budgetNeeds } from '../evidence/budget-queries.ts';
import { type BudgetUse, budgetUse } from '../evidence/budget-use.ts';
import { clausesOf, limitValues } from '../evidence/watch.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { parseDuration } from '../statistic-durations.ts';
import { budgetRemaining, burnRate, fewestEvents, timeToExhaustion } from '../statistics/burn-rate.ts';
import { clopperPearson } from '../statistics/clopper-pearson.ts';
import { sayCount, sayDuration, sayInterval, sayQuantity, sayShare } from '../wording.ts';
import { noNeeds } from './type-options.ts';

export const errorBudget: RequirementType = {
  name: 'errorBudget',
  title: 'The error budget lasts',
  doc: `Reads the queries of the OpenSLO SLO named by \`sloRef\` at the end of the run. \`burnRate(1h) <= 1\` is the bad share of the last hour divided by (1 - target): 1 spends exactly the whole budget in the SLO's window. \`remaining >= 25%\` is what is
left of the budget after the SLO's whole window. Bounds are exact ones of the bad share; about 1 / (1 - target) events are needed, as otherwise one bad event spends more than everything.

\`Occurrences\` counts events, \`Timeslices\` good slices, \`RatioTimeslices\` the mean of the slices' ratios; with more than a tenth of the window's slices missing both are *inconclusive* (\`stale-data\`). An indicator that only gives a ratio (\`raw\`) has no count, so it gives a point verdict. The time until the budget is spent at the
present rate is told. This is production's clock: a run that was no good as a run does not touch it.`,
  example: `- id: CHK-07
  type: errorBudget
  sloRef: checkout-fast
  require: burnRate(1h) <= 1 and remaining >= 25%`,
  stats: [
    { kind: 'named', name: 'burnRate', args: ['duration'], units: [''] },
    { kind: 'named', name: 'remaining', args: [], units: ['ratio'] },
  ],
  where: [],
  vantages: ['server'],
  options: {},
  refs: { query: 'forbidden', dataSourceRef: 'optional', sloRef: 'required' },
  acrossPhases: true,
  beyondRun: true,
  needs: (requirement, context) => {
    const slo = context.slos.find((each) => each.name === requirement.sloRef);
    if (slo === undefined) return noNeeds;
    const windows = new Set(clausesOf(requirement).flatMap((clause) => windowOf(clause, slo) ?? []));
    return { ...noNeeds, queries: [...windows].flatMap((window) => budgetNeeds(requirement, slo, window)) };
  },
  judge: (requirement, rule, context) => {
    const slo = context.slos.find((each) => each.name === requirement.sloRef);
    return {
      clauses: rule.clauses.map((clause) =>
        slo === undefined
          ? unsupportedVerdict(clause, `no SLO named ${requirement.sloRef ?? ''}`)
          : judgeClause(clause, slo, requirement, context),
      ),
      notes: slo === undefined ? [] : exhaustion(requirement, slo, context),
    };
  },
};

const isBurn = (clause: Clause): boolean => clause.stat.kind === 'named' && clause.stat.name === 'burnRate';

/** Milliseconds that a clause looks back; undefined where it does not say so in words that can be read. */
function windowOf(clause: Clause, slo: Slo): number | undefined {
  if (!isBurn(clause) || clause.stat.kind !== 'named') return slo.window;
  const asked = parseDuration(clause.stat.args[0] ?? '');
  return asked !== undefined && asked > 0 ? asked : undefined;
}

function judgeClause(clause: Clause, slo: Slo, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const window = windowOf(clause, slo);
  if (window === undefined) return unsupportedVerdict(clause, 'a window of time is wanted, as in burnRate(1h)');
  const use = budgetUse(requirement, slo, window, context);
  if ('reason' in use) return noDataVerdict(clause, use);
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a budget is compared with a fixed limit only');
  const [value, interval] = boundsOf(clause, slo, requirement, use);
  const unit = isBurn(clause) ? ('' as const) : ('ratio' as const);
  const observed = {
    value,
    unit,
    confidence: requirement.confidence,
    ...(use.events === undefined ? {} : { interval }),
  };
  const name = isBurn(clause) ? `burn rate over ${sayDuration(window)}` : 'budget remaining';
  const events =
    use.events === undefined
      ? ' (a point verdict: the indicator has no counts)'
      : ` of ${sayCount(Math.round(use.events))} ${use.noun}`;
  const explanation = `${name} ${sayInterval(value, observed.interval, unit)}, limit ${sayQuantity(limit, unit)}: bad share ${sayShare(use.badShare)}${events}`;
  const least = Math.max(fewestEvents(slo.target), requirement.minSamples);
  if (use.events !== undefined && use.events < least) {
    const need = `need ${sayCount(least)} ${use.noun}, have ${sayCount(Math.round(use.events))}`;
    return inconclusiveVerdict(clause, 'too-few-samples', need, {
      observed,
      limit,
      explanation: `${explanation}; ${need}`,
    });
  }
  const verdict = compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval holds the limit: more events would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function boundsOf(
  clause: Clause,
  slo: Slo,
  requirement: Requirement,
  use: BudgetUse,
): readonly [number, readonly [number, number]] {
  const [low, high] =
    use.events === undefined
      ? [use.badShare, use.badShare]
      : clopperPearson(use.badShare * use.events, use.events, requirement.confidence);
  return isBurn(clause)
    ? [burnRate(use.badShare, slo.target), [burnRate(low, slo.target), burnRate(high, slo.target)]]
    : [
        budgetRemaining(use.badShare, slo.target),
        [budgetRemaining(high, slo.target), budgetRemaining(low, slo.target)],
      ];
}

/** Told when the rule asks for both what remains and a burn rate. */
function exhaustion(requirement: Requirement, slo: Slo, context: JudgeContext): readonly string[] {
  const burn = clausesOf(requirement).find(isBurn);
  const window = burn && windowOf(burn, slo);
  const whole = budgetUse(requirement, slo, slo.window, context);
  if (window === undefined || 'reason' in whole) return [];
  const recent = budgetUse(requirement, slo, window, context);
  if ('reason' in recent) return [];
  const remaining = budgetRemaining(whole.badShare, slo.target);
  const left = timeToExhaustion(remaining, slo.window, burnRate(recent.badShare, slo.target));
  if (!Number.isFinite(left)) return ['at the present rate the budget is not spent at all'];
  return [left === 0 ? 'the budget is spent' : `at the present rate the budget lasts ${sayDuration(left)}`];
}
