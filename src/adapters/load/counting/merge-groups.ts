// Adds up the workers' groups: all requests of one step in one phase.
import { mergeData } from '../../../core/load/histogram.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import type { FailureKind, HistogramData, LoadGroup, LoadSlice, MeasureName } from '../../../core/model/load.ts';
import { millis } from '../../../core/model/units.ts';
import type { GroupPart } from './group-recorder.ts';

/** Every worker has the same groups in the same order. */
export function mergeGroups(
  workers: readonly (readonly GroupPart[])[],
  phases: readonly TimedPhase[],
  sliceMs: number,
): readonly LoadGroup[] {
  const [first = []] = workers;
  return first.map((group, index) => {
    const parts = workers.map((groups) => groups[index] as GroupPart);
    const phase = phases[group.phase] as TimedPhase;
    const slices = Array.from({ length: group.responses.length }, (_, slice) =>
      mergeSlice(parts, phase, sliceMs, slice),
    );
    return {
      scenario: group.scenario,
      step: group.step,
      phase: phase.name,
      requests: total(slices, 'requests'),
      good: total(slices, 'good'),
      failed: total(slices, 'failed'),
      bytesReceived: total(slices, 'bytesReceived'),
      histograms: { response: mergeData(slices.map((slice) => slice.response)), ...mergeMeasures(parts) },
      statusCounts: addCounts(parts.map((part) => part.statusCounts)),
      failureCounts: addCounts<FailureKind>(parts.map((part) => part.failureCounts)),
      ...firstMessages(parts),
      slices,
    };
  });
}

function mergeSlice(parts: readonly GroupPart[], phase: TimedPhase, sliceMs: number, slice: number): LoadSlice {
  const column = (offset: number): number =>
    parts.reduce((sum, part) => sum + (part.columns[slice * 4 + offset] as number), 0);
  const startMs = phase.startMs + slice * sliceMs;
  const failed = parts.flatMap((part) => part.failedResponses[slice] ?? []);
  return {
    startMs: millis(startMs),
    durationMs: millis(Math.min(sliceMs, phase.endMs - startMs)),
    requests: column(0),
    good: column(1),
    failed: column(2),
    bytesReceived: column(3),
    response: mergeData(parts.map((part) => part.responses[slice] as HistogramData)),
    ...(failed.length === 0 ? {} : { failedResponse: mergeData(failed) }),
  };
}

function mergeMeasures(parts: readonly GroupPart[]): Partial<Record<MeasureName, HistogramData>> {
  const measures = new Set(parts.flatMap((part) => Object.keys(part.histograms) as MeasureName[]));
  const merged: Partial<Record<MeasureName, HistogramData>> = {};
  for (const measure of measures) merged[measure] = mergeData(parts.flatMap((part) => part.histograms[measure] ?? []));
  return merged;
}

/** Of several workers the first that failed so speaks. */
function firstMessages(parts: readonly GroupPart[]): Pick<LoadGroup, 'failureMessages'> {
  const failureMessages = Object.assign({}, ...parts.map((part) => part.failureMessages).toReversed());
  return Object.keys(failureMessages).length === 0 ? {} : { failureMessages };
}

function addCounts<K extends string>(parts: readonly Readonly<Partial<Record<K, number>>>[]): Record<K, number> {
  const sums: Partial<Record<K, number>> = {};
  for (const part of parts) {
    for (const key of Object.keys(part) as K[]) sums[key] = (sums[key] ?? 0) + (part[key] ?? 0);
  }
  return sums as Record<K, number>;
}

function total(slices: readonly LoadSlice[], field: 'requests' | 'good' | 'failed' | 'bytesReceived'): number {
  return slices.reduce((sum, slice) => sum + slice[field], 0);
}
