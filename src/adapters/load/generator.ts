// The generator of one worker thread: takes arrivals up when they are due, walks journeys, counts what comes back.
import { createRandom } from '../../core/load/random.ts';
import { phaseAt, type TimedPhase, timeline } from '../../core/load/timeline.ts';
import type { DropReason } from '../../core/model/load.ts';
import type { SafetyLimits } from '../../core/model/workload.ts';
import { type Arrivals, arrivals } from './arrivals.ts';
import { type CompiledWorkload, compileWorkload } from './compiled-workload.ts';
import { DueHeap } from './due-heap.ts';
import type { CompiledScenario, CompiledStep, Exchange, Journey, PhasedStep } from './hot-path.ts';
import { type FeedCursors, feedCursors } from './feed-cursors.ts';
import { beginJourney, createJourney, currentStep, missingVariable } from './journey.ts';
import { openSenders } from './open-senders.ts';
import type { generalSender } from './general-sender.ts';
import { PhaseCounters } from './phase-counters.ts';
import { type Recorders, recorders } from './recorders.ts';
import type { Sender } from './sender.ts';
import type { Waker, WakerOptions } from './waker.ts';
import { connectionsAhead, warmUpPhase } from './warm-up.ts';
import { WorkerMeter } from './worker-meter.ts';
import type { StopReason, WorkerPart, WorkerSetup, WorkerTick } from './worker-protocol.ts';

/** Arrivals taken up in one go before the event loop may look at its sockets again. */
const MOST_AT_ONCE = 256;
const SWEEP_MS = 20;
const TICK_MS = 250;
/** A user of a closed model who found nobody listening waits this long: users must not hammer a dead target. */
const REFUSED_PAUSE_MS = 100;
/** How long replies are awaited after a stop. */
const STOP_GRACE_MS = 2000;

export interface GeneratorOptions {
  readonly setup: WorkerSetup;
  /** Milliseconds since the run's zero. */
  readonly now: () => number;
  readonly startUnixMs: number;
  readonly wakerOf: (options: WakerOptions) => Waker;
  readonly generalSender?: typeof generalSender | undefined;
  readonly onTick: (tick: WorkerTick) => void;
  readonly onDone: (part: WorkerPart) => void;
}

export class Generator {
  readonly #options: GeneratorOptions;
  readonly #now: () => number;
  readonly #seed: number;
  readonly #phases: readonly TimedPhase[];
  readonly #endMs: number;
  readonly #warmUpEndMs: number;
  readonly #workload: CompiledWorkload;
  readonly #recorders: Recorders;
  readonly #senders: ReadonlyMap<string, Sender>;
  readonly #senderList: readonly Sender[];
  readonly #arrivals: Arrivals;
  readonly #feeds: FeedCursors;
  readonly #waiting = new DueHeap();
  readonly #counters: PhaseCounters;
  readonly #meter = new WorkerMeter();
  readonly #waker: Waker;
  readonly #safety: SafetyLimits;
  readonly #maxInFlight: number;
  readonly #connectionsAhead: number;
  readonly #lastReplyMs: number;
  #phase: number;
  /** Journeys under way, other than plain ones of an open model (those are known to the sender alone). */
  #journeys = 0;
  #users = 0;
  /** Users that the current phase asks for. */
  #wanted = 0;
  #usersBegun = 0;
  #stopped: { readonly reason: StopReason; readonly atMs: number } | undefined;
  #isCancelling = false;
  #pumping = false;
  #lastSweepMs = 0;
  #lastTickMs = 0;
  #lastEndedMs = 0;
  #housekeeping: NodeJS.Timeout | undefined;

