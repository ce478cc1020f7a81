// concurrency: how many requests are inside the system at once, and how many it can carry.

import type { StepState } from '../../model/breakpoint.ts';
import { mergeHistograms } from '../../model/histogram-data.ts';
import type { LoadResult, PhaseWindow } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict, VerdictName } from '../../model/verdict.ts';
import { type RiseStep, riseSteps } from '../breakpoint/rise-steps.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { isLower, judgeMean } from '../clauses/mean-clause.ts';
import { judgeSliceValues } from '../clauses/slice-values-clause.ts';
import { groupsOf, phaseDuration, phasesOf, phaseWindows } from '../evidence/scope.ts';
import { type SliceGrid, sliceGrid, staleness } from '../evidence/series-slices.ts';
import { busyQuery, selectorOf } from '../evidence/server-queries.ts';
import { clausesOf, limitValues } from '../evidence/watch.ts';
import { silentRows, worstOfRows } from '../evidence/worst-of-rows.ts';
import type { JudgeContext, RequirementType } from '../requirement-type.ts';
import { meanOf } from '../statistics/mean-interval.ts';
import { sayQuantity, sayShare } from '../wording.ts';
import { noNeeds } from './type-options.ts';

export const concurrency: RequirementType = {
  name: 'concurrency',
  title: 'The system carries enough, and is not overfull',
  doc: `\`max in_flight <= 120\` reads a gauge of requests in progress (\`query\`, or the service's \`http_server_active_requests\`) at the end of each slice: none may exceed the limit (30 slices needed), or only some with \`in
95% of slices\`. By Little's law the mean of the gauge should be the arrival rate times the mean response time (of the load, or with \`where.service\` of what the service's own
\`http_server_request_duration_seconds\` counted); a difference of more than 10% is reported as a doubt about the measurement.

\`capacity >= 32 while [A, B]\` looks at the judged phases as steps (concurrent users of a closed model for a plain number, the rate for \`>= 300/s\`; a ramp is cut into twenty): *pass* when all named requirements pass in a phase of 32 or more, *fail* when one of them fails in a
phase of 32 or less, *inconclusive* when neither is known, or both (the system is unsteady).`,
  example: `- id: CHK-04
  type: concurrency
  where: { service: checkout }
  require: max in_flight <= 120
  priority: should`,
  stats: [
    { kind: 'named', name: 'max', args: [], units: [''], of: ['in_flight'], inSlices: true },
    { kind: 'named', name: 'mean', args: [], units: [''], of: ['in_flight'] },
    { kind: 'quantile', units: [''], of: ['in_flight'] },
    { kind: 'named', name: 'capacity', args: [], units: ['', '/s'], while: true },
  ],
  where: ['service', 'route', 'phase', 'labels'],
  vantages: ['server'],
  options: {},
  refs: { query: 'optional', dataSourceRef: 'optional', sloRef: 'forbidden' },
  acrossPhases: true,
  needs: (requirement) => {
    if (clausesOf(requirement).every(isCapacity)) return noNeeds;
    const query = requirement.query ?? `sum(http_server_active_requests${selectorOf(requirement)})`;
    const dataSource = requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef };
    const gauge = { key: `${requirement.id}/in_flight`, query, mode: 'slices' as const, ...dataSource };
    if (requirement.where.service === undefined) return { ...noNeeds, queries: [gauge] };
    const busy = { query: busyQuery(selectorOf(requirement)), mode: 'slices' as const, optional: true as const };
    return { ...noNeeds, queries: [gauge, { key: busyKey(requirement), ...busy, ...dataSource }] };
  },
  judge: (requirement, rule, context) => {
    const grid = rule.clauses.every(isCapacity)
      ? undefined
      : sliceGrid(requirement, `${requirement.id}/in_flight`, context);
    return {
      clauses: rule.clauses.map((clause) =>
        isCapacity(clause) || grid === undefined
          ? judgeCapacity(clause, requirement, context)
          : 'reason' in grid
            ? noDataVerdict(clause, grid)
            : judgeInFlight(clause, grid, requirement),
      ),
      notes:
        grid === undefined || 'reason' in grid ? [] : [...silentRows(grid), ...littlesLaw(grid, requirement, context)],
    };
  },
};

