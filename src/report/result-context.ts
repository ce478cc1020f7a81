// What the result document may say beyond the run itself.
import type { UnixMillis } from '../core/model/units.ts';
import type { ReportLinks } from './report-links.ts';

/** Start of the first of the broken runs in a row, and how many they are with this one. */
export interface BrokenSince {
  readonly since: UnixMillis;
  readonly consecutive: number;
}

export interface ResultContext {
  readonly links?: ReportLinks;
  /** By requirement id; from the history of runs. */
  readonly broken?: Readonly<Record<string, BrokenSince>>;
}
