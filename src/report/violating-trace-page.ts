// The one page to open first: a trace that shows the best explanation of the worst break.
import type { Run } from '../core/model/run.ts';
import { attributionOf } from './attribution-of.ts';
import { type ReportLinks, traceLink } from './report-links.ts';
import { worstFirst } from './worst-first.ts';

/** Undefined when nothing broke, nothing is known of it, or no back end with pages is. */
export function violatingTracePage(run: Run, links: ReportLinks): string | undefined {
  const findings = worstFirst(run.verdicts).flatMap(({ requirement }) => attributionOf(run, requirement).findings);
  const trace = findings.flatMap(({ traces }) => traces)[0];
  return trace === undefined ? undefined : traceLink(links, trace);
}
