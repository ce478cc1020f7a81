// Sorts the traces at hand into violating and complying ones, requirement by requirement.
import type { LoadResult, Sample } from '../core/model/load.ts';
import type { TraceMeasure, TraceMeasureName, TracePopulation } from '../core/model/observations.ts';
import type { CanonicalUnit, Requirement, Stat } from '../core/model/requirement.ts';
import type { Verification } from '../core/model/verification.ts';
import { clausesOf } from '../core/slo/evidence/watch.ts';

export interface PopulationInput {
  readonly verification: Verification;
  readonly load: LoadResult | undefined;
  readonly measures: readonly TraceMeasure[];
  /** Trace id -> index in the set. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Ids of the traces that arrived with their entry span. */
  readonly present: ReadonlySet<string>;
  readonly samples: readonly Sample[];
}

/**
 * Requests the engine selected for the requirement's watch, or, for requirements measured on traces, the traces beyond the limit against the rest of
 * the uniform sample. A requirement with neither (throughput, metrics) compares failed and slow requests with the others.
 */
export function populationsOf(input: PopulationInput): readonly TracePopulation[] {
  return input.verification.requirements.map((requirement) => {
    const { violating, complying } =
      fromMeasures(requirement, input.measures) ?? fromWatch(requirement, input) ?? fromOutcome(requirement, input);
    const others = new Set(violating);
    return { requirement: requirement.id, violating, complying: complying.filter((trace) => !others.has(trace)) };
  });
}

interface Split {
  readonly violating: readonly number[];
  readonly complying: readonly number[];
}

function fromWatch(requirement: Requirement, input: PopulationInput): Split | undefined {
  const watches = (input.load?.watches ?? []).filter((watch) => belongsTo(watch.id, requirement.id));
  if (watches.length === 0) return undefined;
  const selections = watches.map((watch) => watch.selection);
  return {
    violating: indexesOf(
      selections.flatMap((selection) => [...selection.worst, ...selection.violators]),
      input,
    ),
    complying: indexesOf(
      selections.flatMap((selection) => selection.compliers),
      input,
    ),
  };
}

/** Failed, or beyond the rule's first fixed limit on what was measured. Undefined when the requirement is not measured on traces. */
function fromMeasures(requirement: Requirement, measures: readonly TraceMeasure[]): Split | undefined {
  const own = measures.filter((measure) => belongsTo(measure.key, requirement.id));
  const points = own.flatMap((measure) => {
    const limit = limitOn(measure.measure, requirement);
    return measure.points.map(({ trace, failed, value, base }) => ({
      trace,
      isViolating: failed || value > (measure.measure === 'attempts' ? (base ?? value) : limit),
    }));
  });
  if (points.length === 0) return undefined;
  const violating = new Set(points.filter((point) => point.isViolating).map((point) => point.trace));
  return {
    violating: [...violating],
    complying: [...new Set(points.map((point) => point.trace))].filter((trace) => !violating.has(trace)),
  };
}

/** Infinite where no clause bounds the measure itself, as for a share of failures. */
function limitOn(measure: TraceMeasureName, requirement: Requirement): number {
  const bounding = clausesOf(requirement).find(
    ({ stat, limit }) => limit.kind === 'fixed' && isOn(measure, stat, limit.quantity.unit),
  );
  return bounding?.limit.kind === 'fixed' ? bounding.limit.quantity.value : Number.POSITIVE_INFINITY;
}

function isOn(measure: TraceMeasureName, stat: Stat, unit: CanonicalUnit): boolean {
  switch (measure) {
    case 'spanDuration':
    case 'rootDuration':
      return unit === 'ms';
    case 'criticalPathShare':
      return stat.kind === 'named' && stat.name === 'criticalPathShare';
    case 'callsPerRequest':
      return unit === '';
    case 'attempts':
      return false;
  }
}

/** Failed requests against good ones; with no failure, the slowest twentieth against the faster half. */
function fromOutcome(requirement: Requirement, input: PopulationInput): Split {
  const samples = input.samples.filter(
    (sample) =>
      (requirement.where.scenario === undefined || sample.scenario === requirement.where.scenario) &&
      (requirement.where.route === undefined || sample.step === requirement.where.route),
  );
  const failed = samples.filter((sample) => !(sample.outcome.kind === 'reply' && sample.outcome.good));
  if (failed.length > 0) {
    const bad = new Set(failed);
    return {
      violating: indexesOf(failed, input),
      complying: indexesOf(
        samples.filter((sample) => !bad.has(sample)),
        input,
      ),
    };
  }
  const bySlowness = [...samples].sort((a, b) => b.endedAt - b.scheduledAt - (a.endedAt - a.scheduledAt));
  const slow = bySlowness.slice(0, Math.ceil(bySlowness.length / 20));
  return {
    violating: indexesOf(slow, input),
    complying: indexesOf(bySlowness.slice(Math.floor(bySlowness.length / 2)), input),
  };
}

function indexesOf(samples: readonly Sample[], input: PopulationInput): readonly number[] {
  const indexes = new Set<number>();
  for (const sample of samples) {
    const index = input.present.has(sample.traceId) ? input.indexOf.get(sample.traceId) : undefined;
    if (index !== undefined) indexes.add(index);
  }
  return [...indexes];
}

/** `CHK-01` owns the keys `CHK-01` and `CHK-01/...`. */
const belongsTo = (key: string, id: string): boolean => key === id || key.startsWith(`${id}/`);
