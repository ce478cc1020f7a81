// Builds what the load engine would have reported for a list of requests: the input of judgement in tests and simulations.
import { histogramOf } from '../../src/core/model/histogram-data.ts';
import type {
  LoadGroup,
  LoadResult,
  LoadSlice,
  MeasureName,
  PhaseWindow,
  Watch,
  WatchResult,
  WatchSlice,
} from '../../src/core/model/load.ts';
import { millis, perSecond, unixMillis } from '../../src/core/model/units.ts';

/** One request; `values` in ms by measure, `latencyMs` stands for `response`. */
export interface SimulatedRequest {
  readonly atMs: number;
  readonly latencyMs: number;
  readonly failed?: boolean;
  readonly status?: number;
  readonly phase?: string;
  readonly scenario?: string;
  readonly step?: string;
  readonly values?: Readonly<Partial<Record<MeasureName, number>>>;
}

export interface SimulatedPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly role?: PhaseWindow['role'];
  readonly users?: number;
  readonly rate?: number;
  readonly plannedArrivals?: number;
}

export interface SimulatedRun {
  readonly requests: readonly SimulatedRequest[];
  readonly phases: readonly SimulatedPhase[];
  readonly watches: readonly Watch[];
  /** Slices of the groups. Default 1 s. */
  readonly groupSliceMs?: number;
}

export function loadResultOf(run: SimulatedRun): LoadResult {
  const { requests, phases, watches } = run;
  const durationMs = phases.reduce((end, phase) => Math.max(end, phase.endMs), 0);
  return {
    traceIdPrefix: '0123456789abcdef',
    startedAt: unixMillis(1_700_000_000_000),
    durationMs: millis(durationMs),
    phases: phases.map((phase) => windowOf(phase, requests)),
    groups: groupsOf(run),
    watches: watches.map((watch) => countWatch(watch, requests, phases)),
    uniform: [],
    dropped: [],
    generator: {
      healthy: true,
      reasons: [],
      plannedRate: perSecond(0),
      achievedRate: perSecond(0),
      lagP99: millis(1),
      cpuSeconds: 1,
      eventLoopDelayP99: millis(1),
      maxInFlight: 10,
      connectionsOpened: 10,
    },
    interrupted: false,
  };
}

function windowOf(phase: SimulatedPhase, requests: readonly SimulatedRequest[]): PhaseWindow {
  const sent = requests.filter((request) => phaseOf(request) === phase.name).length;
  const rate = phase.rate ?? (sent / (phase.endMs - phase.startMs)) * 1000;
  return {
    name: phase.name,
    role: phase.role ?? 'load',
    startMs: millis(phase.startMs),
    endMs: millis(phase.endMs),
    plannedArrivals: phase.plannedArrivals ?? sent,
    sentArrivals: sent,
    plannedRate: { from: perSecond(rate), to: perSecond(rate) },
    ...(phase.users === undefined ? {} : { users: phase.users }),
  };
}

const phaseOf = (request: SimulatedRequest): string => request.phase ?? 'peak';
const scenarioOf = (request: SimulatedRequest): string => request.scenario ?? 'buy';
const stepOf = (request: SimulatedRequest): string => request.step ?? 'POST /checkout';

function valueOfMeasure(request: SimulatedRequest, measure: MeasureName): number | undefined {
  return measure === 'response' ? request.latencyMs : request.values?.[measure];
}

function countWatch(
  watch: Watch,
  requests: readonly SimulatedRequest[],
  phases: readonly SimulatedPhase[],
): WatchResult {
  const seen = requests.filter(
    (request) =>
      watch.phases.includes(phaseOf(request)) &&
      (watch.scenario === undefined || watch.scenario === scenarioOf(request)) &&
      (watch.step === undefined || watch.step === stepOf(request)),
  );
  const slices = phases
    .filter((phase) => watch.phases.includes(phase.name))
    .flatMap((phase) =>
      sliceWatch(
        watch,
        phase,
        seen.filter((request) => phaseOf(request) === phase.name),
      ),
    );
  const sum = (pick: (slice: WatchSlice) => number) => slices.reduce((total, slice) => total + pick(slice), 0);
  const values = seen.flatMap((request) => valueOfMeasure(request, watch.measure) ?? []);
  const scale = watch.measure === 'outputTokens' || watch.measure === 'inputTokens' ? 1 : 1000;
  return {
    id: watch.id,
    requests: sum((slice) => slice.requests),
    failed: sum((slice) => slice.failed),
    over: watch.thresholds.map((_, i) => sum((slice) => slice.over[i] ?? 0)),
    slices,
    selection: { worst: [], violators: [], compliers: [] },
    histogram: histogramOf(values.map((value) => value * scale)),
    ...(watch.bounds === undefined ? {} : { boundsApplied: true }),
  };
}

