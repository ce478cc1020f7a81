// What a generator works with, made from its setup: the plan's phases, the compiled workload, senders, recorders, this worker's shares.
import { createRandom } from '../../../core/load/random.ts';
import { phaseAt, type TimedPhase, timeline } from '../../../core/load/timeline.ts';
import type { Scenario } from '../../../core/model/workload.ts';
import { PhaseCounters } from '../counting/phase-counters.ts';
import { type Recorders, recorders } from '../counting/recorders.ts';
import { type CompiledWorkload, compileWorkload } from '../journeys/compiled-workload.ts';
import { type FeedCursors, feedCursors } from '../journeys/feed-cursors.ts';
import type { generalSender } from '../lanes/general-sender.ts';
import { openSenders } from '../lanes/open-senders.ts';
import type { ExchangeHandler, Sender } from '../lanes/sender.ts';
import type { CompiledScenario, PhasedStep } from '../requests/hot-path.ts';
import { type Arrivals, arrivals } from '../schedule/arrivals.ts';
import { connectionsAhead, warmUpPhase } from '../schedule/warm-up.ts';
import { WorkerMeter } from './worker-meter.ts';
import type { WorkerSetup } from './worker-protocol.ts';

/** Journeys under way are awaited no longer than this after the end, unless a single reply may take longer. */
const MOST_AFTER_END_MS = 120_000;
/** A time-out is noticed a little late. */
const STEP_SLACK_MS = 50;

export interface GeneratorParts {
  readonly setup: WorkerSetup;
  readonly startUnixMs: number;
  readonly phases: readonly TimedPhase[];
  /** The uncounted ramp before the first phase; its index is the number of phases. */
  readonly warmUp: TimedPhase | undefined;
  readonly warmUpEndMs: number;
  readonly endMs: number;
  /** When the last journey that began before the end has had its time: what is under way then is cut off. */
  readonly lastReplyMs: number;
  /** Index of the phase of an intended start. */
  readonly phaseOf: (dueMs: number) => number;
  readonly workload: CompiledWorkload;
  readonly recorders: Recorders;
  readonly senders: ReadonlyMap<string, Sender>;
  readonly arrivals: Arrivals;
  readonly feeds: FeedCursors;
  /** The warm-up's own: it takes nothing away from what is counted. */
  readonly warmUpFeeds: FeedCursors;
  readonly counters: PhaseCounters;
  readonly meter: WorkerMeter;
  /** This worker's shares of the safety limits. */
  readonly maxInFlight: number;
  readonly maxRate: number;
  readonly connectionsAhead: number;
}

export interface PartsOptions {
  readonly setup: WorkerSetup;
  readonly now: () => number;
  readonly startUnixMs: number;
  readonly handler: ExchangeHandler;
  readonly generalSender: typeof generalSender | undefined;
}

/** Throws when the plan does not compile: the engine compiled the same plan before it started any worker. */
export function generatorParts({ setup, now, startUnixMs, handler, generalSender }: PartsOptions): GeneratorParts {
  const { plan, shard, shards, files, endpoints } = setup;
  const { workload: source, seed } = plan;
  const { safety } = source;
  const phases = timeline(source.phases, source.warmUp);
  const made = recorders(plan, phases, shard);
  const compiled = compileWorkload({ ...plan, phases, files, recorderOf: made.recorderOf });
  if (!compiled.ok) throw new Error(compiled.error);
  const warmUp = warmUpPhase(phases[0], source.warmUp);
  const endMs = phases.at(-1)?.endMs ?? 0;
  const maxConnections = shareOf(safety.maxConnections, setup);
  const maxInFlight = shareOf(safety.maxInFlight, setup);
  return {
    setup,
    startUnixMs,
    phases,
    warmUp,
    warmUpEndMs: source.warmUp,
    endMs,
    lastReplyMs: endMs + longestJourneyMs(source.scenarios),
    phaseOf: (dueMs) => (dueMs < source.warmUp ? phases.length : phaseAt(phases, dueMs)),
    workload: compiled.value,
    recorders: made,
    senders: openSenders({
      plan,
      endpoints,
      anyStep: (compiled.value.scenarios[0] as CompiledScenario).steps[0]?.phases[0] as PhasedStep,
      handler,
      random: createRandom(seed + 104_729 * (shard + 1)),
      now,
      startUnixMs,
      maxConnections,
      maxQueued: Math.max(1024, maxInFlight),
      maxSampledPerSecond: source.maxSampledPerSecond / shards,
      generalSender,
    }),
    arrivals: arrivals({ warmUp, phases, seed, shard, shards }),
    feeds: feedCursors(plan.feeds, setup),
    warmUpFeeds: feedCursors(plan.feeds, setup),
    counters: new PhaseCounters(phases.length),
    meter: new WorkerMeter(),
    maxInFlight,
    maxRate: safety.maxRate / shards,
    connectionsAhead: Math.min(shareOf(connectionsAhead(phases, safety.maxConnections), setup), maxConnections),
  };
}

/** How long a journey may take: the time-outs of its steps and the think times between them, within the bound; never less than one step's time-out. */
function longestJourneyMs(scenarios: readonly Scenario[]): number {
  const timeouts = scenarios.flatMap(({ steps }) => steps.map(({ timeout }) => timeout));
  const journeys = scenarios.map(({ steps }) =>
    steps.reduce((sum, { timeout, thinkTime }, index) => {
      const think = index + 1 < steps.length ? (thinkTime?.max ?? 0) : 0;
      return sum + timeout + STEP_SLACK_MS + think;
    }, 0),
  );
  return Math.max(Math.max(...timeouts) + STEP_SLACK_MS, Math.min(Math.max(...journeys), MOST_AFTER_END_MS));
}

/** This worker's share of a total; the shares add up to it, but each is at least `least`. */
export function shareOf(total: number, { shard, shards }: Pick<WorkerSetup, 'shard' | 'shards'>, least = 1): number {
  return Math.max(least, Math.floor((total - shard + shards - 1) / shards));
}
