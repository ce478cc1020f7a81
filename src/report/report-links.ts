// Where a reader can go from a report: known to whoever publishes it, not to the run.

/** Each is an absolute http(s) URL; an absent one is left out of the report. */
export interface ReportLinks {
  /** The HTML report of this run. */
  readonly report?: string;
  readonly dashboard?: string;
  /** The page of a trace in the user's own back end, with `{traceId}` where the id goes. */
  readonly trace?: string;
}

/** The page of one trace; undefined when no back end is known, or its pattern is not an http(s) URL. */
export function traceLink(links: ReportLinks, traceId: string): string | undefined {
  if (links.trace === undefined || !/^https?:\/\//i.test(links.trace)) return undefined;
  return links.trace.replaceAll('{traceId}', encodeURIComponent(traceId));
}