  constructor(options: GeneratorOptions) {
    const { plan, shard, shards, files, endpoints } = options.setup;
    const { workload, seed } = plan;
    this.#options = options;
    this.#now = options.now;
    this.#seed = seed;
    this.#safety = workload.safety;
    this.#phases = timeline(workload.phases, workload.warmUp);
    this.#endMs = this.#phases.at(-1)?.endMs ?? 0;
    this.#warmUpEndMs = workload.warmUp;
    this.#recorders = recorders(plan, this.#phases, shard);
    const compiled = compileWorkload({ ...plan, phases: this.#phases, files, recorderOf: this.#recorders.recorderOf });
    // The engine compiled the same plan before it started any worker.
    if (!compiled.ok) throw new Error(compiled.error);
    this.#workload = compiled.value;
    this.#maxInFlight = shareOf(workload.safety.maxInFlight, shard, shards);
    const maxConnections = shareOf(workload.safety.maxConnections, shard, shards);
    this.#connectionsAhead = Math.min(
      shareOf(connectionsAhead(this.#phases, workload.safety.maxConnections), shard, shards),
      maxConnections,
    );
    this.#senders = openSenders({
      plan,
      endpoints,
      anyStep: (this.#workload.scenarios[0] as CompiledScenario).steps[0]?.phases[0] as PhasedStep,
      handler: {
        completed: (exchange) => this.#completed(exchange),
        proceed: (journey, nowMs) => this.#proceed(journey, nowMs),
      },
      random: createRandom(seed + 104_729 * (shard + 1)),
      now: this.#now,
      startUnixMs: options.startUnixMs,
      maxConnections,
      maxQueued: Math.max(1024, this.#maxInFlight),
      maxSampledPerSecond: workload.maxSampledPerSecond / shards,
      generalSender: options.generalSender,
    });
    this.#senderList = [...this.#senders.values()];
    const warmUp = warmUpPhase(this.#phases[0], workload.warmUp);
    this.#phase = warmUp === undefined ? -1 : this.#phases.length;
    this.#arrivals = arrivals({ warmUp, phases: this.#phases, seed, shard, shards });
    this.#feeds = feedCursors(plan.feeds, shard, shards);
    this.#counters = new PhaseCounters(this.#phases.length);
    this.#lastReplyMs =
      this.#endMs + Math.max(...workload.scenarios.flatMap(({ steps }) => steps.map(({ timeout }) => timeout)));
    this.#waker = options.wakerOf({ now: this.#now, wake: () => this.#pump() });
  }

  /** Begins at once; the run's zero may lie a little in the future. */
  start(): void {
    this.#lastSweepMs = this.#now();
    this.#housekeeping = setInterval(() => this.#keepHouse(), SWEEP_MS);
    if (this.#phase === this.#phases.length) this.#matchUsers();
    else this.#prepareConnections(this.#connectionsAhead);
    this.#pump();
  }

  /** Sends nothing more; what is under way may still end, for 2 s. */
  stop(reason: StopReason): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = { reason, atMs: this.#now() };
    this.#arrivals.end();
    for (const sender of this.#senderList) this.#drop(reason, sender.dropQueued());
    for (; this.#waiting.size > 0; this.#waiting.pop()) this.#journeys -= 1;
    this.#waker.stop();
  }

  /** Takes up everything that is due. */
  #pump(): void {
    if (this.#pumping || this.#stopped !== undefined) return;
    this.#pumping = true;
    let nowMs = this.#now();
    this.#enterPhases(nowMs);
    let taken = 0;
    const next = this.#arrivals;
    while (next.nextMs <= nowMs && taken < MOST_AT_ONCE) {
      this.#takeUp(next.nextMs, next.phase, next.index, nowMs);
      next.advance();
      taken += 1;
      nowMs = this.#now();
    }
    while (this.#waiting.nextMs <= nowMs && taken < MOST_AT_ONCE) {
      const dueMs = this.#waiting.nextMs;
      this.#resume(this.#waiting.pop() as Journey, dueMs, nowMs);
      taken += 1;
    }
    this.#pumping = false;
    this.#waker.arm(Math.min(next.nextMs, this.#waiting.nextMs, this.#nextPhaseMs()));
  }

  #nextPhaseMs(): number {
    const next = this.#phase === this.#phases.length ? 0 : this.#phase + 1;
    return this.#phases[next]?.startMs ?? Number.POSITIVE_INFINITY;
  }

  #enterPhases(nowMs: number): void {
    while (nowMs >= this.#nextPhaseMs()) {
      this.#phase = this.#phase === this.#phases.length ? 0 : this.#phase + 1;
      this.#matchUsers();
    }
  }

  /** One arrival of the open model. */
  #takeUp(dueMs: number, phase: number, index: number, nowMs: number): void {
    this.#counters.due(phase);
    if (phase < this.#phases.length) this.#meter.tookUp(nowMs - dueMs);
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#counters.drop(phase, refusal, 1);
      return;
    }
    const scenario = this.#workload.scenarioOf(index);
    if (!scenario.isPlain) {
      this.#beginOpen(scenario, dueMs, phase, index, nowMs);
      return;
    }
    this.#counters.sent(phase);
    const step = scenario.steps[0] as CompiledStep;
    this.#senderOf(step).submit(step.phases[phase] as PhasedStep, dueMs, undefined, nowMs);
  }

  #refusal(): DropReason | undefined {
    let underWay = 0;
    for (const sender of this.#senderList) {
      if (sender.isFull()) return 'queue-full';
      underWay += sender.inFlight() + sender.queued();
    }
    if (underWay > this.#meter.maxInFlight) this.#meter.maxInFlight = underWay;
    return underWay >= this.#maxInFlight ? 'in-flight-limit' : undefined;
  }

  #beginOpen(scenario: CompiledScenario, dueMs: number, phase: number, index: number, nowMs: number): void {
    const journey = createJourney(scenario, -1);
    if (!beginJourney(journey, scenario, this.#seed, index, this.#feeds)) {
      this.#counters.drop(phase, 'feed-exhausted', 1);
      return;
    }
    this.#journeys += 1;
    this.#counters.sent(phase);
    this.#sendStep(journey, dueMs, nowMs);
  }

  /** Starts as many users as the phase asks for; those too many leave after their journey. */
  #matchUsers(): void {
    this.#wanted = this.#wantedUsers();
    while (this.#users < this.#wanted) {
      const { shard, shards } = this.#options.setup;
      const journey = createJourney(this.#workload.scenarios[0] as CompiledScenario, shard + this.#usersBegun * shards);
      this.#usersBegun += 1;
      this.#users += 1;
      this.#journeys += 1;
      this.#beginIteration(journey, this.#now());
    }
  }

  /** In the warm-up the users come one after another over its length. */
  #wantedUsers(): number {
    const isWarmUp = this.#phase === this.#phases.length;
    const pace = this.#phases[isWarmUp ? 0 : this.#phase]?.pace;
    if (pace?.kind !== 'concurrency') return 0;
    const { shard, shards } = this.#options.setup;
    const users = shareOf(pace.users, shard, shards, 0);
    return isWarmUp ? Math.min(users, Math.ceil((users * this.#now()) / this.#warmUpEndMs)) : users;
  }

  #beginIteration(journey: Journey, nowMs: number): void {
    if (this.#stopped !== undefined || nowMs >= this.#endMs || this.#users > this.#wanted) {
      this.#retire(journey);
      return;
    }
    const phase = this.#phaseOf(nowMs);
    const index = journey.user * 0x1000000 + journey.iteration;
    journey.iteration += 1;
    this.#counters.due(phase);
    if (!beginJourney(journey, this.#workload.scenarioOf(index), this.#seed, index, this.#feeds)) {
      this.#counters.drop(phase, 'feed-exhausted', 1);
      this.#retire(journey);
      return;
    }
    this.#counters.sent(phase);
    this.#sendStep(journey, nowMs, nowMs);
  }

  #retire(journey: Journey): void {
    this.#journeys -= 1;
    if (journey.isUser) this.#users -= 1;
  }

  #sendStep(journey: Journey, dueMs: number, nowMs: number): void {
    const step = currentStep(journey) as CompiledStep;
    const phase = this.#phaseOf(dueMs);
    if (!journey.scenario.isPlain && missingVariable(journey) !== undefined) {
      // A captured value is missing, so no later step can mean anything.
      this.#counters.drop(phase, 'journey-failed', journey.scenario.steps.length - journey.stepIndex);
      journey.stepIndex = journey.scenario.steps.length;
      this.#afterStep(journey, nowMs, REFUSED_PAUSE_MS);
      return;
    }
    this.#senderOf(step).submit(step.phases[phase] as PhasedStep, dueMs, journey, nowMs);
  }

  #phaseOf(dueMs: number): number {
    return dueMs < this.#warmUpEndMs ? this.#phases.length : phaseAt(this.#phases, dueMs);
  }

  #senderOf(step: CompiledStep): Sender {
    return this.#senders.get(step.renderer.origin.key) as Sender;
  }

  #completed(exchange: Exchange): void {
    const { phased, journey, endedMs } = exchange;
    const { step } = phased;
    if (exchange.failure === undefined) step.check.judge(exchange);
    this.#lastEndedMs = endedMs;
    if (this.#isCancelling && this.#stopped?.reason === 'interrupted' && exchange.failure === 'cancelled') {
      // We cut it off ourselves; that says nothing about the target.
      this.#counters.drop(this.#phaseOf(exchange.dueMs), 'interrupted', 1);
    } else if (phased.recorder !== undefined) {
      phased.recorder.record(exchange);
      this.#meter.ended(endedMs - exchange.dueMs, exchange.failure !== undefined);
    }
    if (journey !== undefined) this.#learn(journey, step, exchange);
    if (this.#arrivals.nextMs <= endedMs) this.#pump();
  }

  #learn(journey: Journey, step: CompiledStep, exchange: Exchange): void {
    journey.wasRefused = exchange.failure === 'connect' || exchange.failure === 'dns' || exchange.failure === 'tls';
    if (exchange.status === 0) return;
    step.check.capture(exchange, journey.variables);
    journey.jar?.store(
      step.renderer.origin.key,
      step.source.path,
      exchange.headers,
      this.#options.startUnixMs + exchange.endedMs,
    );
  }

  #proceed(journey: Journey, nowMs: number): void {
    const thinkTime = currentStep(journey)?.source.thinkTime;
    journey.stepIndex += 1;
    const think = thinkTime === undefined ? 0 : thinkTime.min + (thinkTime.max - thinkTime.min) * journey.random.next();
    this.#afterStep(journey, nowMs, journey.isUser && journey.wasRefused ? Math.max(think, REFUSED_PAUSE_MS) : think);
  }

