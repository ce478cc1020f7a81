// Walks journeys through their steps: those that an open model's arrivals begin, and those of a closed model's users, who begin anew.
import { DueHeap } from '../journeys/due-heap.ts';
import { type FeedCursors, givesRowsOnce } from '../journeys/feed-cursors.ts';
import { beginJourney, createJourney, currentStep, missingVariable, stepsLeft } from '../journeys/journey.ts';
import type { Sender } from '../lanes/sender.ts';
import type { CompiledScenario, CompiledStep, Exchange, Journey, PhasedStep } from '../requests/hot-path.ts';
import { type GeneratorParts, shareOf } from './generator-parts.ts';
import type { StopReason } from './worker-protocol.ts';

/** A user who got no reply, or could not go on, waits this long: users must not hammer a target that is dead or turns them away. */
const NO_REPLY_PAUSE_MS = 100;
/** Numbers of a user's journeys: enough for 16 million of each. */
const JOURNEYS_PER_USER = 0x1000000;
/** A user who is held back by the rate limit may catch up on this much of it. */
const RATE_SLACK_MS = 50;

export class JourneyWalker {
  readonly #parts: GeneratorParts;
  readonly #onWaiting: () => void;
  readonly #waiting = new DueHeap();
  /** Between two journeys of users, by the safety limit on the rate; 0 without one. */
  readonly #gapMs: number;
  #nextAllowedMs = 0;
  #underWay = 0;
  #users = 0;
  #usersWanted = 0;
  #usersBegun = 0;
  /** Journeys that users may still begin. */
  #journeysLeft: number;
  #stopped: StopReason | undefined;

  /** `onWaiting`: a journey waits for a moment that may be sooner than any before. */
  constructor(parts: GeneratorParts, onWaiting: () => void) {
    this.#parts = parts;
    this.#onWaiting = onWaiting;
    const steps = Math.max(...parts.workload.scenarios.map((scenario) => scenario.steps.length));
    const { journeys = Number.POSITIVE_INFINITY } = parts.setup.plan;
    this.#journeysLeft = Number.isFinite(journeys) ? shareOf(journeys, parts.setup, 0) : journeys;
    this.#gapMs = Number.isFinite(parts.maxRate) ? (1000 * steps) / parts.maxRate : 0;
  }

  /** Journeys under way, waiting ones included; plain ones of an open model are known to their sender alone. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether the users have begun, and ended, all journeys they may. */
  get isSpent(): boolean {
    return this.#journeysLeft <= 0 && this.#underWay === 0;
  }

  /** When the next waiting journey goes on; infinity when none waits. */
  get nextMs(): number {
    return this.#waiting.nextMs;
  }

  /** Begins the journey of an arrival; false when a feed has no row left for it, or none to spare for the warm-up. */
  beginOpen(
    scenario: CompiledScenario,
    arrival: { readonly dueMs: number; readonly index: number },
    nowMs: number,
  ): boolean {
    const journey = createJourney(scenario, -1);
    const { setup, phaseOf } = this.#parts;
    const feeds = this.#feedsFor(scenario, phaseOf(arrival.dueMs));
    if (feeds === undefined || !beginJourney(journey, scenario, setup.plan.seed, arrival.index, feeds)) return false;
    this.#underWay += 1;
    this.#sendStep(journey, arrival.dueMs, nowMs);
    return true;
  }

  /** Starts users up to `wanted`; those too many leave after their journey. */
  matchUsers(wanted: number, nowMs: number): void {
    this.#usersWanted = wanted;
    const { setup, workload } = this.#parts;
    while (this.#users < wanted && this.#journeysLeft > 0) {
      const user = setup.shard + this.#usersBegun * setup.shards;
      this.#usersBegun += 1;
      this.#users += 1;
      this.#underWay += 1;
      this.#beginIteration(createJourney(workload.scenarios[0] as CompiledScenario, user), nowMs);
    }
  }

  /** Lets the soonest waiting journey go on. */
  resume(nowMs: number): void {
    const dueMs = this.#waiting.nextMs;
    const journey = this.#waiting.pop();
    if (journey === undefined) return;
    if (currentStep(journey) === undefined) this.#beginIteration(journey, nowMs);
    else this.#sendStep(journey, dueMs, nowMs);
  }

  /** Takes captured values and cookies from a reply. */
  learn(journey: Journey, exchange: Exchange): void {
    const { step } = exchange.phased;
    journey.gotNoReply = exchange.status === 0;
    if (journey.gotNoReply) return;
    step.check.capture(exchange, journey.variables);
    const unixMs = this.#parts.startUnixMs + exchange.endedMs;
    journey.jar?.store(step.renderer.origin.key, exchange.path, exchange.headers, unixMs);
  }

