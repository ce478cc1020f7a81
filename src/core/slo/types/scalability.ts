// scalability: how much of added capacity arrives as throughput.
import type { LoadResult } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import { hasLower, offeredRate } from '../clauses/offered-rate.ts';
import { rateSlices, requestsIn, secondsOf } from '../evidence/rate-slices.ts';
import { fineSlice, limitValues, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, RequirementType } from '../requirement-type.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { type Estimate, ratioInterval } from '../statistics/ratio-interval.ts';
import { fitUsl } from '../statistics/usl.ts';
import { sayInterval, sayQuantity, sayShare } from '../wording.ts';
import { asNumber, noNeeds, recordOption } from './type-options.ts';

export const scalability: RequirementType = {
  name: 'scalability',
  title: 'Added capacity arrives as throughput',
  doc: `\`efficiency(4) >= 80%\` is X(4) / (4 X(1)): throughput of good requests with four units (replicas, cores, users) against four times that of one. \`levels\` says which phase ran with how many units, as in
\`{ one: 1, two: 2, four: 4 }\`; without it the users of closed phases count. X comes from batch means in each phase, the ratio's bounds from both intervals.

With three levels or more the Universal Scalability Law X(N) = lN / (1 + s(N-1) + kN(N-1)) is fitted and its contention s, coherency k and peak are told. *Inconclusive* without a phase of one unit, or of that many, and where the load itself
offered less than the limit asks for (\`generator-unhealthy\`).`,
  example: `- id: CHK-16
  type: scalability
  levels: { one: 1, two: 2, four: 4 }
  require: efficiency(4) >= 80%`,
  stats: [{ kind: 'named', name: 'efficiency', args: ['number'], units: ['ratio'] }],
  where: ['scenario', 'route'],
  vantages: ['client'],
  options: {
    levels: { kind: 'numbers', required: false, doc: 'Units of capacity in each phase, by phase name.' },
  },
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement, context) => ({
    ...noNeeds,
    watches: [{ ...watchFor(requirement, context, 'response', []), phases: phasesWatched(requirement, context) }],
  }),
  judge: (requirement, rule, context) => {
    const levels = levelsOf(requirement, context);
    return {
      clauses: rule.clauses.map((clause) => judgeClause(clause, levels, requirement, context)),
      notes: uslNote(levels),
    };
  },
};

/** Slices a phase needs before its throughput has an interval. */
const fewestSlicesForRate = 5;

interface Level {
  readonly units: number;
  /** Requests a second that the load offered; infinite where users send the next when the last is answered. */
  readonly offered: number;
  readonly throughput: Estimate;
  readonly requests: number;
}

function phasesWatched(requirement: Requirement, context: NeedsContext): readonly string[] {
  return [...new Set([...context.evaluation.phases, ...Object.keys(recordOption(requirement, 'levels'))])];
}

function levelsOf(requirement: Requirement, context: JudgeContext): readonly Level[] {
  const { load } = context.observations;
  if (load === undefined) return [];
  return phasesWatched(requirement, context).flatMap((phase) => {
    const units = unitsOf(phase, requirement, load);
    const found = units === undefined ? undefined : throughputOf(phase, requirement, load);
    return units === undefined || found === undefined ? [] : [{ units, ...found }];
  });
}

function unitsOf(phase: string, requirement: Requirement, load: LoadResult): number | undefined {
  return asNumber(recordOption(requirement, 'levels')[phase]) ?? load.phases.find((each) => each.name === phase)?.users;
}

function throughputOf(phase: string, requirement: Requirement, load: LoadResult): Omit<Level, 'units'> | undefined {
  const watch = load.watches.find((each) => each.id === requirement.id);
  if (watch === undefined) return undefined;
  const slices = rateSlices(load, watch, [phase], {
    fineMs: fineSlice(requirement.slice),
    wantedMs: requirement.slice,
    counted: (slice) => slice.requests - slice.failed,
  });
  const found =
    slices.length < fewestSlicesForRate ? undefined : meanInterval(secondsOf(slices), requirement.confidence);
  if (found === undefined) return undefined;
  return {
    offered: offeredRate(slices, load, [phase]),
    requests: requestsIn(slices),
    throughput: { value: found.mean, interval: found.interval },
  };
}

/** Whether requests were sent in a phase of so many units. */
function hasRun(units: number, requirement: Requirement, context: JudgeContext): boolean {
  const { load } = context.observations;
  const phases = phasesWatched(requirement, context);
  return (
    load?.groups.some(
      ({ phase, requests }) => requests > 0 && phases.includes(phase) && unitsOf(phase, requirement, load) === units,
    ) === true
  );
}

function judgeClause(
  clause: Clause,
  levels: readonly Level[],
  requirement: Requirement,
  context: JudgeContext,
): ClauseVerdict {
  const units = clause.stat.kind === 'named' ? Number(clause.stat.args[0]) : Number.NaN;
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined || !(units > 0))
    return unsupportedVerdict(clause, 'efficiency is written efficiency(4) >= 80%');
  const one = levels.find((level) => level.units === 1);
  const many = levels.find((level) => level.units === units);
  if (one === undefined || many === undefined) {
    const message = `need phases of 1 and ${units} units with ${fewestSlicesForRate} slices each, have ${levels.map((level) => level.units).join(', ') || 'none'}`;
    return [1, units].every((each) => hasRun(each, requirement, context))
      ? inconclusiveVerdict(clause, 'too-few-samples', message)
      : noDataVerdict(clause, { reason: 'no-data', message });
  }
  const found = ratioInterval(many.throughput, one.throughput);
  if (found === undefined)
    return inconclusiveVerdict(
      clause,
      'too-few-samples',
      'throughput is too unsteady for an interval: longer phases are needed',
    );
  const value = found.value / units;
  const interval = [found.interval[0] / units, found.interval[1] / units] as const;
  const observed = { value, unit: 'ratio' as const, interval, confidence: requirement.confidence };
  const explanation = `efficiency at ${units} ${sayInterval(value, interval, 'ratio')}, limit ${sayShare(limit)}: ${sayQuantity(many.throughput.value, '/s')} against ${sayQuantity(one.throughput.value, '/s')} with one`;
  const asked = (limits[0] ?? limit) * units * one.throughput.value;
  if (hasLower(clause.op) && many.offered < asked * (1 - 1e-9)) {
    const need = `only ${sayQuantity(many.offered, '/s')} were offered at ${units} units, less than the ${sayQuantity(asked, '/s')} that would keep the limit`;
    return inconclusiveVerdict(clause, 'generator-unhealthy', need, {
      observed,
      limit,
      explanation: `${explanation}; ${need}`,
    });
  }
  const samples = Math.min(one.requests, many.requests);
  const few = belowMinimum(clause, samples, requirement, { observed, limit, explanation });
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval holds the limit: longer phases would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

function uslNote(levels: readonly Level[]): readonly string[] {
  const fit = fitUsl(
    levels.map((level) => level.units),
    levels.map((level) => level.throughput.value),
  );
  if (fit === undefined) return [];
  const peak = Number.isFinite(fit.peak) ? `, peak at ${sayQuantity(fit.peak, '')}` : ', no peak in sight';
  return [`Universal Scalability Law: contention ${sayShare(fit.sigma)}, coherency ${fit.kappa.toPrecision(2)}${peak}`];
}
