// In which order candidates may claim the same symptoms.
import type { Mechanism } from '../../model/finding.ts';
import type { CandidateFinding } from '../mechanisms/mechanism.ts';

/**
 * What callers do about a slow or failing callee comes before the callee's own trouble (ANALYSIS.md 3: cascading timeout > retry storm > pool wait >
 * slow dependency), code that asks too often before whom it asks, a named resource before a queue, a queue before mere slowness.
 */
const order: readonly Mechanism[] = [
  'metastable',
  'cascading-timeout',
  'retry-storm',
  'hidden-retries',
  'n-plus-one',
  'sequential-fanout',
  'chatty',
  'memory-growth',
  'cpu-starvation',
  'pause',
  'lock-contention',
  'pool-wait',
  'network-delay',
  'cold-start',
  'uninstrumented-dependency',
  'slow-dependency',
  'saturation',
  'error-origin',
];

const rankOf: ReadonlyMap<Mechanism, number> = new Map(order.map((mechanism, rank) => [mechanism, rank]));

/** Mechanisms that say why one service takes its time: alternative readings of the same milliseconds. */
const readings: ReadonlySet<Mechanism> = new Set([
  'memory-growth',
  'cpu-starvation',
  'lock-contention',
  'pool-wait',
  'network-delay',
  'pause',
  'cold-start',
  'uninstrumented-dependency',
  'slow-dependency',
  'saturation',
]);

export const isTimeReading = (mechanism: Mechanism): boolean => readings.has(mechanism);

/** Whether `other` only says the same about the same place as `main` in other words. */
export function isReading(other: CandidateFinding, main: CandidateFinding): boolean {
  if (other.mechanism === main.mechanism) return other.service === main.service && sameEdge(other, main);
  // One request for each row is also made in turn, and is a lot of talk.
  if (main.mechanism === 'n-plus-one' && isWayOfCalling(other.mechanism)) return sameEdge(other, main);
  // The retries that sustain a failure are the failure.
  if (main.mechanism === 'metastable' && other.mechanism === 'retry-storm') return sameEdge(other, main);
  return isTimeReading(other.mechanism);
}

const isWayOfCalling = (mechanism: Mechanism): boolean => mechanism === 'sequential-fanout' || mechanism === 'chatty';

const sameEdge = (a: CandidateFinding, b: CandidateFinding): boolean =>
  a.edge?.caller === b.edge?.caller && a.edge?.callee === b.edge?.callee;

/** When most violating requests failed, where the errors begin is the question; else errors on the way are a side effect. */
export const mostlyFailed = 0.5;
/** An origin must account for this part of the failures to come first. */
const leastOfFailures = 0.3;

/**
 * Strongest claim first. A doubtful special reading comes after the plain ones; of equal claims the deepest service comes first, then the greatest
 * effect. `failedShare`: of the violating requests, those that failed.
 */
export function byPrecedence(
  candidates: readonly CandidateFinding[],
  failedShare: number,
): readonly CandidateFinding[] {
  const slownesses = candidates.filter((each) => isTimeReading(each.mechanism));
  const claimOf = (each: CandidateFinding): number => {
    if (slownesses.some((other) => isPartOf(each, other))) return 3 * order.length;
    if (isSeenError(each) && failedShare >= mostlyFailed && each.share >= leastOfFailures) return -1;
    const rank = rankOf.get(each.mechanism) ?? order.length;
    return isTimeReading(each.mechanism) && isDoubtful(each) ? rank + order.length : rank;
  };
  const claims = new Map(candidates.map((each) => [each, claimOf(each)]));
  const claim = (each: CandidateFinding): number => claims.get(each) ?? 0;
  return [...candidates].sort(
    (a, b) => claim(a) - claim(b) || b.path.length - a.path.length || b.effectMs - a.effectMs || byName(a, b),
  );
}

/**
 * What callers do about a slow callee (give up, try again) is a consequence when the slowness is in many more requests than that, or comes of memory that
 * clearly grows: work that is given up may hold a pool or a queue, but it does not make a heap grow for good.
 */
export function isPartOf(reaction: CandidateFinding, slowness: CandidateFinding): boolean {
  if (!reactions.has(reaction.mechanism) || !isTimeReading(slowness.mechanism)) return false;
  if (slowness.service !== reaction.service || slowness.share < mainPart) return false;
  const isGrowth = slowness.mechanism === 'memory-growth' && slowness.confidence === 'high';
  return isGrowth || slowness.support >= 2 * reaction.support;
}

const reactions: ReadonlySet<Mechanism> = new Set(['cascading-timeout', 'retry-storm', 'hidden-retries']);
const mainPart = 0.5;

/** An error that spans record, not one that is read off missing calls. */
const isSeenError = ({ mechanism, evidence }: CandidateFinding): boolean =>
  mechanism === 'error-origin' && evidence.some(({ name }) => name === 'requests with this error');

const isDoubtful = ({ mechanism, confidence }: CandidateFinding): boolean =>
  confidence === 'low' && mechanism !== 'slow-dependency' && mechanism !== 'uninstrumented-dependency';

function byName(a: CandidateFinding, b: CandidateFinding): number {
  const [one, other] = [a, b].map(({ service, operation }) => `${service} ${operation}`);
  return (one ?? '') < (other ?? '') ? -1 : 1;
}
