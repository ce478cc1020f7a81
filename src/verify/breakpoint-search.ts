// The search for a breaking point: what it waits for, when it has seen enough, how its run is judged.

import type { Breakpoint } from '../core/model/breakpoint.ts';
import type { LoadResult } from '../core/model/load.ts';
import type { Observations } from '../core/model/observations.ts';
import type { Requirement } from '../core/model/requirement.ts';
import type { Verification } from '../core/model/verification.ts';
import { isBroken } from '../core/slo/breakpoint/find-breakpoint.ts';
import { judgeSearch } from '../core/slo/breakpoint/judge-search.ts';
import { searchedRequirement } from '../core/slo/breakpoint/searched-requirement.ts';
import { type Judged, type JudgeInput, judgeAll } from '../core/slo/judge.ts';
import type { NeedsContext } from '../core/slo/requirement-type.ts';
import { drivesLoad } from './plan-run.ts';
import type { VerifyOptions } from './verify-options.ts';

export interface BreakpointSearch {
  readonly searched: Requirement;
  /** Whether the requirement is broken for certain by what the load has shown so far. */
  readonly isEnough: (soFar: LoadResult) => boolean;
}

/** Undefined unless load is driven to find a breaking point. */
export function breakpointSearch(
  verification: Verification,
  context: NeedsContext,
  options: VerifyOptions,
): BreakpointSearch | undefined {
  const searched = drivesLoad(verification, options) ? searchedRequirement(verification) : undefined;
  if (searched === undefined) return undefined;
  const input = (load: LoadResult): JudgeInput => ({
    ...context,
    limits: verification.evaluation.validity,
    // Telemetry is read after the load: a requirement that needs it is found broken only then.
    observations: {
      window: { start: load.startedAt, end: load.startedAt },
      load,
      measures: [],
      series: [],
      baselines: [],
      saturation: [],
      gaps: [],
    },
  });
  return { searched, isEnough: (soFar) => isBroken(searched, input(soFar)) };
}

/** Judges every requirement; a search says beside that where the load broke what it was to break. */
export function judgeRun(
  verification: Verification,
  search: BreakpointSearch | undefined,
  context: NeedsContext,
  observations: Observations,
): Judged & { readonly breakpoint?: Breakpoint } {
  const { evaluation, sources } = verification;
  const input = {
    ...context,
    observations,
    limits: evaluation.validity,
    tracesPromised: sources.tracesByDefault !== true,
  };
  return search === undefined
    ? judgeAll(verification.requirements, input)
    : judgeSearch(verification.requirements, search.searched, input);
}
