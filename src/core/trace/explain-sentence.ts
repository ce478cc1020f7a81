// One sentence for the on-call engineer.
import { assertNever } from '../model/result.ts';
import type { Cause } from './explain-causes.ts';
import {
  evidenceBaseline,
  evidenceValue,
  milliseconds,
  operationOf,
  percent,
  plain,
  shortened,
  through,
  times,
} from './explain-words.ts';
import type { CandidateFinding } from './mechanism.ts';

const longestStatement = 80;

/** What happens where, with the numbers that say so, and what makes it worse. */
export function sentenceFor(cause: Cause): string {
  return `${whatHappens(cause)}${amplifiedBy(cause)}.`;
}

function whatHappens(cause: Cause): string {
  const { main, share } = cause;
  const { service, edge, detail } = main;
  const caller = edge?.caller ?? '';
  const value = (name: string): number => evidenceValue(main, name);
  const before = (name: string): number => evidenceBaseline(main, name);
  const part = percent(share);
  switch (main.mechanism) {
    case 'slow-dependency':
      return slowness(main, part);
    case 'uninstrumented-dependency':
      return `${part} of the excess is spent in calls to ${service} (${operationOf(main)})${through(main)}; ${service} records no spans, so nobody sees further`;
    case 'network-delay':
      return `calls from ${caller} to ${service} lose ${milliseconds(main.effectMs)} per request on the way (${milliseconds(value('before its span'))} before ${service}'s span, ${milliseconds(value('after its span'))} after it; ${milliseconds(before('before its span'))} and ${milliseconds(before('after its span'))} normally) while ${service} itself is as fast as ever: ${part} of the excess`;
    case 'pool-wait':
      return `calls from ${caller} to ${service} stand in line before ${service} sees them (${milliseconds(main.effectMs)} per request) while ${service} itself is as fast as ever${detail === undefined ? '' : ` and ${detail} rose`}: ${part} of the excess`;
    case 'lock-contention':
      return `requests that meet in ${service} ${operationOf(main)} leave it strictly one after another, ${milliseconds(value('time between departures'))} apart, and spend ${milliseconds(value('time in the service'))} there instead of ${milliseconds(value('undisturbed visit'))}: ${part} of the excess`;
    case 'cpu-starvation':
      return `${service} runs short of CPU (${resource(main)}), which costs ${milliseconds(main.effectMs)} per request, ${part} of the excess${through(main)}`;
    case 'pause':
      return `${service} stands still ${plain(value('pauses'))} times, up to ${milliseconds(value('longest pause'))} at once, for everything it has in hand: ${part} of the excess`;
    case 'saturation':
      return `beyond ${plain(value('load at the knee'))} requests/s more load brings no more throughput; ${service} pays ${part} of the excess${detail === undefined ? '' : ` and its ${detail} is at its end`}`;
    case 'memory-growth':
      return main.effectMs > 0
        ? `${service} holds more and more memory (${growth(main)}) and slows down with it: ${part} of the excess on ${operationOf(main)}`
        : `${service} holds more and more memory (${growth(main)}); no request is slower for it yet`;
    case 'cold-start':
      return `${percent(value('requests to a new instance'))} of the violating requests met a new instance of ${service} in its first moments, which costs ${milliseconds(main.effectMs)} per request`;
    case 'retry-storm':
      return `${caller} tries ${operationOf(main)} at ${service} ${plain(value('amplification'))} times per call (${plain(before('amplification'))} normally), ${plain(value('attempts per entry call'))} times with the layers above; ${percent(value('timed out'))} of the attempts time out and ${percent(value('exhausted'))} of the repeated calls fail for good${detail === undefined ? '' : `; what fails first is ${detail}`}: ${part} of the excess`;
    case 'hidden-retries':
      return `${service} gets ${plain(value('server spans per call'))} requests for each call that ${caller} makes to ${operationOf(main)}: something between the two repeats them`;
    case 'metastable':
      return `the load is back to what was carried before, but the system does not recover${Number.isNaN(value('goodput after the load was back')) ? '' : `: goodput stays at ${percent(value('goodput after the load was back'))} of its earlier value`}${caller === '' ? '' : `, kept down by retries from ${caller} to ${service} (${times(value('amplification after the load was back'))})`}`;
    case 'cascading-timeout':
      return `in ${percent(value('traces with a cascade'))} of the violating requests callers give up one after another while the work goes on below, beginning with ${caller} waiting for ${service} (${operationOf(main)}); ${milliseconds(value('work for nobody'))} of work per request is for nobody${detail === undefined ? '' : `; ${detail}`}`;
    case 'n-plus-one':
      return loop(main, part);
    case 'chatty':
      return `${service} calls ${edge?.callee ?? 'its callee'} ${plain(value('calls per request'))} times per request (${plain(before('calls per request'))} normally): ${part} of the excess`;
    case 'sequential-fanout':
      return `${service} makes ${plain(value('calls in turn'))} calls in ${operationOf(main)} one after another${edge === undefined ? '' : `, most of them to ${edge.callee}`}; side by side they would take up to ${milliseconds(value('could be saved at most'))} less: ${part} of the excess`;
    case 'error-origin':
      return errors(main, share);
    default:
      return assertNever(main.mechanism);
  }
}

