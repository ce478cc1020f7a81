// What happens, mechanism by mechanism, in the words of a colleague; the numbers come from the evidence.
import type { Mechanism } from '../../model/finding.ts';
import type { CandidateFinding } from '../mechanisms/mechanism.ts';
import {
  callerOf,
  evidenceBaseline,
  evidenceValue,
  milliseconds,
  operationOf,
  percent,
  plain,
  shortened,
  through,
} from './explain-words.ts';

/** What a sentence is made of. */
interface Telling {
  readonly main: CandidateFinding;
  /** Of the violation, 0..1; and the same as text. */
  readonly share: number;
  readonly part: string;
  /** `: 61% of the excess` after whatever stands before it; nothing where there is nothing that it exceeds. */
  readonly ofExcess: (before: string) => string;
  readonly caller: string;
  /** Evidence by name; NaN when it was not given. */
  readonly now: (name: string) => number;
  /** ` (1.2 normally)`, the evidence in the reference; nothing without one. */
  readonly normally: (name: string, inWords?: (value: number) => string) => string;
}

/** The sentence without its full stop; `share` of the violation, 0..1. `isCompared`: there were requests to compare with. */
export function happening(main: CandidateFinding, share: number, isCompared: boolean): string {
  const part = percent(share);
  return tellings[main.mechanism]({
    main,
    share,
    part,
    ofExcess: (before) => (isCompared ? `${before}${part} of the excess` : ''),
    caller: callerOf(main),
    now: (name) => evidenceValue(main, name),
    normally: (name, inWords = plain) => {
      const usual = evidenceBaseline(main, name);
      return Number.isNaN(usual) ? '' : ` (${inWords(usual)} normally)`;
    },
  });
}

const tellings: Readonly<Record<Mechanism, (telling: Telling) => string>> = {
  'slow-dependency': slowness,
  'uninstrumented-dependency': ({ main, part }) =>
    `${part} of the excess is spent in calls to ${main.service} (${operationOf(main)})${through(main)}; ` +
    `${main.service} records no spans, so nobody sees further`,
  'network-delay': ({ main, ofExcess, caller, now, normally }) => {
    const { service, effectMs } = main;
    const where = (name: string): string => `${milliseconds(now(name))}${normally(name, milliseconds)}`;
    return (
      `calls from ${caller} to ${service} lose ${milliseconds(effectMs)} per request on the way, ` +
      `${where('before its span')} before ${service} begins and ${where('after its span')} after it is done, ` +
      `while ${service} itself is as fast as ever${ofExcess(': ')}`
    );
  },
  'pool-wait': ({ main, ofExcess, caller }) =>
    `calls from ${caller} to ${main.service} stand in line before ${main.service} sees them ` +
    `(${milliseconds(main.effectMs)} per request) while ${main.service} itself is as fast as ever` +
    `${main.detail === undefined ? '' : ` and ${main.detail} rose`}${ofExcess(': ')}`,
  'lock-contention': ({ main, ofExcess, now }) =>
    `requests that meet in ${main.service} ${operationOf(main)} leave it strictly one after another, ` +
    `${milliseconds(now('time between departures'))} apart, and spend ${milliseconds(now('time in the service'))} there ` +
    `instead of ${milliseconds(now('undisturbed visit'))}${ofExcess(': ')}`,
  'cpu-starvation': ({ main, ofExcess }) =>
    `${main.service} runs short of CPU (${resource(main)}), which costs ${milliseconds(main.effectMs)} per request` +
    `${ofExcess(', ')}${through(main)}`,
  pause: ({ main, ofExcess, now }) =>
    `${main.service} stands still ${plain(now('pauses'))} times, up to ${milliseconds(now('longest pause'))} at once, ` +
    `for everything it has in hand${ofExcess(': ')}`,
  saturation: ({ main, ofExcess, now }) =>
    `beyond ${plain(now('load at the knee'))} requests/s more load brings no more throughput; ` +
    `${main.service} pays${ofExcess(' ') || ' most'}${main.detail === undefined ? '' : ` and its ${main.detail} is at its end`}`,
  'memory-growth': ({ main, ofExcess }) =>
    `${main.service} holds more and more memory (${growth(main)})` +
    (main.effectMs > 0
      ? ` and slows down with it${ofExcess(': ')} on ${operationOf(main)}`
      : '; no request is slower for it yet'),
  'cold-start': ({ main, now }) =>
    `${percent(now('requests to a new instance'))} of the violating requests met a new instance of ${main.service} ` +
    `in its first moments, which costs ${milliseconds(main.effectMs)} per request`,
  'retry-storm': ({ main, ofExcess, caller, now, normally }) =>
    `${caller} tries ${operationOf(main)} at ${main.service} ${plain(now('amplification'))} times per call` +
    `${normally('amplification')}, ${plain(now('attempts per entry call'))} times with the layers above; ` +
    `${percent(now('timed out'))} of the attempts time out and ${percent(now('exhausted'))} of the repeated calls fail for good` +
    `${main.detail === undefined ? '' : `; what fails first is ${main.detail}`}${ofExcess(': ')}`,
  'hidden-retries': ({ main, caller, now }) =>
    `${main.service} gets ${plain(now('server spans per call'))} requests for each call that ${caller} makes to ` +
    `${operationOf(main)}: something between the two repeats them`,
  metastable: ({ main, caller, now }) => {
    const goodput = now('goodput after the load was back');
    return (
      'the load is back to what was carried before, but the system does not recover' +
      `${Number.isNaN(goodput) ? '' : `: goodput stays at ${percent(goodput)} of its earlier value`}, ` +
      `kept down by retries from ${caller} to ${main.service} (x${plain(now('amplification after the load was back'))})`
    );
  },
  'cascading-timeout': ({ main, caller, now }) =>
    `in ${percent(now('traces with a cascade'))} of the violating requests callers give up one after another while the work goes on below, ` +
    `beginning with ${caller} waiting for ${main.service} (${operationOf(main)}); ` +
    `${milliseconds(now('work for nobody'))} of work per request is for nobody${main.detail === undefined ? '' : `; ${main.detail}`}`,
  'n-plus-one': repeated,
  chatty: ({ main, ofExcess, now, normally }) =>
    `${main.service} calls ${main.edge?.callee ?? 'its callee'} ${plain(now('calls per request'))} times per request` +
    `${normally('calls per request')}${ofExcess(': ')}`,
  'sequential-fanout': inTurn,
  'error-origin': errors,
};

