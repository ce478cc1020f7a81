// The first lines of a terminal report: the run's verdict, and which run it is.
import type { Run, RunStatus } from '../core/model/run.ts';
import { formatDuration, readableTime } from './format-time.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { verdictCounts, verdictMarks } from './verdict-words.ts';
import { clipText, lengthOf, wrapText } from './wrap-text.ts';

/** Verdict, name and counts; service, run id, time, commit and seed; why the run ended early, where it did. */
export function headLines(run: Run, style: TerminalStyle, width: number): readonly string[] {
  const { plan } = run;
  const facts = [
    `${plan.service} in ${plan.environment}`,
    `run ${plan.runId}`,
    `${readableTime(plan.startedAt)}${run.endedAt > plan.startedAt ? `, ${formatDuration(run.endedAt - plan.startedAt)}` : ''}`,
    plan.commit === undefined
      ? ''
      : `commit ${plan.commit.slice(0, 12)}${plan.branch === undefined ? '' : ` (${plan.branch})`}`,
    plan.mode === 'observe' ? 'observed, no load' : `seed ${plan.seed}`,
    plan.target === undefined ? '' : `against ${plan.target}`,
  ].filter((fact) => fact !== '');
  const mark = `${verdictMarks[run.verdict]} ${run.verdict.toUpperCase()}`;
  const name = printable(plan.verification);
  const counts = verdictCounts(run.verdicts);
  const fits = lengthOf(`${mark}  ${name}  ${counts}`) <= width;
  return [
    `${style.paint(run.verdict, mark)}  ${style.paint('strong', clipText(name, width - lengthOf(mark) - 2))}${fits ? `  ${counts}` : ''}`,
    ...(fits ? [] : wrapText(counts, width)),
    ...wrapText(printable(facts.join(' · ')), width).map((line) => style.paint('quiet', line)),
    ...statusLines(run, style, width),
  ];
}

const statusWords: Readonly<Record<RunStatus, string>> = {
  running: 'the run is still going on',
  completed: '',
  aborted: 'ended by a safety limit',
  interrupted: 'interrupted before its end',
  failed: 'the run could not be made',
};

function statusLines(run: Run, style: TerminalStyle, width: number): readonly string[] {
  const text = [statusWords[run.status], run.message === undefined ? '' : printable(run.message)]
    .filter((each) => each !== '')
    .join(': ');
  return text === '' ? [] : wrapText(text, width).map((line) => style.paint('warn', line));
}
