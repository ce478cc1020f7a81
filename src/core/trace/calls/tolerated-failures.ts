// Failures that requests live with: as frequent as ever, so no reason why requests fail now.
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { remember } from '../spans/remember.ts';
import { callFactsOf } from './call-facts.ts';

/** Up to so many times what a request of the reference has, a failure is as frequent as ever. */
const asEver = 1.25;

/**
 * Per span: 1 where it failed as spans of its service and name with its type of error fail about as often in a request of the reference. What fails above
 * it fails for another reason. Each one counts: an attempt that fails is usual, three in a row may not be. All 0 without a reference. Linear in the spans
 * of both populations.
 */
export function toleratedFailures(prepared: PreparedTraces, violating: Population, reference: Population): Uint8Array {
  const kinds = failureKindsOf(prepared);
  const tolerated = new Uint8Array(kinds.length);
  const before = frequencies(prepared, kinds, reference);
  if (before.size === 0) return tolerated;
  const now = frequencies(prepared, kinds, violating);
  for (let span = 0; span < kinds.length; span += 1) {
    const kind = kinds[span] ?? -1;
    if (kind < 0) continue;
    const usual = before.get(kind) ?? 0;
    if (usual > 0 && (now.get(kind) ?? 0) <= asEver * usual) tolerated[span] = 1;
  }
  return tolerated;
}

/** Per span: one number for who failed at what and how, -1 for spans that did not. */
const failureKindsOf = remember((prepared: PreparedTraces): Float64Array => {
  const { set, service } = prepared;
  const { failed, errorType } = callFactsOf(prepared);
  const kinds = new Float64Array(failed.length).fill(-1);
  for (let span = 0; span < failed.length; span += 1) {
    if (failed[span] !== 1) continue;
    const place = (service[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);
    kinds[span] = place * (set.values.length + 1) + (errorType[span] ?? -1) + 1;
  }
  return kinds;
});

/** By kind: how many of them a request has, by the requests' weight. */
function frequencies(
  { set }: PreparedTraces,
  kinds: Float64Array,
  { traces, weight }: Population,
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  const total = weight.reduce((sum, each) => sum + each, 0);
  traces.forEach((trace, row) => {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const kind = kinds[span] ?? -1;
      if (kind >= 0) sums.set(kind, (sums.get(kind) ?? 0) + (weight[row] ?? 0) / total);
    }
  });
  return sums;
}
