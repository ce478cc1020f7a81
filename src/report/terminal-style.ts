// How a terminal report is coloured: the caller gives the paint, the report only says what a piece of text means.
import type { VerdictName } from '../core/model/verdict.ts';

/** What a piece of text is: a verdict, or strong (bold), quiet (dim), accent (something to copy or click). */
export type Tone = VerdictName | 'strong' | 'quiet' | 'accent';

/** Paint must not change the visible text: layout is done before. */
export interface TerminalStyle {
  readonly paint: (tone: Tone, text: string) => string;
}

/** No colour: for files, pipes and NO_COLOR. */
export const plainStyle: TerminalStyle = { paint: (_tone, text) => text };
