// The list of recorded runs as text.
import type { Run, RunSummary } from '../core/model/run.ts';
import { formatDuration, readableTime } from './format-time.ts';
import { historyTexts } from './history-text.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type Cell, type Column, textTable } from './text-table.ts';
import { verdictMarks } from './verdict-words.ts';

const columns: readonly Column[] = [
  { header: '', align: 'left', givesWay: 0 },
  { header: 'run', align: 'left', givesWay: 0 },
  { header: 'verification', align: 'left', givesWay: 0, clipsTo: 12 },
  { header: 'environment', align: 'left', givesWay: 4 },
  { header: 'verdict', align: 'left', givesWay: 0 },
  { header: 'started', align: 'left', givesWay: 2 },
  { header: 'took', align: 'right', givesWay: 3 },
  { header: 'commit', align: 'left', givesWay: 5 },
  { header: 'failed', align: 'left', givesWay: 1, clipsTo: 12 },
];

const defaultWidth = 120;

/** In the order given; a run without a verdict shows its status. Ends in a newline. */
export function runListText(
  runs: readonly RunSummary[],
  style: TerminalStyle,
  options: { readonly width?: number } = {},
): string {
  if (runs.length === 0) return 'No runs recorded.\n';
  const table = textTable({ columns, rows: runs.map(cellsOf) }, { width: options.width ?? defaultWidth, style });
  return `${[table.header, ...table.rows].join('\n')}\n`;
}

/** How things stand by the newest run of each verification: what is broken since when, what was mended, what changed its level. Empty when there is nothing to tell. */
export function standingText(newest: readonly Run[]): string {
  const parts = newest.flatMap((run) => {
    const lines = (run.history ?? []).flatMap(({ requirement }) =>
      historyTexts(run, requirement).map((text) => `  ${printable(requirement)} ${text}`),
    );
    const { verification, environment } = run.plan;
    return lines.length === 0 ? [] : [`\n${printable(`${verification} in ${environment}`)}:`, ...lines];
  });
  return parts.length === 0 ? '' : `${parts.join('\n')}\n`;
}

function cellsOf(run: RunSummary): readonly Cell[] {
  const tone = run.verdict ?? 'quiet';
  const status = run.status === 'completed' ? '' : run.status;
  return [
    { text: run.verdict === undefined ? '…' : verdictMarks[run.verdict], tone },
    { text: printable(run.runId), tone: 'accent' },
    { text: printable(run.verification) },
    { text: printable(run.environment), tone: 'quiet' },
    { text: [run.verdict ?? '', status].filter((each) => each !== '').join(', '), tone },
    { text: readableTime(run.startedAt) },
    { text: run.endedAt === undefined ? '' : formatDuration(run.endedAt - run.startedAt) },
    { text: printable(run.commit?.slice(0, 12) ?? ''), tone: 'quiet' },
    { text: printable(run.failed.join(' ')), tone: 'fail' },
  ];
}
