// recovery: how soon after a spike another requirement is met again.
import type { LoadResult } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { meetsAsMeasured } from '../as-measured.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { clausesOf, limitValues } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, NeedsScope, RequirementType } from '../requirement-type.ts';
import { sayDuration, sayInterval, sayQuantity } from '../wording.ts';
import { noNeeds } from './type-options.ts';

export const recovery: RequirementType = {
  name: 'recovery',
  title: 'The system recovers in time',
  doc: `\`timeTo(CHK-01) <= 60s after spike\`: the time from the end of phase \`spike\` to the first of three slices in a row that meet CHK-01, each as measured (a single slice is too short for an interval). Without \`after\`, the phase with the highest
load is meant. One slice is the resolution, so the interval is the time plus or minus one slice: *pass* when even the longer time keeps the limit, *fail* when even the shorter one does not, or when nothing had recovered
by the limit. *Inconclusive* when the run ends before it could tell, and when a single slice cannot tell of the requirement (a slope, a comparison, a stretch of a minute).

The requirement timed must be one on requests (latency, errors, ttft, ...). Phases after the spike count here whether or not they are judged otherwise: list them in \`evaluation.phases\` or give them the role \`recovery\`.`,
  example: `- id: CHK-14
  type: recovery
  require: timeTo(CHK-01) <= 60s after spike`,
  stats: [
    { kind: 'named', name: 'timeTo', args: ['requirement'], units: ['ms'] },
    { kind: 'named', name: 'timeTo', args: ['requirement', 'phase'], units: ['ms'] },
  ],
  where: [],
  vantages: ['client'],
  options: {
    recoveryPhases: {
      kind: 'texts',
      required: false,
      doc: 'Phases after the spike in which recovery is looked for; default all judged ones.',
    },
  },
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement, scope) => {
    const timed = timedOf(requirement, scope);
    const needs = timed.map((each) => scope.needsOf(each));
    const phases = phasesWatched(requirement, scope);
    return {
      ...noNeeds,
      watches: needs.flatMap(({ watches }) => watches.map((watch) => ({ ...watch, phases }))),
      measures: needs.flatMap(({ measures }) => measures),
      queries: needs.flatMap(({ queries }) => queries),
    };
  },
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

/** Slices in a row that must be met. */
const inARow = 3;

/** The requirements that are timed, under an id of their own: what they watch must reach beyond the judged phases. */
function timedOf(requirement: Requirement, scope: NeedsContext): readonly Requirement[] {
  const ids = new Set(clausesOf(requirement).map((clause) => argOf(clause, 0)));
  return scope.all
    .filter((each) => ids.has(each.id) && each.id !== requirement.id && each.type !== 'recovery')
    .map((each) => ownCopy(requirement, each));
}

function ownCopy(requirement: Requirement, timed: Requirement): Requirement {
  const { phase: _, ...where } = timed.where;
  return { ...timed, id: `${requirement.id}/${timed.id}`, where, slice: requirement.slice };
}

function phasesWatched(requirement: Requirement, scope: NeedsScope): readonly string[] {
  const { recoveryPhases } = requirement.options;
  const named = Array.isArray(recoveryPhases) ? recoveryPhases.map(String) : [];
  const spikes = clausesOf(requirement).flatMap((clause) => argOf(clause, 1) ?? []);
  return [...new Set([...scope.phases, ...scope.evaluation.phases, ...named, ...spikes])];
}