  #afterStep(journey: Journey, nowMs: number, pauseMs: number): void {
    const isOver = currentStep(journey) === undefined;
    if (this.#stopped !== undefined || (isOver && !journey.isUser)) {
      this.#retire(journey);
      return;
    }
    if (pauseMs > 0) {
      this.#waiting.push(nowMs + pauseMs, journey);
      this.#waker.arm(Math.min(this.#arrivals.nextMs, this.#waiting.nextMs, this.#nextPhaseMs()));
    } else if (isOver) this.#beginIteration(journey, nowMs);
    else this.#sendStep(journey, nowMs, nowMs);
  }

  #resume(journey: Journey, dueMs: number, nowMs: number): void {
    if (currentStep(journey) === undefined) this.#beginIteration(journey, nowMs);
    else this.#sendStep(journey, dueMs, nowMs);
  }

  #keepHouse(): void {
    const nowMs = this.#now();
    this.#meter.loopWasLate(nowMs - this.#lastSweepMs - SWEEP_MS);
    this.#lastSweepMs = nowMs;
    for (const sender of this.#senderList) sender.sweep(nowMs);
    if (this.#phase === this.#phases.length) this.#warmUp(nowMs);
    if (nowMs >= this.#warmUpEndMs && nowMs < this.#endMs) this.#meter.watchCpu(nowMs);
    if (nowMs - this.#lastTickMs >= TICK_MS) this.#tick(nowMs);
    if (this.#isOver(nowMs)) this.#finish(nowMs);
  }

  #warmUp(nowMs: number): void {
    this.#prepareConnections(Math.ceil(this.#connectionsAhead * Math.min(1, (1.2 * nowMs) / this.#warmUpEndMs)));
    this.#matchUsers();
  }

  #prepareConnections(count: number): void {
    this.#senders.get(this.#workload.target.key)?.prepare(count);
  }

  #tick(nowMs: number): void {
    this.#lastTickMs = nowMs;
    const limit = this.#safety.p99.above;
    let inFlight = 0;
    let overdue = 0;
    for (const sender of this.#senderList) {
      inFlight += sender.inFlight() + sender.queued();
      overdue += sender.olderThan(nowMs - limit);
    }
    const dropped = this.#counters.droppedSinceTick;
    this.#counters.droppedSinceTick = 0;
    this.#options.onTick(this.#meter.tick({ atMs: nowMs, dropped, inFlight, overdue }));
  }

  #isOver(nowMs: number): boolean {
    const underWay = this.#senderList.reduce((sum, sender) => sum + sender.inFlight() + sender.queued(), 0);
    if (this.#stopped !== undefined) return underWay === 0 || nowMs >= this.#stopped.atMs + STOP_GRACE_MS;
    if (nowMs < this.#endMs) return false;
    return (underWay === 0 && this.#journeys === 0) || nowMs >= this.#lastReplyMs;
  }

  #finish(nowMs: number): void {
    clearInterval(this.#housekeeping);
    this.#waker.stop();
    // At the end of its own accord the run has waited longer for each reply than its step allows, counted from the intended start.
    const failure = this.#stopped === undefined ? 'timeout' : 'cancelled';
    this.#isCancelling = true;
    this.#stopped ??= { reason: 'aborted', atMs: nowMs };
    for (const sender of this.#senderList) {
      this.#drop('interrupted', sender.dropQueued());
      sender.close(nowMs, failure);
    }
    this.#tick(nowMs);
    this.#options.onDone({
      phases: this.#counters.counts(),
      groups: this.#recorders.groups(),
      watches: this.#recorders.watches(),
      uniform: { items: this.#recorders.uniform.items, seen: this.#recorders.uniform.seen },
      endedMs: this.#lastEndedMs,
      ...this.#meter.totals(),
      connectionsOpened: this.#senderList.reduce((sum, sender) => sum + sender.connectionsOpened(), 0),
    });
  }

  #drop(reason: DropReason, count: number): void {
    this.#counters.drop(this.#phase, reason, count);
  }
}

/** This worker's share of a total; all shares add up to it, each is at least `least`. */
function shareOf(total: number, shard: number, shards: number, least = 1): number {
  return Math.max(least, Math.floor((total - shard + shards - 1) / shards));
}
