// Below a broken requirement: where it broke, by which mechanism, what to do, and which traces show it.
import type { Finding } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { attributionOf, isSameCause } from './attribution-of.ts';
import { formatInterval, formatMillis, formatShare } from './format-quantity.ts';
import { formatDuration } from './format-time.ts';
import type { Labelled } from './labelled-lines.ts';
import { mechanismAt, mechanismWords } from './mechanism-words.ts';
import { printable } from './printable.ts';

const tracesShown = 3;
const othersShown = 2;

/** A cause already told in full, and below which requirement. */
export interface ToldCause {
  readonly requirement: string;
  readonly finding: Finding;
}

/** Lines for one requirement. A cause that was told before is named in one line with a pointer. Empty when nothing is known about the where. */
export function whereLines(run: Run, verdict: Verdict, told: readonly ToldCause[]): readonly Labelled[] {
  const { findings, notAttributable } = attributionOf(run, verdict.requirement);
  const first = findings[0];
  if (first === undefined) {
    return notAttributable === undefined
      ? []
      : [{ label: 'where', texts: [`not attributable: ${printable(notAttributable)}`] }];
  }
  const before = told.find((each) => isSameCause(each.finding, first));
  const lines =
    before === undefined
      ? causeLines(first)
      : [
          {
            label: 'where',
            texts: [
              `as ${before.requirement}: ${chain(first)} (${mechanismWords[first.mechanism]}, ${effectText(first)})`,
            ],
          },
        ];
  const others = findings
    .slice(1, 1 + othersShown)
    .map((each) => `${chain(each)}: ${mechanismWords[each.mechanism]}, ${effectText(each)}`);
  return [
    ...lines,
    { label: 'also', texts: others },
    { label: 'unsure', texts: notAttributable === undefined ? [] : [printable(notAttributable)] },
  ];
}

/** `gateway > checkout > payments > fraud`. */
export function chain(finding: Finding): string {
  const path = finding.path.length > 0 ? finding.path : [finding.service];
  return path.map(printable).join(' > ');
}

/** `+158 ms (140–177 ms), 61% of the violation`. */
export function effectText(finding: Finding): string {
  const interval = finding.effectInterval === undefined ? '' : ` (${formatInterval(finding.effectInterval, 'ms')})`;
  const time =
    finding.effectMs === 0 ? '' : `${finding.effectMs > 0 ? '+' : ''}${formatMillis(finding.effectMs)}${interval}, `;
  return `${time}${shareOfViolation(finding)} of the violation`;
}

/** Whole percents: an estimate has no more. */
export function shareOfViolation(finding: Finding): string {
  return formatShare(Math.round(finding.share * 100) / 100);
}

/** One finding in full. `since` words its onset, in milliseconds of the clock that it was found on. */
export function causeLines(finding: Finding, since: (onsetMs: number) => string = intoTheRun): readonly Labelled[] {
  const what =
    finding.operation === ''
      ? mechanismWords[finding.mechanism]
      : `${mechanismAt(finding.mechanism)} ${printable(finding.service)} ${printable(finding.operation)}`;
  return [
    { label: 'where', texts: [chain(finding)], tone: 'strong' },
    {
      label: 'cause',
      texts: [`${what}: ${effectText(finding)}, ${finding.confidence} confidence`],
    },
    { label: 'why', texts: [printable(finding.explanation)] },
    { label: 'do', texts: [printable(finding.advice)] },
    { label: 'since', texts: finding.onsetMs === undefined ? [] : [since(finding.onsetMs)] },
    { label: 'worsened', texts: [finding.amplifiers.map(amplifierText).join(', ')] },
    { label: 'traces', texts: finding.traces.slice(0, tracesShown).map(printable), tone: 'accent' },
  ];
}

const intoTheRun = (onsetMs: number): string => `${formatDuration(onsetMs)} into the run`;

function amplifierText(amplifier: Finding['amplifiers'][number]): string {
  const at = amplifier.edge === undefined ? amplifier.service : `${amplifier.edge.caller} -> ${amplifier.edge.callee}`;
  return `${mechanismWords[amplifier.mechanism]} at ${printable(at)}`;
}