const argOf = (clause: Clause, index: number): string | undefined =>
  clause.stat.kind === 'named' ? clause.stat.args[index] : undefined;

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const { load } = context.observations;
  const limit = limitValues(clause).at(-1);
  const timed = timedOf(requirement, context).find((each) => each.id.endsWith(`/${argOf(clause, 0) ?? ''}`));
  if (timed === undefined || limit === undefined)
    return unsupportedVerdict(clause, `no requirement ${argOf(clause, 0) ?? ''} to time`);
  if (load === undefined) return noDataVerdict(clause, { reason: 'no-data', message: 'no load was driven' });
  const end = spikeEnd(load, argOf(clause, 1));
  if (end === undefined)
    return noDataVerdict(clause, {
      reason: 'no-data',
      message: `phase ${argOf(clause, 1) ?? 'with the spike'} was not run to its end`,
    });
  const slices = slicesAfter(load, end, requirement.slice);
  const verdicts = slices.map((startMs) => context.judgeWithin(timed, { startMs, endMs: startMs + requirement.slice }));
  const met = verdicts.map((verdict) => meetsAsMeasured(verdict, timed));
  if (met.some((each) => each !== undefined)) return verdictOf(clause, limit, met, requirement);
  const id = argOf(clause, 0) ?? '';
  const open = verdicts.find(({ reason }) => reason !== 'no-data') ?? verdicts[0];
  const { need } = open ?? {};
  if (open === undefined || need === undefined)
    return noDataVerdict(clause, { reason: 'no-data', message: `nothing of ${id} was seen after the spike` });
  const why = `${id} cannot be told in slices of ${sayDuration(requirement.slice)}: ${need}`;
  return open.reason === 'no-data'
    ? noDataVerdict(clause, { reason: 'no-data', message: why })
    : inconclusiveVerdict(clause, 'prerequisite', why);
}

/** Times from the end of the spike: of the first slice of a row, or how long none had come. */
function verdictOf(
  clause: Clause,
  limit: number,
  met: readonly (boolean | undefined)[],
  requirement: Requirement,
): ClauseVerdict {
  const { slice, confidence } = requirement;
  const first = met.findIndex(
    (_, i) => i + inARow <= met.length && met.slice(i, i + inARow).every((each) => each === true),
  );
  if (first >= 0) {
    const value = first * slice;
    const interval = [Math.max(0, value - slice), value + slice] as const;
    const observed = { value, unit: 'ms' as const, interval, confidence };
    const explanation = `recovered ${sayInterval(value, interval, 'ms')} after the spike, limit ${sayQuantity(limit, 'ms')}: first of ${inARow} slices of ${sayDuration(slice)} in a row`;
    const verdict = compareInterval(clause.op, interval, limitValues(clause));
    if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
    const need = 'the time is within one slice of the limit: use shorter slices';
    return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
  }
  // Slices without requests say nothing: only those seen to be broken show that it had not recovered.
  const isSeenLate = met.some((each, i) => each === false && i * slice > limit + slice);
  const explanation = `not recovered within ${sayDuration(met.length * slice)} after the spike, limit ${sayQuantity(limit, 'ms')}`;
  if (isSeenLate) {
    const value = met.lastIndexOf(false) * slice;
    return { clause: clause.text, verdict: 'fail', observed: { value, unit: 'ms', confidence }, limit, explanation };
  }
  const need = `need ${sayDuration(limit + (inARow + 1) * slice)} of load after the spike, have ${sayDuration(met.length * slice)}`;
  return inconclusiveVerdict(clause, 'too-few-samples', need, { limit, explanation: `${explanation}; ${need}` });
}

/** End of the named phase, else of the phase with the highest rate or most users. */
function spikeEnd(load: LoadResult, name: string | undefined): number | undefined {
  const level = (phase: LoadResult['phases'][number]): number =>
    phase.users ?? Math.max(phase.plannedRate.from, phase.plannedRate.to);
  const highest = load.phases.reduce<LoadResult['phases'][number] | undefined>(
    (most, phase) => (most !== undefined && level(most) >= level(phase) ? most : phase),
    undefined,
  );
  const spike = name === undefined ? highest : load.phases.find((phase) => phase.name === name);
  return spike !== undefined && spike.endMs <= load.durationMs ? spike.endMs : undefined;
}

function slicesAfter(load: LoadResult, endMs: number, sliceMs: number): readonly number[] {
  const count = Math.floor((load.durationMs - endMs) / sliceMs + 1e-9);
  return Array.from({ length: Math.max(0, count) }, (_, i) => endMs + i * sliceMs);
}
