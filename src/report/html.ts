// The HTML report: one file that holds the page and the run's data, and asks no network for anything.
import type { Run } from '../core/model/run.ts';
import { printable } from './printable.ts';
import type { ReportLinks } from './report-links.ts';

/** The data element of the page's template (web/report.html): empty until a run is put in. */
export const runSlot = '<script id="faultline-run" type="application/json">null</script>';

/** What the page finds in its data element; scripts may read it there too. */
export interface HtmlReportData {
  readonly run: Run;
  readonly links: ReportLinks;
}

/**
 * The template (dist/web/report.html) with the run in its data element and in its title. Throws when the template has no such element: it is not ours.
 * Distributions kept for later comparisons stay out: nobody reads them in a page.
 */
export function htmlReport(template: string, run: Run, links: ReportLinks = {}): string {
  const at = template.indexOf(runSlot);
  if (at < 0) throw new Error(`the report template lacks ${runSlot}; build it with npm run build:web`);
  const baselines = run.baselines.map(({ histogram: _kept, ...rest }) => rest);
  const data: HtmlReportData = { run: { ...run, baselines }, links };
  const filled = runSlot.replace('null', () => embeddedJson(data));
  const page = template.slice(0, at) + filled + template.slice(at + runSlot.length);
  const title = `${run.verdict}: ${run.plan.verification} ${run.plan.runId} – Faultline`;
  return page.replace(/<title>[^<]*<\/title>/, () => `<title>${htmlEscape(printable(title))}</title>`);
}

/** JSON that cannot end its script element, open a comment or break a line of JavaScript, whatever its strings hold. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function htmlEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
