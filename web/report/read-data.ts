// The run that is embedded in the page.
import type { HtmlReportData } from '../../src/report/html.ts';

/** Undefined in a template without a run. Numbers that were not finite arrive as null: whoever draws must check. */
export function readData(): HtmlReportData | undefined {
  const text = document.getElementById('faultline-run')?.textContent ?? 'null';
  return (JSON.parse(text) as HtmlReportData | null) ?? undefined;
}
