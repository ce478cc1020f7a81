// Blame by metrics alone, as `faultline blame` prints it.
import type { NodeBlame } from '../core/trace/metrics/metrics-only.ts';
import { formatShare } from './format-quantity.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type Column, textTable } from './text-table.ts';
import { wrapText } from './wrap-text.ts';

const shown = 10;

const columns: readonly Column[] = [
  { header: 'node', align: 'left', givesWay: 0, clipsTo: 12 },
  { header: 'own part', align: 'right', givesWay: 0 },
  { header: 'share', align: 'right', givesWay: 0 },
  { header: 'out of range', align: 'right', givesWay: 1 },
];

/** Robust z-scores beyond this are no wobble. */
const clearScore = 3;

/** Ten nodes at the most, worst first. Ends in a newline. */
export function metricsBlameText(
  nodes: readonly NodeBlame[],
  style: TerminalStyle,
  { width }: { readonly width: number },
): string {
  const [first] = nodes;
  const verdict =
    first === undefined || first.score <= clearScore || first.own <= 0
      ? 'Not attributable: no node is clearly out of the range of healthy times.'
      : `${printable(first.node)} adds most by itself: what its callees do not explain.`;
  const rows = nodes
    .slice(0, shown)
    .map(({ node, own, share, score }) => [
      { text: printable(node) },
      { text: own.toPrecision(3) },
      { text: formatShare(share) },
      { text: score > clearScore ? `${Math.round(score)} sigma` : 'no' },
    ]);
  const table = textTable({ columns, rows }, { width, style });
  const note = wrapText("own part: in the measure's unit, per call of the target", width);
  const lines = [style.paint('strong', verdict), '', table.header, ...table.rows, '', ...note];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