function sliceWatch(watch: Watch, phase: SimulatedPhase, requests: readonly SimulatedRequest[]): WatchSlice[] {
  const count = Math.max(1, Math.ceil((phase.endMs - phase.startMs) / watch.slice - 1e-9));
  const slices = Array.from({ length: count }, (_, i) => ({
    startMs: millis(phase.startMs + i * watch.slice),
    phase: phase.name,
    requests: 0,
    failed: 0,
    over: watch.thresholds.map(() => 0),
  }));
  for (const request of requests) {
    const at = Math.min(count - 1, Math.max(0, Math.floor((request.atMs - phase.startMs) / watch.slice)));
    const slice = slices[at];
    const value = valueOfMeasure(request, watch.measure) ?? Number.NaN;
    const missesBound = (watch.bounds ?? []).some(
      ({ measure, atMost }) => !((valueOfMeasure(request, measure) ?? Number.NaN) <= atMost),
    );
    const isBad = request.failed === true || missesBound;
    if (slice === undefined || (!isBad && Number.isNaN(value))) continue;
    slice.requests++;
    if (request.failed) slice.failed++;
    watch.thresholds.forEach((threshold, i) => {
      if (isBad || value > threshold) slice.over[i] = (slice.over[i] ?? 0) + 1;
    });
  }
  return slices;
}

function groupsOf({ requests, phases, groupSliceMs = 1000 }: SimulatedRun): readonly LoadGroup[] {
  const groups = new Map<string, SimulatedRequest[]>();
  for (const request of requests) {
    const key = [scenarioOf(request), stepOf(request), phaseOf(request)].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [request]);
    else group.push(request);
  }
  return [...groups.values()].map((members) => groupOf(members, phases, groupSliceMs));
}

function groupOf(members: readonly SimulatedRequest[], phases: readonly SimulatedPhase[], sliceMs: number): LoadGroup {
  const first = members[0] as SimulatedRequest;
  const phase = phases.find((each) => each.name === phaseOf(first)) ?? { startMs: 0, endMs: 0 };
  const failed = members.filter((member) => member.failed).length;
  const statusCounts: Record<string, number> = {};
  for (const member of members) {
    const status = String(member.status ?? (member.failed ? 500 : 200));
    statusCounts[status] = (statusCounts[status] ?? 0) + 1;
  }
  const measures = new Set(members.flatMap((member) => Object.keys(member.values ?? {}) as MeasureName[]));
  return {
    scenario: scenarioOf(first),
    step: stepOf(first),
    phase: phaseOf(first),
    requests: members.length,
    good: members.length - failed,
    failed,
    bytesReceived: 0,
    histograms: Object.fromEntries(
      ['response' as const, ...measures].map((measure) => {
        const scale = measure === 'outputTokens' || measure === 'inputTokens' ? 1 : 1000;
        return [
          measure,
          histogramOf(members.flatMap((member) => valueOfMeasure(member, measure) ?? []).map((value) => value * scale)),
        ];
      }),
    ),
    statusCounts,
    failureCounts: failed === 0 ? {} : { status: failed },
    slices: sliceGroup(members, phase, sliceMs),
  };
}

function sliceGroup(
  members: readonly SimulatedRequest[],
  phase: { readonly startMs: number; readonly endMs: number },
  sliceMs: number,
): LoadSlice[] {
  const count = Math.max(1, Math.ceil((phase.endMs - phase.startMs) / sliceMs - 1e-9));
  const parts = Array.from({ length: count }, (): SimulatedRequest[] => []);
  for (const member of members)
    parts[Math.min(count - 1, Math.max(0, Math.floor((member.atMs - phase.startMs) / sliceMs)))]?.push(member);
  return parts.map((part, i) => {
    const lost = part.filter((member) => member.failed);
    const failed = lost.length;
    return {
      startMs: millis(phase.startMs + i * sliceMs),
      durationMs: millis(Math.min(sliceMs, phase.endMs - phase.startMs - i * sliceMs)),
      requests: part.length,
      good: part.length - failed,
      failed,
      bytesReceived: 0,
      response: histogramOf(part.map((member) => member.latencyMs * 1000)),
      ...(failed === 0 ? {} : { failedResponse: histogramOf(lost.map((member) => member.latencyMs * 1000)) }),
    };
  });
}
