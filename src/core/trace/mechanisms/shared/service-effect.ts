// What one service costs one request, against what it costs requests of the same cohort that met the requirement.

import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { side, sidesOf } from './sides.ts';

/** Critical-path milliseconds billed to `service` in `trace` beyond the mean of its cohort's reference. */
export function effectOfService(context: MechanismContext, service: string, trace: number): number {
  const { prepared } = context;
  const index = prepared.services.indexOf(service);
  const { stratum } = sidesOf(context);
  return billed(context, index, trace) - (referenceMeans(context).of(index)[stratum[trace] ?? 0] ?? 0);
}

const referenceMeans: (context: MechanismContext) => { readonly of: (service: number) => Float64Array } = remember(
  (context) => {
    const known = new Map<number, Float64Array>();
    return {
      of(service) {
        const before = known.get(service);
        if (before !== undefined) return before;
        const means = meansByStratum(context, service);
        known.set(service, means);
        return means;
      },
    };
  },
);

function meansByStratum(context: MechanismContext, service: number): Float64Array {
  const sides = sidesOf(context);
  const sums = new Float64Array(sides.strata);
  for (const trace of sides.traces) {
    if (sides.side[trace] !== side.reference) continue;
    const cost = billed(context, service, trace);
    const at = sides.stratum[trace] ?? 0;
    sums[at] = (sums[at] ?? 0) + cost;
  }
  return sums.map((sum, at) => sum / Math.max(1, sides.referenceIn[at] ?? 0));
}

function billed({ prepared }: MechanismContext, service: number, trace: number): number {
  let sum = 0;
  for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
    if (prepared.payer[span] === service) sum += prepared.pathNs[span] ?? 0;
  }
  return sum / 1e6;
}
