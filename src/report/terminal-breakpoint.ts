// The part of the terminal report that names the breaking point.
import type { Run } from '../core/model/run.ts';
import { breakpointSentence, gaveWayText, stepsAroundKnee } from './breakpoint-text.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type Column, textTable } from './text-table.ts';
import { wrapText } from './wrap-text.ts';

const columns: readonly Column[] = [
  { header: 'load', align: 'right', givesWay: 0 },
  { header: 'state', align: 'left', givesWay: 0 },
  { header: 'value', align: 'right', givesWay: 0 },
  { header: 'limit', align: 'right', givesWay: 2 },
  { header: 'samples', align: 'right', givesWay: 3 },
  { header: 'phase', align: 'left', givesWay: 1, clipsTo: 8 },
  { header: 'undecided because', align: 'left', givesWay: 0, clipsTo: 16 },
];

/** Nothing for a run that searched for no breaking point. */
export function breakpointLines(
  run: Run,
  options: { readonly width: number; readonly style: TerminalStyle },
): readonly string[] {
  const { breakpoint } = run;
  const gaveWay = gaveWayText(run);
  if (breakpoint === undefined) return [];
  const steps = stepsAroundKnee(breakpoint);
  const isWhySaid = steps.some(({ why }) => why !== '');
  const rows = steps.map(({ step, load, state, why, value, limit, requests }) => [
    { text: load },
    step.state === 'broke'
      ? { text: state, tone: 'fail' as const }
      : { text: state, tone: step.state === 'held' ? ('pass' as const) : ('inconclusive' as const) },
    { text: value },
    { text: limit },
    { text: requests, tone: 'quiet' as const },
    { text: printable(step.phase), tone: 'quiet' as const },
    ...(isWhySaid ? [{ text: why, tone: 'quiet' as const }] : []),
  ]);
  const table = textTable({ columns: isWhySaid ? columns : columns.slice(0, -1), rows }, options);
  const sentence = `Breaking point: ${breakpointSentence(breakpoint)} (${breakpoint.rule})`;
  return [
    ...wrapText(printable(sentence), options.width).map((line) => options.style.paint('strong', line)),
    ...(rows.length === 0 ? [] : [table.header, ...table.rows]),
    ...(gaveWay === undefined ? [] : wrapText(printable(gaveWay), options.width)),
  ];
}
