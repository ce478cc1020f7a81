// Which traces to open first.
import type { MechanismContext } from '../../mechanism.ts';

const most = 10;

/** Violating traces with the greatest `value`, at most 10, those at 0 or below left out; ties by index, so that the answer is stable. */
export function tellingTraces(context: MechanismContext, value: (trace: number) => number): readonly number[] {
  return Array.from(context.violating.traces, (trace) => ({ trace, value: value(trace) }))
    .filter((each) => each.value > 0)
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
