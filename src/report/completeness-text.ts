// What an attribution rests on, in one sentence's words.
import type { Completeness } from '../core/model/finding.ts';
import { formatCount, formatShare } from './format-quantity.ts';

/** `120 traces, 4,310 spans, 98.2% complete, ...`, without a full stop; repeated span ids only where there were some. */
export function completenessText({
  traces,
  spans,
  ratio,
  withoutEntry,
  skewCorrected,
  repeated = 0,
}: Completeness): string {
  const parts = [
    `${formatCount(traces)} traces`,
    `${formatCount(spans)} spans`,
    `${formatShare(ratio)} complete`,
    `${formatCount(withoutEntry)} without entry span`,
    `${formatCount(skewCorrected)} with corrected clocks`,
    ...(repeated === 0 ? [] : [`${formatCount(repeated)} spans left out because another had their id`]),
  ];
  return parts.join(', ');
}
