// Which requirements broke for a cause that the page has already told in full.

import type { Finding } from '../../src/core/model/finding.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { attributionOf, isSameCause } from '../../src/report/attribution-of.ts';

/** Requirement id -> the earlier one (in reading order) with the same first finding. */
export function toldBefore(run: Run, broken: readonly Verdict[]): ReadonlyMap<string, string> {
  const told: { readonly requirement: string; readonly finding: Finding }[] = [];
  const same = new Map<string, string>();
  for (const { requirement } of broken) {
    const finding = attributionOf(run, requirement).findings[0];
    if (finding === undefined) continue;
    const before = told.find((each) => isSameCause(each.finding, finding));
    if (before === undefined) told.push({ requirement, finding });
    else same.set(requirement, before.requirement);
  }
  return same;
}
