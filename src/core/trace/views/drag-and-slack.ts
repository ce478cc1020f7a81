// What a span could win or lose for the request: drag of spans on the critical path, slack of spans off it.
import { type PathInput, pathLists } from '../prepare/critical-path.ts';

/** Per span, nanoseconds; NaN for spans that no path may use (wholly outside their parent). */
export interface DragAndSlack {
  /** How much earlier the root would end if the span and all below it took no time; 0 off the path. */
  readonly dragNs: Float64Array;
  /** How much longer the span may take before the root ends later; 0 on the path. */
  readonly slackNs: Float64Array;
}

/**
 *     parent  |-----------------------------|
 *     b          |-------|                        slack(b) = end(c) - end(b)
 *     c              |------------------|         drag(c)  = end(c) - end(b): then b decides
 *
 * Per parent, the children on its own path are those of the last-finishing walk (critical-path.ts, without tolerance). A span is on the path when it and
 * all its ancestors are; slack adds up from the root down. Linear after sorting.
 */
export function dragAndSlack(input: PathInput): DragAndSlack {
  const { start, end, latestChild, nextEarlier } = pathLists(input);
  const dragNs = new Float64Array(start.length);
  const slackNs = new Float64Array(start.length);
  for (const span of input.order) {
    if ((input.parent[span] ?? -1) < 0 || input.blocking[span] === 0)
      dragNs[span] = (end[span] ?? 0) - (start[span] ?? 0);
    const slackAbove = slackNs[span] ?? 0;
    let until = Number.POSITIVE_INFINITY;
    let later = end[span] ?? 0;
    for (let child = latestChild[span] ?? -1; child >= 0; child = nextEarlier[child] ?? -1) {
      const [from, to] = [start[child] ?? 0, end[child] ?? 0];
      if (to > until) {
        slackNs[child] = slackAbove + later - to;
        continue;
      }
      slackNs[child] = slackAbove;
      const next = nextEarlier[child] ?? -1;
      const nextEnd = next < 0 ? from : Math.max(from, end[next] ?? from);
      // What a span wins is lost again where another branch above it then decides.
      dragNs[child] = slackAbove > 0 ? 0 : Math.min(dragNs[span] ?? 0, to - nextEnd);
      until = from;
      later = to;
    }
  }
  return { dragNs: unusableAsNaN(dragNs, start), slackNs: unusableAsNaN(slackNs, start) };
}

const unusableAsNaN = (values: Float64Array, start: Float64Array): Float64Array =>
  values.map((value, span) => (Number.isNaN(start[span]) ? Number.NaN : value));
