// One user's way through the steps of a scenario: its variables, cookies and place.
import { createRandom, hash32, type Random } from '../../../core/load/random.ts';
import type { FeedRow } from '../../../core/model/workload.ts';
import { CookieJar } from '../requests/cookie-jar.ts';
import type { CompiledScenario, CompiledStep, Journey } from '../requests/hot-path.ts';
import type { FeedCursors } from './feed-cursors.ts';

const NO_ROWS: ReadonlyMap<string, FeedRow> = new Map();
const NO_RANDOM: Random = { next: () => 0, uint32: () => 0 };

/** A journey in front of its first step; `user` below 0 for one of an open model. */
export function createJourney(scenario: CompiledScenario, user: number): Journey {
  return {
    scenario,
    stepIndex: 0,
    variables: new Map(),
    rows: NO_ROWS,
    jar: undefined,
    random: NO_RANDOM,
    isUser: user >= 0,
    user,
    iteration: 0,
    index: 0,
    gotNoReply: false,
  };
}

/** Prepares a journey for its scenario with the randomness of `index`; false when a feed has no row left. */
export function beginJourney(
  journey: Journey,
  scenario: CompiledScenario,
  seed: number,
  index: number,
  feeds: FeedCursors,
): boolean {
  journey.scenario = scenario;
  journey.stepIndex = 0;
  journey.index = index;
  // A user's journey before this one may have been of another scenario.
  journey.jar = undefined;
  if (scenario.isPlain) return true;
  journey.variables = new Map();
  if (scenario.source.cookies) journey.jar = new CookieJar();
  journey.random = createRandom(hash32(seed, index));
  const rows = feeds.take(scenario.source.feeds, journey.random);
  if (rows === undefined) return false;
  journey.rows = rows;
  return true;
}

/** The step that is under way or next; undefined after the last. */
export function currentStep(journey: Journey): CompiledStep | undefined {
  return journey.scenario.steps[journey.stepIndex];
}

/** Requests of a journey that have not ended, the one under way or next included. */
export function stepsLeft(journey: Journey): number {
  return journey.scenario.steps.length - journey.stepIndex;
}

/** The value of a variable: captured, a feed's column, or `feed.column`. */
export function lookup(journey: Journey, name: string): string | undefined {
  const captured = journey.variables.get(name);
  if (captured !== undefined) return captured;
  for (const [feed, row] of journey.rows) {
    if (Object.hasOwn(row, name)) return row[name];
    if (name.startsWith(`${feed}.`) && Object.hasOwn(row, name.slice(feed.length + 1)))
      return row[name.slice(feed.length + 1)];
  }
  return undefined;
}

/** The first variable the current step needs that has no value. */
export function missingVariable(journey: Journey): string | undefined {
  for (const name of currentStep(journey)?.renderer.needs ?? []) if (lookup(journey, name) === undefined) return name;
  return undefined;
}
