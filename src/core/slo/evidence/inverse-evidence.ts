// Evidence of a speed from evidence of a time: tokens a second from milliseconds a token.
import type { CanonicalUnit } from '../../model/requirement.ts';
import type { Evidence } from './evidence.ts';

/** Values and limits become `scale` / value; the slowest time is the lowest speed, and a failed event has none at all: it stays under every limit. */
export function inverseEvidence(evidence: Evidence, scale: number, unit: CanonicalUnit): Evidence {
  return {
    ...evidence,
    unit,
    beyond: ({ limit, above, strict }) => evidence.beyond({ limit: scale / limit, above: !above, strict }),
    valueAt: (rank) => {
      const time = evidence.valueAt(evidence.samples - rank + 1);
      return time === undefined || time <= 0 ? undefined : scale / time;
    },
    means: () => undefined,
  };
}
