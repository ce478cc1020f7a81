// Says where each broken requirement broke, and where the run as a whole did.

import type { Breakpoint } from '../core/model/breakpoint.ts';
import type { Attribution, Completeness } from '../core/model/finding.ts';
import { quantileOf } from '../core/model/histogram-data.ts';
import type { LoadGroup, LoadResult } from '../core/model/load.ts';
import type { Observations, TraceObservation, TracePopulation } from '../core/model/observations.ts';
import type { RequirementAttribution, Waterfall } from '../core/model/run.ts';
import type { TraceSet } from '../core/model/trace-set.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { attribute } from '../core/trace/attribute.ts';
import type { LoadPhase } from '../core/trace/mechanisms/mechanism.ts';
import { joinTraceSets } from '../core/trace/prepare/join-trace-sets.ts';
import { type PreparedTraces, prepareTraces } from '../core/trace/prepare/prepared-traces.ts';
import { waterfall } from '../core/trace/views/waterfall.ts';
import { clientService } from './client-spans.ts';

export interface RunAttribution {
  /** Of all broken requirements together. */
  readonly whole: Attribution;
  /** One for each broken requirement, in the document's order. */
  readonly byRequirement: readonly RequirementAttribution[];
}

/** Nothing broken: nothing is blamed. */
export function attributeRun({
  verdicts,
  breakpoint,
  observations,
  baseline,
}: {
  readonly verdicts: readonly Verdict[];
  /** What was to break did: where it gave way is told, whatever its verdict. */
  readonly breakpoint?: Breakpoint | undefined;
  readonly observations: Observations;
  /** Traces of a passed run under the same load: for kinds of request of which too few met the requirement. */
  readonly baseline?: TraceSet | undefined;
}): RunAttribution {
  const gaveWay = breakpoint?.firstBroken === undefined ? undefined : breakpoint.requirement;
  const broken = verdicts.filter(
    ({ verdict, requirement }) => verdict === 'fail' || verdict === 'warn' || requirement === gaveWay,
  );
  const { traces } = observations;
  if (broken.length === 0) return { whole: emptyAttribution(), byRequirement: [] };
  if (traces === undefined || traces.set.traceIds.length === 0) {
    const nothing = emptyAttribution(whyNoTrace(observations) ?? 'no traces were seen');
    return {
      whole: nothing,
      byRequirement: broken.map(({ requirement }) => ({ requirement, attribution: nothing, waterfalls: [] })),
    };
  }
  const scene = sceneOf(observations, traces, baseline);
  const populations = broken.flatMap(({ requirement }) =>
    traces.populations.filter((each) => each.requirement === requirement),
  );
  return {
    whole: attributePopulation(union(populations), scene),
    byRequirement: populations.map((population) => ({
      requirement: population.requirement,
      attribution: attributePopulation(population, scene),
      waterfalls: waterfallsOf(population, scene),
    })),
  };
}

interface Scene {
  readonly observations: Observations;
  readonly traces: TraceObservation;
  readonly prepared: PreparedTraces;
  /** Indexes of the baseline's traces in `prepared`, behind the run's own. */
  readonly baseline: readonly number[];
}

function sceneOf(observations: Observations, traces: TraceObservation, baseline: TraceSet | undefined): Scene {
  if (baseline === undefined) return { observations, traces, prepared: prepareTraces(traces.set), baseline: [] };
  const own = traces.set.traceIds.length;
  return {
    observations,
    traces,
    prepared: prepareTraces(joinTraceSets(traces.set, baseline)),
    baseline: baseline.traceIds.map((_, at) => own + at),
  };
}

/** With so many complying requests of a kind a run needs no other to compare that kind with (ANALYSIS.md 3). */
const enough = 20;

function attributePopulation(population: TracePopulation, { observations, prepared, baseline }: Scene): Attribution {
  const { load } = observations;
  const attribution = attribute({
    prepared,
    violating: population.violating,
    complying: population.complying,
    baseline: baselineBeside(population.complying, prepared, baseline),
    saturation: observations.saturation,
    ...(load === undefined
      ? {}
      : { originMs: load.startedAt, phases: load.phases.map((phase) => loadPhase(phase, load)) }),
  });
  const whyNone = attribution.notAttributable === undefined ? undefined : whyNoTrace(observations);
  return withoutClient(whyNone === undefined ? attribution : { ...attribution, notAttributable: whyNone });
}

