// The rows of a waterfall: spans in order, runs of equal calls folded into one row.
import type { Waterfall, WaterfallSpan } from '../../src/core/model/run.ts';

export interface WaterfallRow {
  readonly span: WaterfallSpan;
  /** Whether its parent belongs to another service (or is not there): then the row names the service. */
  readonly entersService: boolean;
  /** Spans this row stands for; 1 for a span of its own. */
  readonly count: number;
  /** From the first start to the last end of them, in ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** Stretches on the critical path of all of them. */
  readonly critical: WaterfallSpan['critical'];
  readonly isError: boolean;
}

export interface WaterfallRows {
  readonly rows: readonly WaterfallRow[];
  /** Rows left out for length. */
  readonly left: number;
}

/** So many equal calls in a row stay single. */
const singlesKept = 2;
const foldFrom = 6;
const rowsShown = 200;

/** Depth-first as given. Six or more equal leaf calls side by side become two rows and one that stands for the rest. */
export function waterfallRows(waterfall: Waterfall): WaterfallRows {
  const { spans } = waterfall;
  const services = new Map(spans.map((span) => [span.spanId, span.service]));
  const rows: WaterfallRow[] = [];
  for (let i = 0; i < spans.length; ) {
    const length = equalLeaves(spans, i);
    const single = length >= foldFrom ? singlesKept : length;
    for (const span of spans.slice(i, i + single)) rows.push(rowOf([span], services));
    if (length > single) rows.push(rowOf(spans.slice(i + single, i + length), services));
    i += length;
  }
  return { rows: rows.slice(0, rowsShown), left: Math.max(0, rows.length - rowsShown) };
}

/** How many spans from `from` on are equal calls without children of their own; at least 1. */
function equalLeaves(spans: readonly WaterfallSpan[], from: number): number {
  const first = spans[from];
  if (first === undefined) return 1;
  let to = from;
  while (isEqualLeaf(spans, to, first)) to += 1;
  return Math.max(1, to - from);
}

function isEqualLeaf(spans: readonly WaterfallSpan[], i: number, first: WaterfallSpan): boolean {
  const span = spans[i];
  if (span === undefined || (spans[i + 1]?.depth ?? 0) > span.depth) return false;
  return (
    span.service === first.service && span.name === first.name && span.kind === first.kind && span.depth === first.depth
  );
}

function rowOf(spans: readonly WaterfallSpan[], services: ReadonlyMap<string, string>): WaterfallRow {
  const [span] = spans;
  if (span === undefined) throw new Error('a row stands for at least one span');
  return {
    span,
    entersService: span.service !== services.get(span.parentSpanId ?? ''),
    count: spans.length,
    startMs: Math.min(...spans.map((each) => each.startMs)),
    endMs: Math.max(...spans.map((each) => each.endMs)),
    critical: spans.flatMap((each) => each.critical),
    isError: spans.some((each) => each.isError),
  };
}
