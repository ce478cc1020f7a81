// Slow queries: one SELECT that takes long by any standard.
import { spanKind } from '../../../../model/trace-set.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import { isCompleteSelect } from '../../../spans/normalise-statement.ts';
import { durationMs, isQuery, statementOf } from './siblings.ts';

export interface SlowQueryLimits {
  readonly minSpanMs: number;
}

/** Sentry's default. */
const slowQueryLimits: SlowQueryLimits = { minSpanMs: 500 };

export function slowQuerySpans(
  prepared: PreparedTraces,
  trace: number,
  limits: SlowQueryLimits = slowQueryLimits,
): readonly number[] {
  const slow: number[] = [];
  for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
    if (prepared.set.kind[span] !== spanKind.client || durationMs(prepared, span) < limits.minSpanMs) continue;
    if (isQuery(prepared, span) && isCompleteSelect(statementOf(prepared, span))) slow.push(span);
  }
  return slow;
}
