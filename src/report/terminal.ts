// The report a person reads in a terminal: requirements first, worst first, each broken one with its where; then validity and totals.
import type { Run, RunStatus } from '../core/model/run.ts';
import { formatDuration, readableTime } from './format-time.ts';
import { labelledLines } from './labelled-lines.ts';
import { printable } from './printable.ts';
import { requirementLines } from './terminal-requirements.ts';
import { paint, type TerminalStyle } from './terminal-style.ts';
import { runFacts, stepLines } from './terminal-totals.ts';
import { verdictCounts, verdictMarks } from './verdict-words.ts';
import { wrapText } from './wrap-text.ts';

const narrowestWidth = 32;
const widestWidth = 140;

/** The whole report, ending in a newline. `width`: columns of the terminal, used between 32 and 140. */
export function terminalReport(run: Run, style: TerminalStyle, options: { readonly width: number }): string {
  const width = Math.min(widestWidth, Math.max(narrowestWidth, Math.floor(options.width) || 80));
  const steps = stepLines(run, { width, style });
  const lines = [
    ...headLines(run, style, width),
    '',
    ...requirementLines(run, { width, style }),
    '',
    ...(steps.length > 0 ? [...steps, ''] : []),
    ...labelledLines(runFacts(run), { width, indent: 0, style }),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function headLines(run: Run, style: TerminalStyle, width: number): readonly string[] {
  const { plan } = run;
  const facts = [
    `${plan.service} in ${plan.environment}`,
    `run ${plan.runId}`,
    `${readableTime(plan.startedAt)}, ${formatDuration(run.endedAt - plan.startedAt)}`,
    plan.commit === undefined
      ? ''
      : `commit ${plan.commit.slice(0, 12)}${plan.branch === undefined ? '' : ` (${plan.branch})`}`,
    plan.mode === 'observe' ? 'observed, no load' : `seed ${plan.seed}`,
  ].filter((fact) => fact !== '');
  const mark = `${verdictMarks[run.verdict]} ${run.verdict.toUpperCase()}`;
  return [
    `${paint(style, run.verdict, mark)}  ${paint(style, 'strong', printable(plan.verification))}  ${verdictCounts(run.verdicts)}`,
    ...wrapText(printable(facts.join(' · ')), width).map((line) => paint(style, 'quiet', line)),
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
  return text === '' ? [] : wrapText(text, width).map((line) => paint(style, 'warn', line));
}
