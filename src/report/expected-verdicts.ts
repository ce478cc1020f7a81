// What a recorded run must give when it is judged again, and where it gives something else.
import type { Mechanism } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { InconclusiveReason, VerdictName } from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';

/** Only what is said is compared; `mechanism` and `service` are those of the best finding. */
export interface ExpectedRequirement {
  readonly verdict: VerdictName;
  readonly reason?: InconclusiveReason | undefined;
  readonly mechanism?: Mechanism | undefined;
  readonly service?: string | undefined;
}

export interface ExpectedVerdicts {
  /** Of the whole run. */
  readonly verdict?: VerdictName | undefined;
  /** By id. Requirements that are not named may be anything. */
  readonly requirements: Readonly<Record<string, ExpectedRequirement>>;
}

/** `id` is absent for the run's own verdict; `found` for a requirement that the document no longer has. */
export interface Difference {
  readonly id?: string;
  readonly wanted: ExpectedRequirement;
  readonly found?: ExpectedRequirement;
}

/** What a run gave, as an expectation: the reason where it is inconclusive, the best finding where it is broken. */
export function verdictsOf(run: Run): ExpectedVerdicts {
  return {
    verdict: run.verdict,
    requirements: Object.fromEntries(run.verdicts.map(({ requirement }) => [requirement, foundFor(run, requirement)])),
  };
}

/** In the expectation's order, the run's own verdict last; empty when all is as expected. */
export function differences(expected: ExpectedVerdicts, run: Run): readonly Difference[] {
  const known = new Set(run.verdicts.map(({ requirement }) => requirement));
  const ofRequirements = Object.entries(expected.requirements).flatMap(([id, wanted]): readonly Difference[] => {
    if (!known.has(id)) return [{ id, wanted }];
    const found = foundFor(run, id);
    return isAsWanted(wanted, found) ? [] : [{ id, wanted, found }];
  });
  const { verdict } = expected;
  const isRunAsWanted = verdict === undefined || verdict === run.verdict;
  return isRunAsWanted ? ofRequirements : [...ofRequirements, { wanted: { verdict }, found: { verdict: run.verdict } }];
}

function isAsWanted(wanted: ExpectedRequirement, found: ExpectedRequirement): boolean {
  return (
    wanted.verdict === found.verdict &&
    (wanted.reason === undefined || wanted.reason === found.reason) &&
    (wanted.mechanism === undefined || wanted.mechanism === found.mechanism) &&
    (wanted.service === undefined || wanted.service === found.service)
  );
}

function foundFor(run: Run, id: string): ExpectedRequirement {
  const verdict = run.verdicts.find(({ requirement }) => requirement === id);
  const name = verdict?.verdict ?? 'error';
  const isBroken = name === 'fail' || name === 'warn';
  const finding = isBroken ? attributionOf(run, id).findings[0] : undefined;
  return {
    verdict: name,
    ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
    ...(finding === undefined ? {} : { mechanism: finding.mechanism, service: finding.service }),
  };
}
