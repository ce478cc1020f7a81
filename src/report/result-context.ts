// What the result document may say beyond the run itself.
import type { ReportLinks } from './report-links.ts';

export interface ResultContext {
  readonly links?: ReportLinks;
}
