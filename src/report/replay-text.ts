// How a replayed recording compares with what was expected of it, as text.
import type { Run } from '../core/model/run.ts';
import type { Difference, ExpectedRequirement } from './expected-verdicts.ts';
import { readableTime } from './format-time.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { verdictMarks } from './verdict-words.ts';

export interface ReplayOutcome {
  /** As it was given on the command line. */
  readonly folder: string;
  readonly run: Run;
  /** How many verdicts were expected, the run's own included. */
  readonly expected: number;
  readonly differences: readonly Difference[];
  /** What the recording could not say, or said less exactly. */
  readonly remarks: readonly string[];
}

/** One line when all is as expected; else one block a difference: wanted behind `-`, found behind `+`, why, and where the requirement stands. Ends in a newline. */
export function replayText(
  { folder, run, expected, differences, remarks }: ReplayOutcome,
  style: TerminalStyle,
): string {
  const { plan } = run;
  const which = `${plan.verification}, run ${plan.runId} of ${readableTime(plan.startedAt)}`;
  const head =
    differences.length === 0
      ? `${style.paint('pass', verdictMarks.pass)} ${printable(folder)}: ${expected} verdicts as expected`
      : `${style.paint('fail', verdictMarks.fail)} ${printable(folder)}: ${differences.length} of ${expected} verdicts not as expected`;
  const lines = [
    `${head} ${style.paint('quiet', `(${printable(which)})`)}`,
    ...remarks.map((said) => style.paint('quiet', `  note: ${printable(said)}`)),
    ...differences.flatMap((difference) => differenceLines(difference, run, style)),
  ];
  return `${lines.join('\n')}\n`;
}

function differenceLines({ id, wanted, found }: Difference, run: Run, style: TerminalStyle): readonly string[] {
  const verdict = run.verdicts.find(({ requirement }) => requirement === id);
  const name = id === undefined ? 'the run' : `${id}${verdict === undefined ? '' : ` ${verdict.title}`}`;
  const gone = 'the document has no requirement of this id';
  return [
    `  ${style.paint('strong', printable(name))}${verdict === undefined ? '' : ` (${printable(verdict.rule)})`}`,
    style.paint('fail', `    - ${sayExpected(wanted)}`),
    style.paint('pass', `    + ${found === undefined ? gone : sayExpected(found)}`),
    ...(verdict === undefined
      ? []
      : [
          `      ${printable(verdict.explanation)}`,
          style.paint('quiet', `      ${printable(verdict.definedAt.file)}:${verdict.definedAt.line}`),
        ]),
  ];
}

/** `fail: slow-dependency in payments`, `inconclusive: too-few-samples`. */
function sayExpected({ verdict, reason, mechanism, service }: ExpectedRequirement): string {
  const cause = [mechanism ?? '', service === undefined ? '' : `in ${service}`].filter((part) => part !== '').join(' ');
  const why = [reason ?? '', cause].filter((part) => part !== '').join(', ');
  return printable(why === '' ? verdict : `${verdict}: ${why}`);
}
