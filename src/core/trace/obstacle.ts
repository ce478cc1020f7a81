// What stands in the way of naming a cause, said so that somebody can remove it.
import type { Confidence } from '../model/finding.ts';
import type { MechanismContext } from './mechanism.ts';

export interface Obstacle {
  readonly message: string;
  /** The most that may be claimed in spite of it; `none`: no cause may be named at all. */
  readonly most: Confidence | 'none';
}

/** ANALYSIS.md 3: below these nobody should trust an attribution, or not without being told. */
const leastCompleteness = 0.9;
const leastTraces = 20;
const fewTraces = 8;

/** The most serious obstacle; undefined when there is none. */
export function obstacle(context: MechanismContext, withoutReference: number): Obstacle | undefined {
  const { violating, reference, prepared } = context;
  const { ratio, traces, withoutEntry } = prepared.completeness;
  if (violating.traces.length === 0) {
    const message =
      withoutEntry > 0
        ? `none of the violating requests has a trace with its entry span (${withoutEntry} of ${traces} traces lack it): check that the entry service exports its spans`
        : 'no trace of a violating request was found: sample more requests, or keep traces longer';
    return { message, most: 'none' };
  }
  if (ratio < leastCompleteness) {
    const message = `${percent(1 - ratio)} of the spans name a parent that was not recorded: services without instrumentation, dropped exports, or sampling that breaks traces; a neighbour may be named instead of the cause`;
    return { message, most: 'medium' };
  }
  if (reference.traces.length === 0 || withoutReference === violating.traces.length) {
    return {
      message: 'there is no trace of a request that met the requirement to compare with: add a baseline',
      most: 'medium',
    };
  }
  if (violating.traces.length < leastTraces || reference.traces.length < leastTraces) {
    const message = `only ${violating.traces.length} violating and ${reference.traces.length} other traces could be compared; ${leastTraces} of each are needed to be sure`;
    return { message, most: violating.traces.length < fewTraces ? 'low' : 'medium' };
  }
  return undefined;
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;
