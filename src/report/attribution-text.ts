// An attribution by itself, as `faultline analyze` prints it.
import type { Attribution } from '../core/model/finding.ts';
import { completenessText } from './completeness-text.ts';
import { evidenceText } from './evidence-text.ts';
import { formatInterval, formatMillis, formatShare } from './format-quantity.ts';
import { formatDuration } from './format-time.ts';
import { labelledLines } from './labelled-lines.ts';
import { mechanismAt } from './mechanism-words.ts';
import { printable } from './printable.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { causeLines } from './terminal-where.ts';
import { type Column, textTable } from './text-table.ts';
import { wrapText } from './wrap-text.ts';

const servicesShown = 10;

/** Findings in full, services by blame (ten at most), completeness of the traces. Ends in a newline. */
export function attributionText(
  attribution: Attribution,
  style: TerminalStyle,
  options: { readonly width: number },
): string {
  const width = Math.max(32, Math.floor(options.width) || 80);
  const lines = [
    ...findingLines(attribution, style, width),
    ...serviceLines(attribution, style, width),
    ...wrapText(`${completenessText(attribution.completeness)}.`, width).map((line) => style.paint('quiet', line)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function findingLines(attribution: Attribution, style: TerminalStyle, width: number): readonly string[] {
  const reason = attribution.notAttributable;
  const why = reason === undefined ? [] : [...wrapText(`Not attributable: ${printable(reason)}`, width), ''];
  if (attribution.findings.length === 0) return reason === undefined ? ['No fault found.', ''] : why;
  const findings = [...attribution.findings].sort((a, b) => a.rank - b.rank);
  return [
    ...findings.flatMap((finding) => [
      style.paint('strong', `${finding.rank}. ${mechanismAt(finding.mechanism)} ${printable(finding.service)}`),
      ...labelledLines(
        [...causeLines(finding, afterFirstTrace), { label: 'evidence', texts: finding.evidence.map(evidenceText) }],
        {
          width,
          indent: 3,
          style,
        },
      ),
      '',
    ]),
    ...why,
  ];
}

/** There is no run: onsets count from the first trace that is explained. */
const afterFirstTrace = (onsetMs: number): string =>
  onsetMs < 1 ? 'the first trace' : `${formatDuration(onsetMs)} after the first trace`;

const columns: readonly Column[] = [
  { header: 'service', align: 'left', givesWay: 0, clipsTo: 12 },
  { header: 'effect', align: 'right', givesWay: 0 },
  { header: 'interval', align: 'right', givesWay: 1 },
  { header: 'share', align: 'right', givesWay: 0 },
];

function serviceLines(attribution: Attribution, style: TerminalStyle, width: number): readonly string[] {
  if (attribution.services.length === 0) return [];
  const rows = attribution.services
    .slice(0, servicesShown)
    .map((blame) => [
      { text: printable(blame.service) },
      { text: formatMillis(blame.effectMs) },
      { text: blame.interval === undefined ? '' : formatInterval(blame.interval, 'ms') },
      { text: formatShare(blame.share) },
    ]);
  const table = textTable({ columns, rows }, { width, style });
  return [table.header, ...table.rows, ''];
}