function slowness(main: CandidateFinding, part: string): string {
  const { service } = main;
  const late = evidenceValue(main, 'callees it is late for');
  if (!Number.isNaN(late)) {
    return `${service} takes up the answers of all ${plain(late)} services it calls late, which costs ${milliseconds(main.effectMs)} per request, ${part} of the excess: it is ${service} that has no time`;
  }
  const slowest = evidenceValue(main, 'slowest query');
  if (!Number.isNaN(slowest)) return `queries ${operationOf(main)} at ${service} take up to ${milliseconds(slowest)}`;
  const isOwn = evidenceValue(main, 'own time') >= evidenceValue(main, 'time around its spans');
  return isOwn
    ? `${part} of the excess is ${service}'s own time on ${operationOf(main)}${through(main)}`
    : `${part} of the excess is spent in and around ${service}'s ${operationOf(main)}${through(main)}`;
}

function loop(main: CandidateFinding, part: string): string {
  const { service, detail, edge } = main;
  const calls = evidenceValue(main, 'queries in a loop');
  const what = detail === undefined ? (edge?.operation ?? 'the same call') : `"${shortened(detail, longestStatement)}"`;
  if (Number.isNaN(calls)) {
    return `${service} makes ${plain(evidenceValue(main, 'calls per request'))} calls ${what} in ${operationOf(main)} for one request, ${milliseconds(evidenceValue(main, 'time in them'))} in all`;
  }
  return `${service} runs ${what} ${plain(calls)} times in one ${operationOf(main)} (${plain(evidenceBaseline(main, 'queries in a loop'))} normally), ${milliseconds(main.effectMs)} per request: ${part} of the excess`;
}

function errors(main: CandidateFinding, share: number): string {
  const { service, detail } = main;
  const missing = evidenceValue(main, 'requests that end early');
  if (!Number.isNaN(missing)) {
    return `${service} ends ${operationOf(main)} early in ${percent(missing)} of the cases (${percent(evidenceBaseline(main, 'requests that end early'))} normally)${detail === undefined ? '' : `, ${detail}`}: it fails, or is answered what it cannot use`;
  }
  const type = detail === undefined ? 'errors' : detail;
  return share > 0
    ? `${percent(share)} of the failed requests begin with ${type} in ${service} ${operationOf(main)}${through(main)}`
    : `${service} ${operationOf(main)} fails with ${type} in ${percent(evidenceValue(main, 'requests with this error'))} of the violating requests (${percent(evidenceBaseline(main, 'requests with this error'))} normally), but no request failed for it`;
}

/** `nodejs_heap_size_used_bytes from 40.2M to 161.0M`. */
function growth({ detail, evidence }: CandidateFinding): string {
  const found = evidence.find((each) => each.name === detail);
  if (found === undefined) return detail ?? 'a metric';
  return `${found.name} from ${plain(found.baseline ?? Number.NaN)} to ${plain(found.value)}`;
}

/** `process_cpu_seconds_total 0.97, normally 0.31`. */
function resource({ detail, evidence }: CandidateFinding): string {
  const found = evidence.find((each) => each.name === detail);
  if (found === undefined) return detail ?? 'a metric';
  const normally =
    found.baseline === undefined || Number.isNaN(found.baseline) ? '' : `, normally ${plain(found.baseline)}`;
  return `${found.name} ${plain(found.value)}${normally}`;
}

/** `, whose retries (x2.3) multiply it`. */
function amplifiedBy({ main, amplifiers }: Cause): string {
  const retries = amplifiers.filter(({ mechanism }) => mechanism === 'retry-storm');
  if (main.mechanism === 'retry-storm' || main.mechanism === 'metastable') {
    const callers = retries.map((each) => `${each.edge?.caller ?? each.service} (${amplification(each)})`);
    return callers.length === 0 ? '' : `; retried again by ${callers.join(' and ')}`;
  }
  const [first] = retries;
  if (first !== undefined)
    return `; retries of ${first.edge?.caller ?? 'its callers'} (${amplification(first)}) multiply it`;
  return amplifiers.some(({ mechanism }) => mechanism === 'cascading-timeout')
    ? '; callers give up on it while it works'
    : '';
}

const amplification = (each: CandidateFinding): string => times(evidenceValue(each, 'amplification'));