/** The baseline's requests of the kinds of which too few complied. Requests of the same run say more: they met the same queues and locks. */
function baselineBeside(
  complying: readonly number[],
  { cohort }: PreparedTraces,
  baseline: readonly number[],
): readonly number[] {
  const found = new Map<number | undefined, number>();
  for (const trace of complying) found.set(cohort[trace], (found.get(cohort[trace]) ?? 0) + 1);
  return baseline.filter((trace) => (found.get(cohort[trace]) ?? 0) < enough);
}

/** Where not one trace of the system came, the source knows what to do about it: the requests themselves are not the obstacle. */
function whyNoTrace({ traces, gaps }: Observations): string | undefined {
  if (traces !== undefined && traces.complete > 0) return undefined;
  const gap = gaps.find(({ kind }) => kind === 'traces');
  if (gap === undefined) return undefined;
  return gap.reason === 'empty' ? gap.message : `no trace could be read from ${gap.source}: ${gap.message}`;
}

/** The load generator is the root of every trace, never a part of the system under test: no path begins with it, nothing is blamed on it. */
function withoutClient(attribution: Attribution): Attribution {
  return {
    ...attribution,
    findings: attribution.findings.map((finding) => ({
      ...finding,
      path: finding.path.filter((service) => service !== clientService),
    })),
    services: attribution.services.filter(({ service }) => service !== clientService),
  };
}

/** A trace that broke any requirement complies with none of them. */
function union(populations: readonly TracePopulation[]): TracePopulation {
  const violating = new Set(populations.flatMap((each) => each.violating));
  const complying = new Set(populations.flatMap((each) => each.complying));
  return {
    requirement: '',
    violating: [...violating],
    complying: [...complying].filter((trace) => !violating.has(trace)),
  };
}

function loadPhase(phase: LoadResult['phases'][number], load: LoadResult): LoadPhase {
  const groups = load.groups.filter((group) => group.phase === phase.name);
  const seconds = (Math.min(phase.endMs, load.durationMs) - phase.startMs) / 1000;
  const busiest = groups.toSorted((a, b) => b.requests - a.requests)[0];
  const planned = (phase.plannedRate.from + phase.plannedRate.to) / 2;
  return {
    name: phase.name,
    role: phase.role,
    startMs: phase.startMs,
    endMs: phase.endMs,
    ...(phase.users === undefined && planned > 0 ? { plannedPerSecond: planned } : {}),
    ...(seconds > 0
      ? {
          ratePerSecond: sumOf(groups, (group) => group.requests) / seconds,
          goodPerSecond: sumOf(groups, (group) => group.good) / seconds,
        }
      : {}),
    ...(busiest?.histograms.response === undefined
      ? {}
      : {
          p50Ms: (quantileOf(busiest.histograms.response, 0.5) ?? 0) / 1000,
          p99Ms: (quantileOf(busiest.histograms.response, 0.99) ?? 0) / 1000,
        }),
  };
}

function sumOf(groups: readonly LoadGroup[], pick: (group: LoadGroup) => number): number {
  return groups.reduce((sum, group) => sum + pick(group), 0);
}

/**
 * The violating trace in the middle of the slower half beside the one in the middle of those that complied and asked the same of the system. Another kind of request would mislead: where no
 * request of its kind complied, it stands alone.
 */
function waterfallsOf(population: TracePopulation, { prepared }: Scene): readonly Waterfall[] {
  const at = (traces: readonly number[], q: number): number | undefined => {
    const usable = traces.filter((trace) => (prepared.entry[trace] ?? -1) >= 0);
    const ordered = usable.toSorted((a, b) => durationOf(prepared, a) - durationOf(prepared, b));
    return ordered[Math.min(ordered.length - 1, Math.floor(q * ordered.length))];
  };
  const violating = at(population.violating, 0.75);
  if (violating === undefined) return [];
  const cohort = prepared.cohort[violating];
  const typical = at(
    population.complying.filter((trace) => prepared.cohort[trace] === cohort),
    0.5,
  );
  return [
    waterfall(prepared, violating, 'violating'),
    ...(typical === undefined ? [] : [waterfall(prepared, typical, 'typical')]),
  ];
}

function durationOf(prepared: PreparedTraces, trace: number): number {
  const entry = prepared.entry[trace] ?? -1;
  return entry < 0 ? 0 : (prepared.end[entry] ?? 0) - (prepared.start[entry] ?? 0);
}

const noTraces: Completeness = { traces: 0, spans: 0, ratio: 1, withoutEntry: 0, skewCorrected: 0 };

function emptyAttribution(notAttributable?: string): Attribution {
  return {
    findings: [],
    services: [],
    completeness: noTraces,
    ...(notAttributable === undefined ? {} : { notAttributable }),
  };
}
