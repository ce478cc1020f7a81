// Which services cost the violating requests enough time, and surely enough, to be worth a mechanism.

import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { type ComparedEffect, serviceEffectsOf } from './service-effects.ts';
import { tally } from './tally.ts';

/** ANALYSIS.md 3: least part of the violation. */
export const leastShare = 0.2;
/** Many services are looked at, so one standard error beyond chance is not enough: 3 is clear, 4 is certain. */
export const clearly = 3;
export const certainly = 4;
/** An effect below this part of a violating request's duration changes nothing that anybody feels. */
const leastPartOfRequest = 0.02;

/** Services with a clear and material effect, greatest first. */
export const culpritsOf: (context: MechanismContext) => readonly ComparedEffect[] = remember((context) =>
  serviceEffectsOf(context).filter(
    ({ share, certainty, effectMs }) => share >= leastShare && certainty >= clearly && isMaterial(context, effectMs),
  ),
);

/** Whether requests feel `effectMs`. */
export function isMaterial(context: MechanismContext, effectMs: number): boolean {
  return effectMs >= leastPartOfRequest * requestMs(context).violating;
}

/** Mean duration of a request on both sides, in milliseconds, same mix. */
export const requestMs: (context: MechanismContext) => { readonly violating: number; readonly reference: number } =
  remember((context) => {
    const { prepared } = context;
    const sums = tally(context, 1, (trace, add) => {
      const entry = prepared.entry[trace] ?? -1;
      if (entry >= 0) add(0, ((prepared.end[entry] ?? 0) - (prepared.start[entry] ?? 0)) / 1e6);
    });
    return { violating: sums.violating[0] ?? 0, reference: sums.reference[0] ?? 0 };
  });
