// Which traces to open first.
import type { MechanismContext } from '../mechanism.ts';

const most = 10;

/** Traces with the greatest `value`, at most 10; ties by index, so that the answer is stable. */
export function tellingTraces(
  traces: readonly { readonly trace: number; readonly value: number }[],
): readonly number[] {
  return [...traces]
    .sort((a, b) => b.value - a.value || a.trace - b.trace)
    .slice(0, most)
    .map((each) => each.trace);
}

/** Sum of `value` over the spans of one trace. */
export function sumOverSpans(context: MechanismContext, trace: number, value: (span: number) => number): number {
  const { firstSpan } = context.prepared.set;
  let sum = 0;
  for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) sum += value(span);
  return sum;
}
