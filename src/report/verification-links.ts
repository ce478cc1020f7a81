// Where the reports of a verification lead: as its annotations say, else to the page that its own trace back end has.
import type { Verification } from '../core/model/verification.ts';
import type { ReportLinks } from './report-links.ts';

/**
 * `faultline/traceUrl` is the page of a trace with `{traceId}` where the id goes, `faultline/dashboard` a board. Without the former a Jaeger source is
 * linked, since Jaeger shows its pages where it answers queries; Tempo has no pages of its own.
 */
export function verificationLinks(
  { annotations, sources }: Pick<Verification, 'annotations' | 'sources'>,
  report?: string,
): ReportLinks {
  const dashboard = annotations['faultline/dashboard'];
  const jaeger = sources.traces.find((source) => source.type === 'jaeger');
  const trace =
    annotations['faultline/traceUrl'] ??
    (jaeger?.type === 'jaeger' ? `${withoutCredentials(jaeger.url)}/trace/{traceId}` : undefined);
  return {
    ...(report === undefined ? {} : { report }),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** user:password@ never stands in a report. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/i, '$1').replace(/\/+$/, '');
}
