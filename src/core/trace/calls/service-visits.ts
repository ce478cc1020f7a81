// Which stay of a request in which service a span belongs to.
import { spanKind } from '../../model/trace-set.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { remember } from '../spans/remember.ts';

/**
 * Per span: the SERVER or CONSUMER span by which the request came into its service, or the topmost span of that service above it. Spans of one stay
 * share it whatever INTERNAL spans lie in between, and also when some of those were lost.
 */
export const serviceVisitsOf: (prepared: PreparedTraces) => Int32Array = remember((prepared) => {
  const { set, order, parent, service } = prepared;
  const visit = new Int32Array(order.length).fill(-1);
  for (const span of order) {
    const above = parent[span] ?? -1;
    const isDoor = set.kind[span] === spanKind.server || set.kind[span] === spanKind.consumer;
    const isOwnRoot = above < 0 || service[above] !== service[span];
    visit[span] = isDoor || isOwnRoot ? span : (visit[above] ?? span);
  }
  return visit;
});
