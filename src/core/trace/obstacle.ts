// Why no cause is named: what stands in the way, said so that somebody can remove it.
import type { ServiceEffect } from './compare/blame.ts';
import type { MechanismContext } from './mechanisms/mechanism.ts';
import { isBetter, isFelt } from './mechanisms/shared/is-felt.ts';
import type { PreparedTraces } from './prepare/prepared-traces.ts';

/** ANALYSIS.md 3: below these nobody should trust an attribution. */
const leastCompleteness = 0.9;
const leastTraces = 20;

/** There is no request to explain: no detector may run. Undefined when there is one. */
export function finalObstacle({ violating, prepared }: MechanismContext): string | undefined {
  if (violating.traces.length > 0) return undefined;
  const { withoutEntry, traces } = prepared.completeness;
  return withoutEntry > 0
    ? `none of the violating requests has a trace with its entry span (${withoutEntry} of ${traces} traces lack it): check that the entry service exports its spans`
    : 'no trace of a violating request was found: sample more requests, or keep traces longer';
}

/**
 * What is missing when no detector found anything, the most serious first. `alone`: violating traces that nothing of their kind could be compared with.
 * `given`: all traces that there were to compare with.
 */
export function whyNothing(context: MechanismContext, alone: readonly number[], given: readonly number[]): string {
  const { violating, prepared } = context;
  const isAlone = alone.length === violating.traces.length;
  const others = kindsOf(prepared, given);
  if (isAlone && others !== '') {
    return `no trace to compare with is of a kind that broke the requirement (${kindsOf(prepared, alone)}), only of others (${others}): give traces of its normal operation under the same names as a baseline; after the first passed run Faultline has its own`;
  }
  const reason = mainReason(context, isAlone);
  return isAlone || alone.length === 0
    ? reason
    : `${reason}; ${alone.length} of the violating requests had none of its kind to be compared with (${kindsOf(prepared, alone)})`;
}

const shownKinds = 3;

/** Names of cohorts, those with the most traces first. */
function kindsOf({ cohort, cohorts }: PreparedTraces, traces: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const trace of traces) {
    const name = cohorts[cohort[trace] ?? 0] ?? '';
    if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).map(([name]) => name);
  const more = names.length - shownKinds;
  return names.slice(0, shownKinds).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function mainReason(context: MechanismContext, isAlone: boolean): string {
  const { violating, reference, prepared, blame, suspects } = context;
  const { ratio } = prepared.completeness;
  if (ratio < leastCompleteness) {
    return `${Math.round(100 * (1 - ratio))}% of the spans name a parent that was not recorded: look for services without instrumentation, dropped exports, or sampling that breaks traces`;
  }
  if (reference.traces.length === 0 || isAlone) {
    return 'there is no trace of a request that met the requirement to compare with: give traces of normal operation as a baseline; after the first passed run Faultline has its own';
  }
  if (violating.traces.length < leastTraces || reference.traces.length < leastTraces) {
    return `only ${violating.traces.length} violating and ${reference.traces.length} other traces could be compared; ${leastTraces} of each are needed to be sure`;
  }
  if (suspects[0]?.service === '' && suspects[0].evidence > 0) {
    return 'what stands out are spans that name no service, and nobody can be blamed: give every service a service.name';
  }
  const [first, second] = blame.services;
  if (first === undefined || first.effectMs <= 0 || (first.interval?.[0] ?? 0) <= 0) {
    if (isBetter(context)) {
      return 'requests are quicker than those they are compared with, and fail no more often: there is nothing to explain';
    }
    return 'no service is clearly slower, fails more often or behaves differently in the violating requests: the cause leaves no mark in these traces';
  }
  if (!isFelt(context, first.effectMs)) {
    return `requests are not slower than those they are compared with, and fail no more often: what ${called(first)} costs (${first.effectMs.toFixed(1)} ms a request) other services save`;
  }
  return second !== undefined && blame.isAmbiguous
    ? `${called(first)} and ${called(second)} cost about the same; more traces would tell them apart`
    : `${called(first)} costs most (${first.effectMs.toFixed(1)} ms a request), too little or too uncertain to be named as the cause`;
}

const called = ({ service }: ServiceEffect): string => (service === '' ? 'a service without a name' : service);
