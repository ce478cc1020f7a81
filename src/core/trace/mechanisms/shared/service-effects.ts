// What each service costs the violating requests, compared strictly cohort by cohort, and how surely.
import { spanKind } from '../../../model/trace-set.ts';
import type { ServiceEffect } from '../../compare/blame.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { sidesOf } from './sides.ts';
import { type Tally, tally } from './tally.ts';

export interface ComparedEffect extends ServiceEffect {
  /**
   * Standard deviations (Tally.certainty) of the clearest part: all of its time, its own spans', or that around them. Noise in front of a service must
   * not hide that its own work takes longer.
   */
  readonly certainty: number;
}

/**
 * The blame's services, their effects measured again on the traces that detectors compare, greatest first. Where some violating traces have no
 * counterpart of their own cohort the blame pairs them with other requests of the same entry; a mechanism must not be read off such a pair.
 */
export const serviceEffectsOf: (context: MechanismContext) => readonly ComparedEffect[] = remember((context) => {
  const sums = timeByService(context);
  const effectOf = (index: number, what: number): number =>
    (sums.violating[index * columns + what] ?? 0) - (sums.reference[index * columns + what] ?? 0);
  const effects = context.blame.services.map((each) => ({
    ...withoutInterval(each),
    ...(isWhole(context) && each.interval !== undefined ? { interval: each.interval } : {}),
    effectMs: effectOf(each.index, column.all),
    ownMs: effectOf(each.index, column.own),
    gapMs: effectOf(each.index, column.gap),
    certainty: Math.max(...Object.values(column).map((what) => sums.certainty[each.index * columns + what] ?? 0)),
  }));
  const positive = effects.reduce((sum, { effectMs }) => sum + Math.max(0, effectMs), 0);
  return effects
    .map((each) => ({ ...each, share: positive > 0 ? Math.max(0, each.effectMs) / positive : 0 }))
    .sort((a, b) => b.effectMs - a.effectMs || (a.service < b.service ? -1 : 1));
});

const column = { all: 0, own: 1, gap: 2 } as const;
const columns = 3;

function timeByService(context: MechanismContext): Tally {
  const { prepared } = context;
  const { set, payer, service, pathNs } = prepared;
  return tally(context, prepared.services.length * columns, (trace, add) => {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const path = (pathNs[span] ?? 0) / 1e6;
      if (path === 0) continue;
      const key = (payer[span] ?? 0) * columns;
      add(key + column.all, path);
      const isOwn = payer[span] === service[span] && set.kind[span] !== spanKind.client;
      add(key + (isOwn ? column.own : column.gap), path);
    }
  });
}

/** Whether every violating trace could be compared. */
const isWhole = (context: MechanismContext): boolean => sidesOf(context).violating === context.violating.traces.length;

function withoutInterval({ interval: _, ...rest }: ServiceEffect): Omit<ServiceEffect, 'interval'> {
  return rest;
}
