// The same percentile by other clocks: a large difference lies between client and server, not in the service.
import type { Requirement } from '../model/requirement.ts';
import type { TraceSet } from '../model/trace-set.ts';
import { spanKind } from '../model/trace-set.ts';
import type { Verdict } from '../model/verdict.ts';
import { phasesOf } from './evidence/scope.ts';
import type { JudgeContext, Judgement } from './requirement-type.ts';
import { complement } from './statistics/complement.ts';
import { smallestDecidingSample } from './statistics/smallest-sample.ts';
import { sayDuration } from './wording.ts';

export interface Vantage {
  readonly values: NonNullable<Verdict['vantage']>;
  /** Said when the clocks disagree. */
  readonly note?: string;
}

/** A larger difference than this share of the client's value is reported. */
const notableGap = 0.2;

/**
 * For a latency percentile judged by the client: the same percentile of the entry spans of the same, uniformly sampled requests, once there are enough of them.
 * Both are taken from the sample, so they differ by the clock alone. Undefined for everything else.
 */
export function vantageOf(requirement: Requirement, judged: Judgement, context: JudgeContext): Vantage | undefined {
  const { load, traces } = context.observations;
  const stat = requirement.require.clauses.find((clause) => clause.stat.kind === 'quantile')?.stat;
  const client = judged.clauses.find((clause) => clause.observed?.unit === 'ms')?.observed?.value;
  const isFit = requirement.type === 'latency' && requirement.source === 'client' && stat?.kind === 'quantile';
  if (!isFit || load === undefined || traces === undefined || client === undefined) return undefined;
  const phases = phasesOf(requirement, context);
  const indexOf = new Map(traces.set.traceIds.map((id, index) => [id, index]));
  const pairs = load.uniform
    .filter((sample) => phases.includes(sample.phase) && isMeant(sample, requirement))
    .flatMap((sample) => {
      const trace = indexOf.get(sample.traceId);
      const root = trace === undefined ? undefined : serverDuration(traces.set, trace);
      return root === undefined ? [] : [{ client: sample.endedAt - sample.scheduledAt, root }];
    });
  if (pairs.length < smallestDecidingSample(complement(stat.q), 0.95)) return { values: { client } };
  const sampled = quantile(
    pairs.map((pair) => pair.client),
    stat.q,
  );
  const traceRoot = quantile(
    pairs.map((pair) => pair.root),
    stat.q,
  );
  const values = { client, traceRoot };
  if (sampled <= 0 || (sampled - traceRoot) / sampled <= notableGap) return { values };
  const note = `where: network-or-queue: of ${sayDuration(sampled)} that ${pairs.length} sampled requests took at the client, the entry span accounts for ${sayDuration(traceRoot)}`;
  return { values, note };
}

function isMeant(sample: { readonly scenario: string; readonly step: string }, requirement: Requirement): boolean {
  const { scenario, route } = requirement.where;
  return (scenario === undefined || sample.scenario === scenario) && (route === undefined || sample.step === route);
}

/** Milliseconds of the first server span of a trace. */
function serverDuration(set: TraceSet, trace: number): number | undefined {
  const end = set.firstSpan[trace + 1] ?? 0;
  for (let span = set.firstSpan[trace] ?? 0; span < end; span++) {
    if (set.kind[span] === spanKind.server) return ((set.end[span] ?? 0) - (set.start[span] ?? 0)) / 1e6;
  }
  return undefined;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}
