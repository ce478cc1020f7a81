// What the engine and its worker threads tell each other.
import type { OwnLimit } from '../../../core/load/own-limits.ts';
import type { PackedHistogram } from '../../../core/load/packed-histogram.ts';
import type { HistogramData, Sample } from '../../../core/model/load.ts';
import type { LoadPlan } from '../../../ports/load-engine.ts';
import type { GroupPart } from '../counting/group-recorder.ts';
import type { PhaseCounts } from '../counting/phase-counters.ts';
import type { WatchPart } from '../counting/watch-recorder.ts';
import type { FeedShare } from '../journeys/feed-cursors.ts';
import type { Endpoint } from '../requests/endpoint.ts';

/** Everything a worker needs, posted at its birth. */
export interface WorkerSetup extends FeedShare {
  readonly plan: LoadPlan;
  /** One for each origin of the workload. */
  readonly endpoints: readonly Endpoint[];
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export type StopReason = 'interrupted' | 'aborted';

export type ToWorker =
  /** `hrMs`: the run's zero on the machine's monotonic clock. */
  | { readonly kind: 'start'; readonly hrMs: number; readonly unixMs: number }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  /** Asks for what was measured so far. */
  | { readonly kind: 'report' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tick'; readonly tick: WorkerTick }
  /** The answer to `report`. */
  | { readonly kind: 'soFar'; readonly part: WorkerPart }
  | { readonly kind: 'done'; readonly part: WorkerPart };

/** What happened since the last tick, about four times a second. */
export interface WorkerTick {
  readonly atMs: number;
  readonly requests: number;
  readonly failed: number;
  /** The same of the uncounted warm-up: safety limits hold there, too. */
  readonly warmUp: { readonly requests: number; readonly failed: number };
  readonly dropped: number;
  readonly inFlight: number;
  /** Requests without a reply that are older than the safety limit for p99 already. */
  readonly overdue: number;
  /** Of all of them. */
  readonly response: PackedHistogram;
}

/** Everything one worker measured. */
export interface WorkerPart {
  readonly phases: readonly PhaseCounts[];
  readonly groups: readonly GroupPart[];
  readonly watches: readonly WatchPart[];
  readonly uniform: { readonly items: readonly Sample[]; readonly seen: number };
  /** When the last exchange had ended. */
  readonly endedMs: number;
  /** How late arrivals were taken up, in microseconds, without any wait for a connection. */
  readonly lag: HistogramData;
  /** How late the event loop served a timer, in microseconds. */
  readonly loopDelay: HistogramData;
  readonly cpuSeconds: number;
  /** Largest share of a core used in any second of the counted phases. */
  readonly peakCpuShare: number;
  readonly maxInFlight: number;
  readonly connectionsOpened: number;
  /** Counted requests that waited because every connection that may be open was in use. */
  readonly connectionWaits: number;
  /** Counted arrivals whose (first) request left, and when the last did. */
  readonly left: number;
  readonly lastLeftMs: number;
  /** Requests that failed for want of something of the generator's own. */
  readonly ownLimits: Readonly<Partial<Record<OwnLimit, number>>>;
}