  /** The current step has ended: on to the next, after thinking. */
  proceed(journey: Journey, nowMs: number): void {
    const thinkTime = currentStep(journey)?.source.thinkTime;
    journey.stepIndex += 1;
    const think = thinkTime === undefined ? 0 : thinkTime.min + (thinkTime.max - thinkTime.min) * journey.random.next();
    this.#afterStep(journey, nowMs, journey.isUser && journey.gotNoReply ? Math.max(think, NO_REPLY_PAUSE_MS) : think);
  }

  /** No journey begins or goes on any more; requests that are lost with them are counted as dropped. */
  stop(reason: StopReason, nowMs: number): void {
    this.#stopped = reason;
    for (let journey = this.#waiting.pop(); journey !== undefined; journey = this.#waiting.pop())
      this.#retire(journey, nowMs);
  }

  #beginIteration(journey: Journey, nowMs: number): void {
    const { counters, workload, setup, endMs, warmUpEndMs, phaseOf } = this.#parts;
    const isEnough = this.#stopped !== undefined || this.#users > this.#usersWanted || this.#journeysLeft <= 0;
    if (isEnough || nowMs >= endMs) {
      this.#retire(journey, nowMs);
      return;
    }
    if (this.#nextAllowedMs > nowMs) {
      journey.stepIndex = journey.scenario.steps.length;
      this.#wait(journey, this.#nextAllowedMs);
      return;
    }
    const phase = phaseOf(nowMs);
    const index = journey.user * JOURNEYS_PER_USER + journey.iteration;
    const scenario = workload.scenarioOf(index);
    const feeds = this.#feedsFor(scenario, phase);
    if (feeds === undefined) {
      journey.stepIndex = journey.scenario.steps.length;
      this.#wait(journey, warmUpEndMs);
      return;
    }
    this.#nextAllowedMs = Math.max(this.#nextAllowedMs, nowMs - RATE_SLACK_MS) + this.#gapMs;
    journey.iteration += 1;
    this.#journeysLeft -= 1;
    counters.due(phase);
    if (!beginJourney(journey, scenario, setup.plan.seed, index, feeds)) {
      counters.drop(phase, 'feed-exhausted', 1);
      journey.stepIndex = journey.scenario.steps.length;
      this.#retire(journey, nowMs);
      return;
    }
    counters.sent(phase);
    this.#sendStep(journey, nowMs, nowMs);
  }

  /** Where a journey's rows come from; undefined in the warm-up for a scenario that uses up its rows. */
  #feedsFor(scenario: CompiledScenario, phase: number): FeedCursors | undefined {
    const { phases, feeds, warmUpFeeds } = this.#parts;
    if (phase < phases.length) return feeds;
    return givesRowsOnce(scenario.source.feeds) ? undefined : warmUpFeeds;
  }

  #sendStep(journey: Journey, dueMs: number, nowMs: number): void {
    const step = currentStep(journey) as CompiledStep;
    const phase = this.#phaseOf(journey, dueMs);
    if (!journey.scenario.isPlain && missingVariable(journey) !== undefined) {
      // A captured value is missing, so no later step can mean anything.
      this.#parts.counters.drop(phase, 'journey-failed', stepsLeft(journey));
      journey.stepIndex = journey.scenario.steps.length;
      this.#afterStep(journey, nowMs, NO_REPLY_PAUSE_MS);
      return;
    }
    const sender = this.#parts.senders.get(step.renderer.origin.key) as Sender;
    sender.submit(step.phases[phase] as PhasedStep, dueMs, journey, nowMs);
  }

  #afterStep(journey: Journey, nowMs: number, pauseMs: number): void {
    const isOver = currentStep(journey) === undefined;
    // Who would begin anew only after the end need not be waited for.
    const isLast = isOver && (!journey.isUser || this.#journeysLeft <= 0 || nowMs + pauseMs >= this.#parts.endMs);
    if (isLast || this.#stopped !== undefined) this.#retire(journey, nowMs);
    else if (pauseMs > 0) this.#wait(journey, nowMs + pauseMs);
    else if (isOver) this.#beginIteration(journey, nowMs);
    else this.#sendStep(journey, nowMs, nowMs);
  }

  #wait(journey: Journey, untilMs: number): void {
    this.#waiting.push(untilMs, journey);
    this.#onWaiting();
  }

  /** A journey has ended; after a stop its further steps are dropped. */
  #retire(journey: Journey, nowMs: number): void {
    if (this.#stopped !== undefined)
      this.#parts.counters.drop(this.#phaseOf(journey, nowMs), this.#stopped, stepsLeft(journey));
    this.abandon(journey);
  }

  /** A journey of an open model that began in the warm-up is not counted later either. */
  #phaseOf(journey: Journey, atMs: number): number {
    const { phases, phaseOf } = this.#parts;
    return !journey.isUser && journey.index < 0 ? phases.length : phaseOf(atMs);
  }

  /** A journey that nobody waits for any more. */
  abandon(journey: Journey): void {
    this.#underWay -= 1;
    if (journey.isUser) this.#users -= 1;
  }
}
