// `label  text` lines with a hanging indent, the body of every detail block in a terminal report.
import type { TerminalStyle, Tone } from './terminal-style.ts';
import { wrapText } from './wrap-text.ts';

export interface Labelled {
  readonly label: string;
  /** Each entry starts a line of its own. */
  readonly texts: readonly string[];
  readonly tone?: Tone;
}

const gutter = 9;

/** Labels stand quiet in a column of nine; below 50 columns the text gets more room by a smaller indent. Entries without text are left out. */
export function labelledLines(
  entries: readonly Labelled[],
  options: { readonly width: number; readonly indent: number; readonly style: TerminalStyle },
): readonly string[] {
  const { style, width } = options;
  const margin = ' '.repeat(options.indent);
  const hang = width < 50 ? 2 : gutter;
  return entries.flatMap((entry) => {
    const texts = entry.texts.filter((text) => text !== '');
    const lines = texts.flatMap((text) => wrapText(text, width - options.indent - hang));
    const painted = lines.map((line) => (entry.tone === undefined ? line : style.paint(entry.tone, line)));
    if (painted.length === 0) return [];
    const label = style.paint('quiet', entry.label);
    if (width < 50) return [margin + label, ...painted.map((line) => `${margin}  ${line}`)];
    const first = `${margin}${label}${' '.repeat(Math.max(1, gutter - entry.label.length))}${painted[0]}`;
    return [first, ...painted.slice(1).map((line) => margin + ' '.repeat(gutter) + line)];
  });
}
