// How sure a finding is in the end: what its detector thought of the mechanism, and what the whole picture says.
import type { Confidence } from '../../model/finding.ts';
import type { MechanismContext } from '../mechanisms/mechanism.ts';
import { accountsFor, type Cause } from './explain-causes.ts';

/** ANALYSIS.md 3. */
const enoughTraces = 20;
const hardlyAnyTraces = 5;
const complete = 0.9;
/** A cause that explains less cannot be the one to act on at once. */
const mainPart = 0.5;
const somePart = 0.3;
/** The next cause is about as large. */
const comparable = 0.75;

/** Never more than the detector's own confidence. */
export function confidenceOf(
  cause: Cause,
  index: number,
  causes: readonly Cause[],
  context: MechanismContext,
): Confidence {
  const limits: Confidence[] = [cause.main.confidence];
  const traces = Math.min(context.violating.traces.length, context.reference.traces.length);
  if (traces < enoughTraces) limits.push('medium');
  if (traces < hardlyAnyTraces && context.reference.traces.length > 0) limits.push('low');
  if (context.prepared.completeness.ratio < complete) limits.push('medium');
  if (cause.share < mainPart) limits.push('medium');
  if (cause.share < somePart) limits.push('low');
  if (index === 0 && isContested(cause, causes[1])) limits.push('medium');
  if (accountsFor(cause, context) < mainPart) limits.push('low');
  if (index > 0) limits.push('medium');
  return limits.reduce((least, each) => (levels[each] < levels[least] ? each : least));
}

const levels = { low: 0, medium: 1, high: 2 } as const;

/** No single cause: the intervals overlap, or without intervals the next cause is about as large. */
function isContested(first: Cause, second: Cause | undefined): boolean {
  if (second === undefined) return false;
  // Shares of failures and shares of milliseconds do not compete.
  if ((first.main.mechanism === 'error-origin') !== (second.main.mechanism === 'error-origin')) return false;
  const [a, b] = [first.main.effectInterval, second.main.effectInterval];
  if (a !== undefined && b !== undefined) return b[1] >= a[0];
  return second.share >= comparable * first.share;
}
