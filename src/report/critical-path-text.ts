// Critical paths of traces as a person reads them in a terminal.
import type { TraceCriticalPath } from '../core/trace/views/critical-path-report.ts';
import { formatMillis, formatShare } from './format-quantity.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type Column, textTable } from './text-table.ts';

const operationsShown = 12;

const columns: readonly Column[] = [
  { header: 'on the critical path', align: 'left', givesWay: 0, clipsTo: 16 },
  { header: 'time', align: 'right', givesWay: 0 },
  { header: 'share', align: 'right', givesWay: 0 },
  { header: 'self time', align: 'right', givesWay: 1 },
  { header: 'drag', align: 'right', givesWay: 2 },
];

/** One block a trace: its operations by time on the path, at most twelve. `drag` is what the request would win without the operation. Ends in a newline. */
export function criticalPathText(
  traces: readonly TraceCriticalPath[],
  style: TerminalStyle,
  options: { readonly width: number },
): string {
  if (traces.length === 0) return 'No traces in the file.\n';
  return traces
    .map((trace) => traceLines(trace, style, options.width).join('\n'))
    .join('\n\n')
    .concat('\n');
}

function traceLines(trace: TraceCriticalPath, style: TerminalStyle, width: number): readonly string[] {
  const operations = Object.entries(trace.exclusiveNsByOperation).sort(([, a], [, b]) => b - a);
  const rows = operations
    .slice(0, operationsShown)
    .map(([operation, timeNs]) => [
      { text: printable(operation) },
      { text: formatMillis(timeNs / 1e6) },
      { text: trace.rootDurationNs > 0 ? formatShare(timeNs / trace.rootDurationNs) : '–' },
      { text: formatMillis((trace.selfNsByOperation[operation] ?? 0) / 1e6) },
      { text: formatMillis((trace.dragNsByOperation[operation] ?? 0) / 1e6) },
    ]);
  const head = `${style.paint('accent', printable(trace.traceId))}  ${style.paint('strong', formatMillis(trace.rootDurationNs / 1e6))}`;
  if (rows.length === 0) return [head, 'no critical path: the trace has no entry span of any duration'];
  const table = textTable({ columns, rows }, { width: Math.max(32, width), style });
  const left = operations.length - rows.length;
  return [
    head,
    table.header,
    ...table.rows,
    ...(left > 0 ? [style.paint('quiet', `and ${left} more operations`)] : []),
  ];
}
