// Which symptom belongs to which cause.

import type { CandidateFinding } from '../mechanisms/mechanism.ts';
import { isPartOf, isTimeReading } from './explain-precedence.ts';

/** Whether `main` accounts for `other`, so that it is no cause of its own. Not symmetric: `main` has the stronger claim (explain-precedence.ts). */
export function isExplainedBy(other: CandidateFinding, main: CandidateFinding): boolean {
  switch (main.mechanism) {
    case 'metastable':
    case 'cascading-timeout':
    case 'retry-storm':
    case 'hidden-retries':
      return isOnItsWay(other, main);
    case 'n-plus-one':
    case 'chatty':
    case 'sequential-fanout':
      return isMadeByLoop(other, main);
    case 'error-origin':
      return isAfterError(other, main);
    default:
      return isSameTime(other, main);
  }
}

/**
 * A storm or a cascade explains everything between the entry and its edge (callers that wait, give up and try again), the trouble of the callee and of
 * whatever lies below it. A loop elsewhere has its own life.
 */
function isOnItsWay(other: CandidateFinding, main: CandidateFinding): boolean {
  const isLoop =
    other.mechanism === 'n-plus-one' || other.mechanism === 'sequential-fanout' || other.mechanism === 'chatty';
  if (isLoop) return other.edge?.caller === main.edge?.caller && other.edge?.callee === main.edge?.callee;
  return main.path.includes(other.service) || isBelow(other, main);
}

/** Whether `other`'s path leads through `main`'s service and goes on. */
function isBelow(other: CandidateFinding, main: CandidateFinding): boolean {
  const at = other.path.indexOf(main.service);
  return at >= 0 && at < other.path.length - 1;
}

/** Of the milliseconds that a caller or callee of the loop loses, the loop must make up this part. */
const leastPart = 0.4;

/** Calls that are made too often cost their time at the caller, between the two, and at the callee. */
function isMadeByLoop(other: CandidateFinding, main: CandidateFinding): boolean {
  const isSameCaller = other.service === main.service;
  const isItsCallee = other.service === main.edge?.callee;
  if (!isSameCaller && !isItsCallee) return false;
  if (other.mechanism === 'error-origin') return false;
  return main.effectMs >= leastPart * other.effectMs;
}

/** When requests fail, what their callers do about it (waiting, trying again) is a consequence; so is the time lost where it fails. */
function isAfterError(other: CandidateFinding, main: CandidateFinding): boolean {
  if (other.mechanism === 'error-origin') return main.path.includes(other.service) && other.service !== main.service;
  const isRetry =
    other.mechanism === 'retry-storm' || other.mechanism === 'cascading-timeout' || other.mechanism === 'metastable';
  if (isRetry) return main.path.includes(other.service);
  return other.service === main.service && other.share <= main.share;
}

/**
 * Two readings of one service's time. A database that only its lock holder or late caller waits for, and callees that a late caller is late for,
 * are part of that caller's story.
 */
function isSameTime(other: CandidateFinding, main: CandidateFinding): boolean {
  if (other.mechanism === 'error-origin') return other.service === main.service || main.path.includes(other.service);
  if (isPartOf(other, main)) return true;
  if (!isTimeReading(other.mechanism)) return false;
  if (other.service === main.service) return isMostOf(other, main) || other.mechanism === main.mechanism;
  const isItsCallee = other.edge?.caller === main.service;
  const takesCalleesAlong = main.mechanism === 'lock-contention' || isLateCaller(main);
  return isItsCallee && takesCalleesAlong && main.effectMs >= leastPart * other.effectMs;
}

/** A special reading that explains a fraction of the service's time does not stand for all of it. */
function isMostOf(other: CandidateFinding, main: CandidateFinding): boolean {
  return main.effectMs >= 0.4 * other.effectMs || other.effectMs === 0;
}

const isLateCaller = ({ evidence }: CandidateFinding): boolean =>
  evidence.some(({ name }) => name === 'callees it is late for');