const isCapacity = (clause: Clause): boolean => clause.stat.kind === 'named' && clause.stat.name === 'capacity';

function judgeInFlight(clause: Clause, grid: SliceGrid, requirement: Requirement): ClauseVerdict {
  const values = worstOfRows(grid, isLower(clause.op));
  if (clause.stat.kind === 'named' && clause.stat.name === 'mean') {
    const stale = staleness(grid, values);
    if (stale !== undefined) return noDataVerdict(clause, stale);
    const slices = values.flatMap((value, i) =>
      value === undefined ? [] : [{ total: value, weight: 1, stratum: grid.phases[i] ?? '' }],
    );
    const evidence = {
      slices,
      sliceMs: grid.sliceMs,
      unit: '',
      name: 'mean in flight',
      samples: slices.length,
    } as const;
    return judgeMean(clause, evidence, requirement);
  }
  return judgeSliceValues(clause, { grid, values, name: 'in flight' }, requirement);
}

const busyKey = (requirement: Requirement): string => `${requirement.id}/busy`;

/**
 * L = lambda W (J. D. C. Little, Operations Research 9, 1961): for the requests that the load drove into the whole system, or for those that the service named counted itself. An inner service sees other
 * requests than the load sends.
 */
function littlesLaw(grid: SliceGrid, requirement: Requirement, context: JudgeContext): readonly string[] {
  const isOfService = requirement.where.service !== undefined;
  const expected = isOfService ? busyOfService(requirement, context) : busyByLoad(requirement, context);
  const measured = meanOf(worstOfRows(grid, false).filter((value) => value !== undefined));
  if (expected === undefined)
    return isOfService
      ? [
          "Little's law was not checked: the service's own request durations (http_server_request_duration_seconds_sum) gave no values",
        ]
      : [];
  if (!(measured > 0) || !Number.isFinite(measured)) return [];
  const off = Math.abs(measured - expected) / measured;
  if (off <= 0.1) return [];
  return [
    `by Little's law ${sayQuantity(expected, '')} requests should be in progress on average, the gauge says ${sayQuantity(measured, '')} (${sayShare(off)} off): it may count something else`,
  ];
}

/** Rate times mean response time of the load; undefined without one. */
function busyByLoad(requirement: Requirement, { observations, ...context }: JudgeContext): number | undefined {
  const { load } = observations;
  if (load === undefined) return undefined;
  const phases = phasesOf(requirement, context);
  const groups = groupsOf(load, requirement, phases);
  const responses = mergeHistograms(groups.flatMap((group) => group.histograms.response ?? []));
  const seconds = phaseDuration(load, phases) / 1000;
  if (responses.count === 0 || seconds <= 0) return undefined;
  return (responses.count / seconds) * (responses.sum / responses.count / 1e6);
}

/** The same of what the service counted: seconds of requests in each second. */
function busyOfService(requirement: Requirement, context: JudgeContext): number | undefined {
  const grid = sliceGrid(requirement, busyKey(requirement), context);
  if ('reason' in grid) return undefined;
  const values = worstOfRows(grid, false);
  if (staleness(grid, values) !== undefined) return undefined;
  const busy = meanOf(values.filter((value) => value !== undefined)) / (grid.sliceMs / 1000);
  return Number.isFinite(busy) ? busy : undefined;
}

interface Step {
  readonly level: number;
  /** Of the level: requests a second, or users. */
  readonly unit: '' | '/s';
  readonly verdict: VerdictName;
}

