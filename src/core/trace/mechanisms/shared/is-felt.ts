// Whether requests as a whole feel what one of their parts costs them.
import { oneSidedG } from '../../compare/fault-signs.ts';
import type { MechanismContext } from '../mechanism.ts';

/** Standard errors (of a share of failures: standard deviations) beyond which something is clear; and those within which it cannot be ruled out. */
const clearly = 3;
const possibly = 2;
/** Part of a cost that must arrive at the end of the request. */
const leastArriving = 0.5;

/**
 * Requests may be no slower although one service is: others became faster, and there is nothing to explain. A cost is felt when requests are clearly
 * slower, or clearly fail more often (who fails early is quick), or when, for all that is known, half of it may have arrived: where requests vary much,
 * the excess of all is far less certain than that of one service.
 */
export function isFelt(context: MechanismContext, effectMs: number): boolean {
  const { excessMs, excessErrorMs } = context.blame;
  return (
    excessMs >= Math.max(clearly * excessErrorMs, Number.MIN_VALUE) ||
    excessMs + possibly * excessErrorMs >= leastArriving * effectMs ||
    failMore(context)
  );
}

/** Whether requests are clearly quicker and fail no more often: there is nothing to explain, whatever else has changed. */
export function isBetter(context: MechanismContext): boolean {
  const { excessMs, excessErrorMs } = context.blame;
  return excessMs < 0 && excessMs <= -clearly * excessErrorMs && !failMore(context);
}

function failMore({ violating, reference, failed }: MechanismContext): boolean {
  const countIn = (traces: Uint32Array): { readonly count: number; readonly of: number } => ({
    count: traces.reduce((sum, trace) => sum + (failed[trace] ?? 0), 0),
    of: traces.length,
  });
  return oneSidedG(countIn(violating.traces), countIn(reference.traces)) >= clearly ** 2;
}
