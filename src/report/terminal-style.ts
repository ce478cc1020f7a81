// How a terminal report is coloured: the caller gives the colours, the report says what a piece of text means.
import type { VerdictName } from '../core/model/verdict.ts';

/** Each wraps a text in its colour or weight and leaves the visible text as it is: layout is done before. */
export interface TerminalStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly magenta: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** What a piece of text is. */
export type Tone = VerdictName | 'strong' | 'quiet' | 'accent';

const same = (text: string): string => text;

/** No colour: for files, pipes and NO_COLOR. */
export const plainStyle: TerminalStyle = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  magenta: same,
  cyan: same,
};

/** Text in the colour of its meaning. Empty text stays empty. */
export function paint(style: TerminalStyle, tone: Tone | undefined, text: string): string {
  if (tone === undefined || text === '') return text;
  switch (tone) {
    case 'fail':
      return style.bold(style.red(text));
    case 'error':
      return style.red(text);
    case 'inconclusive':
      return style.magenta(text);
    case 'warn':
      return style.yellow(text);
    case 'pass':
      return style.green(text);
    case 'accent':
      return style.cyan(text);
    case 'strong':
      return style.bold(text);
    case 'quiet':
      return style.dim(text);
  }
}
