// A run must be valid before it may judge: what was wrong with the load or the pipeline rather than with the system.
import type { LoadResult } from '../model/load.ts';
import type { Observations } from '../model/observations.ts';
import type { Validity } from '../model/run.ts';
import type { InconclusiveReason } from '../model/verdict.ts';
import type { ValidityLimits } from '../model/verification.ts';
import { sayDuration, sayQuantity, sayShare } from './wording.ts';

/** One way in which a run falls short. */
export interface ValidityIssue {
  readonly reason: InconclusiveReason;
  /** What was measured and what the limit is. */
  readonly message: string;
  /** Which requirements may not be judged: all, or only those measured on traces. */
  readonly touches: 'all' | 'traces';
  /** Whether a failure stands all the same, because what was lost can only have hidden more of it. */
  readonly keepsFail: boolean;
}

/** Less than this share of the planned requests without a word why: the generator fell behind its plan. */
const leastOffered = 0.95;

/** The summary that a run's record keeps. Missing traces are no fault of a run in which nobody needs them. */
export function judgeValidity(observations: Observations, limits: ValidityLimits, needsTraces: boolean): Validity {
  const { load, traces } = observations;
  const issues = validityIssues(observations, limits).filter(({ touches }) => touches === 'all' || needsTraces);
  const isPartial = issues.length > 0 && issues.every(({ touches }) => touches === 'traces');
  return {
    ok: issues.length === 0,
    reasons: issues.map((issue) => issue.message),
    ...(isPartial ? { touches: 'traces' } : {}),
    ...(issues.length > 0 && issues.every(({ keepsFail }) => keepsFail) ? { failuresStand: true } : {}),
    droppedShare: load === undefined ? 0 : droppedOf(load).share,
    sendLagP99Ms: load?.generator.lagP99 ?? 0,
    traceCoverage: traces?.coverage ?? 1,
    tracesAsked: traces?.asked ?? 0,
  };
}

/** Everything that limits what this run may say, gravest first (REQUIREMENTS.md 1.5). */
export function validityIssues(observations: Observations, limits: ValidityLimits): readonly ValidityIssue[] {
  const { load } = observations;
  return [
    ...(load === undefined ? [] : [...generatorIssues(load, limits), ...dropIssues(load, limits), ...endIssues(load)]),
    ...traceIssues(observations, limits),
  ];
}

function generatorIssues(load: LoadResult, limits: ValidityLimits): readonly ValidityIssue[] {
  const { generator } = load;
  const lag = generator.lagP99;
  // A generator that is not healthy has said so itself: the engine knows the same limit.
  const late =
    generator.healthy && lag > limits.sendLagP99
      ? [`requests were sent late: p99 of the send lag ${sayDuration(lag)}, limit ${sayDuration(limits.sendLagP99)}`]
      : [];
  return [...(generator.healthy ? [] : generator.reasons), ...late, ...shortfall(load)].map((message) => ({
    reason: 'generator-unhealthy',
    message,
    touches: 'all',
    keepsFail: false,
  }));
}

/** Planned arrivals that were neither sent nor dropped: the generator was slower than its plan. */
function shortfall(load: LoadResult): readonly string[] {
  if (load.aborted !== undefined || load.interrupted || load.endedEarly !== undefined) return [];
  return judgedPhases(load).flatMap((phase) => {
    const dropped = load.dropped.reduce((sum, each) => sum + (each.phase === phase.name ? each.count : 0), 0);
    const offered = phase.sentArrivals + dropped;
    if (phase.users !== undefined || offered >= leastOffered * phase.plannedArrivals) return [];
    return [
      `only ${sayShare(offered / phase.plannedArrivals)} of the planned arrivals of phase ${phase.name} were offered`,
    ];
  });
}

/**
 * Arrivals that could not be sent because the system kept too many requests waiting make it look better than it is: they hide failures, never invent them. So a failure
 * stands; a pass does not. Arrivals lost for another reason void both.
 */
function dropIssues(load: LoadResult, limits: ValidityLimits): readonly ValidityIssue[] {
  const { share, bySystem } = droppedOf(load);
  if (share <= limits.droppedShare) return [];
  const message = `${sayShare(share)} of the arrivals were dropped, limit ${sayShare(limits.droppedShare)}${bySystem ? ': the system under test kept too many requests waiting' : ''}`;
  return [{ reason: 'generator-unhealthy', message, touches: 'all', keepsFail: bySystem }];
}

function droppedOf(load: LoadResult): { readonly share: number; readonly bySystem: boolean } {
  const phases = new Set(judgedPhases(load).map((phase) => phase.name));
  // The end of a run drops what was still planned, and a failed step drops the rest of its journey: neither is the generator's weakness.
  const dropped = load.dropped.filter(
    ({ phase, reason }) => phases.has(phase) && !['aborted', 'interrupted', 'journey-failed'].includes(reason),
  );
  const count = dropped.reduce((sum, each) => sum + each.count, 0);
  const sent = judgedPhases(load).reduce((sum, phase) => sum + phase.sentArrivals, 0);
  const waiting = dropped.filter(({ reason }) => reason === 'queue-full' || reason === 'in-flight-limit');
  return {
    share: count === 0 ? 0 : count / (count + sent),
    bySystem: waiting.reduce((sum, each) => sum + each.count, 0) === count,
  };
}

function endIssues(load: LoadResult): readonly ValidityIssue[] {
  const issues: ValidityIssue[] = [];
  if (load.aborted !== undefined) {
    const message = `the safety limit ${load.aborted.limit} stopped the run after ${sayDuration(load.aborted.atMs)}`;
    issues.push({ reason: 'aborted', message, touches: 'all', keepsFail: true });
  }
  if (load.interrupted) {
    const message = `the run was interrupted after ${sayDuration(load.durationMs)}`;
    issues.push({ reason: 'interrupted', message, touches: 'all', keepsFail: true });
  }
  return issues;
}

function traceIssues({ traces }: Observations, limits: ValidityLimits): readonly ValidityIssue[] {
  if (traces === undefined || traces.asked === 0 || traces.coverage >= limits.traceCoverage) return [];
  const message = `${sayQuantity(traces.complete, '')} of ${sayQuantity(traces.asked, '')} traces came with their entry span (${sayShare(traces.coverage)}), at least ${sayShare(limits.traceCoverage)} are needed`;
  return [{ reason: 'trace-coverage', message, touches: 'traces', keepsFail: false }];
}

const judgedPhases = (load: LoadResult): LoadResult['phases'] =>
  load.phases.filter((phase) => phase.role !== 'warm-up');