function slowness({ main, part, ofExcess, now }: Telling): string {
  const { service } = main;
  const late = now('callees it is late for');
  if (!Number.isNaN(late)) {
    return (
      `${service} takes up the answers of all ${plain(late)} services it calls late, which costs ` +
      `${milliseconds(main.effectMs)} per request${ofExcess(', ')}: it is ${service} that has no time`
    );
  }
  const slowest = now('slowest query');
  if (!Number.isNaN(slowest)) return `queries ${operationOf(main)} at ${service} take up to ${milliseconds(slowest)}`;
  return now('own time') >= now('time around its spans')
    ? `${part} of the excess is ${service}'s own time on ${operationOf(main)}${through(main)}`
    : `${part} of the excess is spent in and around ${service}'s ${operationOf(main)}${through(main)}`;
}

const longestStatement = 80;

function inTurn({ main, ofExcess, now }: Telling): string {
  const calls = now('calls in turn');
  const where = `in ${operationOf(main)} one after another${main.edge === undefined ? '' : `, most of them to ${main.edge.callee}`}`;
  return Number.isNaN(calls)
    ? `${main.service} makes ${plain(now('calls per request'))} calls ${where}, ${milliseconds(now('time in them'))} in all`
    : `${main.service} makes ${plain(calls)} calls ${where}; ` +
        `side by side they would take up to ${milliseconds(now('could be saved at most'))} less${ofExcess(': ')}`;
}

function repeated({ main, ofExcess, now, normally }: Telling): string {
  const { service, detail, edge } = main;
  const what = detail === undefined ? (edge?.operation ?? 'the same call') : `"${shortened(detail, longestStatement)}"`;
  const calls = now('calls in a loop');
  return Number.isNaN(calls)
    ? `${service} makes ${plain(now('calls per request'))} calls ${what} in ${operationOf(main)} for one request, ` +
        `${milliseconds(now('time in them'))} in all`
    : `${service} runs ${what} ${plain(calls)} times in one ${operationOf(main)}` +
        `${normally('calls in a loop')}, ${milliseconds(main.effectMs)} per request${ofExcess(': ')}`;
}

function errors({ main, share, now, normally }: Telling): string {
  const { service, detail } = main;
  const early = 'requests that end early';
  if (!Number.isNaN(now(early))) {
    return (
      `${service} ends ${operationOf(main)} early in ${percent(now(early))} of the cases${normally(early, percent)}` +
      `${detail === undefined ? '' : `, ${detail}`}: it fails, or is answered what it cannot use`
    );
  }
  const type = detail ?? 'errors';
  const seen = 'requests with this error';
  return share > 0
    ? `${percent(share)} of the failed requests begin with ${type} in ${service} ${operationOf(main)}${through(main)}`
    : `${service} ${operationOf(main)} fails with ${type} in ${percent(now(seen))} of the violating requests` +
        `${normally(seen, percent)}, but no request failed for it`;
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
  const isKnown = found.baseline !== undefined && !Number.isNaN(found.baseline);
  return `${found.name} ${plain(found.value)}${isKnown ? `, normally ${plain(found.baseline ?? 0)}` : ''}`;
}