function judgeCapacity(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const limit = limitValues(clause)[0];
  const { load } = context.observations;
  if (limit === undefined || !isLower(clause.op) || clause.while.length === 0)
    return unsupportedVerdict(clause, 'capacity is written `capacity >= 32 while [A, B]`');
  if (load === undefined) return noDataVerdict(clause, { reason: 'no-data', message: 'no load was driven' });
  const unit = unitOf(clause);
  const run = stepsOf(clause, load, requirement, context);
  if (run.length === 0) return noDataVerdict(clause, { reason: 'no-data', message: 'no judged phase was run' });
  const steps = run.filter((step) => step.unit === unit);
  if (steps.length === 0) return inconclusiveVerdict(clause, 'prerequisite', otherPace(limit, unit));
  const passed = steps.filter((step) => step.verdict === 'pass').map((step) => step.level);
  const failed = steps.filter((step) => step.verdict === 'fail').map((step) => step.level);
  const capacity = Math.max(0, ...passed);
  const said = steps.map((step) => `${sayQuantity(step.level, unit)} ${step.verdict}`).join(', ');
  const explanation = `capacity ${sayQuantity(capacity, unit)}, limit ${sayQuantity(limit, unit)}: ${said}`;
  const observed = { value: capacity, unit, confidence: requirement.confidence };
  const isKept = clause.op === 'gt' ? capacity > limit : capacity >= limit;
  const isBroken = failed.some((level) => level <= limit);
  if (isKept !== isBroken)
    return { clause: clause.text, verdict: isKept ? 'pass' : 'fail', observed, limit, explanation };
  const need = isKept
    ? 'a lower step failed and a higher one passed: the system is unsteady'
    : `need a step ${clause.op === 'gt' ? 'above' : 'at'} ${sayQuantity(limit, unit)} in which ${clause.while.join(', ')} are decided`;
  const reason = isKept ? 'unsteady' : 'prerequisite';
  return inconclusiveVerdict(clause, reason, need, { observed, limit, explanation: `${explanation}; ${need}` });
}

/** Each judged phase; of a ramp its stretches, which a breakpoint search for the same requirement has judged more finely. */
function stepsOf(clause: Clause, load: LoadResult, requirement: Requirement, context: JudgeContext): readonly Step[] {
  const { rise } = context;
  if (rise !== undefined && clause.while.every((id) => id === rise.requirement))
    return rise.steps.map(({ level, levelUnit, state }) => ({
      level,
      unit: levelUnit === 'users' ? '' : '/s',
      verdict: verdictOfState[state],
    }));
  // What comes after the stress is not a step of it: it may fail for the backlog that the stress has left.
  const windows = phaseWindows(load, phasesOf(requirement, context)).filter(({ role }) => role === 'load');
  return windows.flatMap((phase) => {
    const stretches = riseSteps(load, [phase.name], requirement.slice).filter(({ isPhase }) => !isPhase);
    if (stretches.length > 0)
      return stretches.map((stretch) => ({
        level: stretch.level,
        unit: '/s' as const,
        verdict: together(clause.while.map((id) => verdictWithin(id, stretch, context))),
      }));
    const verdicts = clause.while.map((id) => context.verdictOf(id, phase.name)?.verdict ?? 'inconclusive');
    return [{ level: levelOf(phase), unit: phase.users === undefined ? '/s' : '', verdict: together(verdicts) }];
  });
}

const verdictOfState: Readonly<Record<StepState, VerdictName>> = {
  held: 'pass',
  broke: 'fail',
  undecided: 'inconclusive',
};

function verdictWithin(id: string, stretch: RiseStep, context: JudgeContext): VerdictName {
  const requirement = context.all.find((each) => each.id === id);
  return requirement === undefined ? 'inconclusive' : context.judgeWithin(requirement, stretch).verdict;
}

/** All must pass; one failure is enough. */
function together(verdicts: readonly VerdictName[]): VerdictName {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.every((verdict) => verdict === 'pass' || verdict === 'warn') ? 'pass' : 'inconclusive';
}

const levelOf = (phase: PhaseWindow): number => phase.users ?? Math.max(phase.plannedRate.from, phase.plannedRate.to);

/** In which pace the limit is written. */
const unitOf = ({ limit }: Clause): '' | '/s' => (limit.kind === 'fixed' && limit.quantity.unit === '/s' ? '/s' : '');

/** Users are no rate, and a rate is no number of users: how many of the one the other would be, nobody has said. */
function otherPace(limit: number, unit: '' | '/s'): string {
  return unit === '/s'
    ? `the capacity is asked in requests a second, and the judged phases have users: write capacity >= ${sayQuantity(limit, '')}, or give them a rate`
    : `the capacity is asked in users, and the judged phases have a rate: write capacity >= ${sayQuantity(limit, '/s')}, or give them users`;
}
