// The report a person reads in a terminal: requirements first, worst first, each broken one with its where; then validity and totals.
import type { Run } from '../core/model/run.ts';
import { labelledLines } from './labelled-lines.ts';
import { breakpointLines } from './terminal-breakpoint.ts';
import { headLines } from './terminal-head.ts';
import { requirementLines } from './terminal-requirements.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { runFacts, stepLines } from './terminal-totals.ts';

const narrowestWidth = 32;
const widestWidth = 140;

/** The whole report, ending in a newline. `width`: columns of the terminal, used between 32 and 140. */
export function terminalReport(run: Run, style: TerminalStyle, options: { readonly width: number }): string {
  const width = Math.min(widestWidth, Math.max(narrowestWidth, Math.floor(options.width) || 80));
  const steps = stepLines(run, { width, style });
  const breakpoint = breakpointLines(run, { width, style });
  const lines = [
    ...headLines(run, style, width),
    '',
    ...requirementLines(run, { width, style }),
    '',
    ...(breakpoint.length > 0 ? [...breakpoint, ''] : []),
    ...(steps.length > 0 ? [...steps, ''] : []),
    ...labelledLines(runFacts(run), { width, indent: 0, style }),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
