// The generator of one worker thread: takes arrivals up when they are due, counts what comes back, keeps the phases and the end.
import type { DropReason } from '../../../core/model/load.ts';
import type { generalSender } from '../lanes/general-sender.ts';
import type { Sender } from '../lanes/sender.ts';
import type { CompiledStep, Exchange, PhasedStep } from '../requests/hot-path.ts';
import type { Waker, WakerOptions } from '../schedule/waker.ts';
import { type GeneratorParts, generatorParts, shareOf } from './generator-parts.ts';
import { JourneyWalker } from './journey-walker.ts';
import type { StopReason, WorkerPart, WorkerSetup, WorkerTick } from './worker-protocol.ts';

/** Arrivals taken up in one go before the event loop may look at its sockets again. */
const MOST_AT_ONCE = 256;
const SWEEP_MS = 20;
const TICK_MS = 250;
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
  readonly #parts: GeneratorParts;
  readonly #senders: readonly Sender[];
  readonly #walker: JourneyWalker;
  readonly #waker: Waker;
  /** Index of the current phase; the number of phases in the warm-up; -1 before the first when there is no warm-up. */
  #phase: number;
  #stopped: { readonly reason: StopReason; readonly atMs: number } | undefined;
  #isCutOff = false;
  /** Whether the run cut off what had not ended long after its end. */
  #isOverrun = false;
  #pumping = false;
  #lastSweepMs = 0;
  #lastTickMs = 0;
  #lastEndedMs = 0;
  #housekeeping: NodeJS.Timeout | undefined;

  constructor(options: GeneratorOptions) {
    const { setup, now, startUnixMs } = options;
    this.#options = options;
    this.#now = now;
    this.#parts = generatorParts({
      setup,
      now,
      startUnixMs,
      handler: {
        completed: (exchange) => this.#completed(exchange),
        proceed: (journey, nowMs) => this.#walker.proceed(journey, nowMs),
      },
      generalSender: options.generalSender,
    });
    this.#senders = [...this.#parts.senders.values()];
    this.#walker = new JourneyWalker(this.#parts, () => {
      if (!this.#pumping) this.#arm();
    });
    this.#phase = this.#parts.warmUp === undefined ? -1 : this.#parts.phases.length;
    this.#waker = options.wakerOf({ now, wake: () => this.#pump() });
  }

  /** Begins at once; the run's zero may lie a little in the future. */
  start(): void {
    this.#lastSweepMs = this.#now();
    this.#housekeeping = setInterval(() => this.#keepHouse(), SWEEP_MS);
    if (this.#phase < 0) this.#prepareConnections(this.#parts.connectionsAhead);
    this.#pump();
  }

  /** Sends nothing more; what is under way may still end, for 2 s. */
  stop(reason: StopReason): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = { reason, atMs: this.#now() };
    this.#parts.arrivals.end();
    for (const sender of this.#senders) this.#drop(reason, sender.dropQueued());
    this.#walker.stop(reason, this.#stopped.atMs);
    this.#waker.stop();
  }

  /** Takes up everything that is due. */
  #pump(): void {
    if (this.#pumping || this.#stopped !== undefined) return;
    this.#pumping = true;
    let nowMs = this.#now();
    this.#enterPhases(nowMs);
    let taken = 0;
    const next = this.#parts.arrivals;
    for (; next.nextMs <= nowMs && taken < MOST_AT_ONCE; taken += 1) {
      this.#takeUp(next.nextMs, next.phase, next.index, nowMs);
      next.advance();
      nowMs = this.#now();
    }
    for (; this.#walker.nextMs <= nowMs && taken < MOST_AT_ONCE; taken += 1) this.#walker.resume(nowMs);
    this.#pumping = false;
    this.#arm();
  }

  #arm(): void {
    this.#waker.arm(Math.min(this.#parts.arrivals.nextMs, this.#walker.nextMs, this.#nextPhaseMs()));
  }

  #nextPhase(): number {
    return this.#phase === this.#parts.phases.length ? 0 : this.#phase + 1;
  }

  #nextPhaseMs(): number {
    return this.#parts.phases[this.#nextPhase()]?.startMs ?? Number.POSITIVE_INFINITY;
  }

  #enterPhases(nowMs: number): void {
    while (nowMs >= this.#nextPhaseMs()) {
      if (this.#phase === this.#parts.phases.length) this.#forgetWarmUp();
      this.#phase = this.#nextPhase();
      this.#matchUsers(nowMs);
    }
  }

  /** What waits for a connection is not to hold up requests that count. Users of a closed model go on. */
  #forgetWarmUp(): void {
    if (this.#parts.warmUp?.pace.kind !== 'rate') return;
    for (const sender of this.#senders) sender.dropQueued((journey) => this.#walker.abandon(journey));
  }

  /** One arrival of the open model. */
  #takeUp(dueMs: number, phase: number, index: number, nowMs: number): void {
    const { counters, meter, phases, workload, senders } = this.#parts;
    counters.due(phase);
    if (phase < phases.length) meter.tookUp(nowMs - dueMs);
    const refusal = this.#refusal();
    const scenario = workload.scenarioOf(index);
    if (refusal !== undefined) counters.drop(phase, refusal, 1);
    else if (scenario.isPlain) {
      counters.sent(phase);
      const step = scenario.steps[0] as CompiledStep;
      const sender = senders.get(step.renderer.origin.key) as Sender;
      sender.submit(step.phases[phase] as PhasedStep, dueMs, undefined, nowMs);
    } else if (this.#walker.beginOpen(scenario, { dueMs, index }, nowMs)) counters.sent(phase);
    else counters.drop(phase, 'feed-exhausted', 1);
  }

  /** Why another arrival may not be sent now. */
  #refusal(): DropReason | undefined {
    const { meter, maxInFlight } = this.#parts;
    let underWay = 0;
    // By index: this is asked for every arrival, and an iterator is garbage.
    for (let i = 0; i < this.#senders.length; i += 1) {
      const sender = this.#senders[i] as Sender;
      if (sender.isFull()) return 'queue-full';
      underWay += sender.inFlight() + sender.queued();
    }
    if (underWay >= maxInFlight) return 'in-flight-limit';
    meter.saw(underWay + 1);
    return undefined;
  }

  /** Users of the current phase; in the warm-up they come one after another over its length. */
  #matchUsers(nowMs: number): void {
    const { phases, setup, warmUpEndMs } = this.#parts;
    const isWarmUp = this.#phase === phases.length;
    const pace = phases[isWarmUp ? 0 : this.#phase]?.pace;
    const users = pace?.kind === 'concurrency' ? shareOf(pace.users, setup, 0) : 0;
    this.#walker.matchUsers(isWarmUp ? Math.min(users, Math.ceil((users * nowMs) / warmUpEndMs)) : users, nowMs);
  }

  #completed(exchange: Exchange): void {
    const { phased, journey, endedMs } = exchange;
    if (exchange.failure === undefined) phased.step.check.judge(exchange);
    this.#lastEndedMs = endedMs;
    const isFirst = journey === undefined || journey.stepIndex === 0;
    if (exchange.failure === 'connect') this.#parts.meter.gotNoConnection(exchange.message);
    else if (exchange.hasIds && isFirst && phased.recorder !== undefined) this.#parts.meter.left(exchange.sentMs);
    if (this.#isCutOff && this.#stopped?.reason === 'interrupted' && !this.#isOverdue(exchange)) {
      // We cut it off ourselves; that says nothing about the target.
      if (phased.recorder !== undefined)
        this.#parts.counters.drop(this.#parts.phaseOf(exchange.dueMs), 'interrupted', 1);
    } else if (phased.recorder !== undefined) {
      phased.recorder.record(exchange);
      this.#parts.meter.ended(endedMs - exchange.dueMs, exchange.failure !== undefined);
    } else this.#parts.meter.warmUpEnded(endedMs - exchange.dueMs, exchange.failure !== undefined);
    if (journey !== undefined) this.#walker.learn(journey, exchange);
    // Replies wake the loop anyway: what became due meanwhile need not wait for the timer.
    if (this.#parts.arrivals.nextMs <= endedMs) this.#pump();
  }

  /** Whether a request that was cut off at the end of the run's own accord had had its time. */
  #isOverdue({ phased, dueMs, endedMs }: Exchange): boolean {
    return this.#isOverrun && endedMs - dueMs >= phased.step.source.timeout;
  }

  #keepHouse(): void {
    const { meter, phases, warmUpEndMs, endMs } = this.#parts;
    const nowMs = this.#now();
    meter.loopWasLate(nowMs - this.#lastSweepMs - SWEEP_MS, SWEEP_MS);
    this.#lastSweepMs = nowMs;
    for (const sender of this.#senders) sender.sweep(nowMs);
    meter.saw(this.#underWay());
    if (this.#phase === phases.length && this.#stopped === undefined) this.#ramp(nowMs);
    if (nowMs >= warmUpEndMs && nowMs < endMs) meter.watchCpu(nowMs);
    if (nowMs - this.#lastTickMs >= TICK_MS) this.#tick(nowMs);
    if (this.#isOver(nowMs)) this.#finish(nowMs);
  }

  /** The warm-up brings connections and users little by little, ready a little before its end. */
  #ramp(nowMs: number): void {
    const { connectionsAhead, warmUpEndMs } = this.#parts;
    this.#prepareConnections(Math.ceil(connectionsAhead * Math.min(1, (1.2 * nowMs) / warmUpEndMs)));
    this.#matchUsers(nowMs);
  }

  #prepareConnections(count: number): void {
    this.#parts.senders.get(this.#parts.workload.target.key)?.prepare(count);
  }

  #tick(nowMs: number): void {
    this.#lastTickMs = nowMs;
    const { counters, meter, setup } = this.#parts;
    const limit = setup.plan.workload.safety.p99.above;
    const inFlight = this.#underWay();
    const overdue = this.#senders.reduce((sum, sender) => sum + sender.olderThan(nowMs - limit), 0);
    const dropped = counters.droppedSinceTick;
    counters.droppedSinceTick = 0;
    this.#options.onTick(meter.tick({ atMs: nowMs, dropped, inFlight, overdue }));
  }

  #underWay(): number {
    return this.#senders.reduce((sum, sender) => sum + sender.inFlight() + sender.queued(), 0);
  }

  #isOver(nowMs: number): boolean {
    const { endMs, lastReplyMs, arrivals } = this.#parts;
    if (this.#stopped !== undefined) return this.#underWay() === 0 || nowMs >= this.#stopped.atMs + STOP_GRACE_MS;
    const hasArrivals = arrivals.nextMs !== Number.POSITIVE_INFINITY;
    if (this.#walker.isSpent && !hasArrivals && this.#underWay() === 0) return true;
    if (nowMs < endMs) return false;
    // A late generator still owes the arrivals that were due before the end.
    const owesNothing = !hasArrivals && this.#underWay() === 0;
    return (owesNothing && this.#walker.underWay === 0) || nowMs >= lastReplyMs;
  }

  #finish(nowMs: number): void {
    clearInterval(this.#housekeeping);
    // At the end of its own accord the run has waited longer for most replies than their steps allow, counted from the intended start.
    this.#isOverrun = this.#stopped === undefined;
    this.stop('interrupted');
    this.#isCutOff = true;
    for (const sender of this.#senders) sender.close(nowMs, this.#isOverrun ? 'timeout' : 'cancelled');
    this.#tick(nowMs);
    this.#options.onDone(this.soFar());
  }

  /** Everything measured until now; counting goes on. */
  soFar(): WorkerPart {
    const { counters, recorders, meter } = this.#parts;
    return {
      phases: counters.counts(),
      groups: recorders.groups(),
      watches: recorders.watches(),
      uniform: { items: recorders.uniform.items, seen: recorders.uniform.seen },
      endedMs: this.#lastEndedMs,
      ...meter.totals(),
      connectionsOpened: this.#senders.reduce((sum, sender) => sum + sender.connectionsOpened(), 0),
      connectionWaits: this.#senders.reduce((sum, sender) => sum + sender.connectionWaits(), 0),
    };
  }

  #drop(reason: DropReason, count: number): void {
    this.#parts.counters.drop(this.#phase, reason, count);
  }
}
