// A requirement's history in the result document.
import type { LevelChange, Regression, RequirementHistory, RunMark } from '../core/model/history.ts';
import { isoTime } from './format-time.ts';
import { type WireUnit, wireUnit, wireValue } from './wire-units.ts';

interface RunMarkJson {
  readonly runId: string;
  readonly at: string;
  readonly commit?: string;
}

export interface FirstJson {
  readonly brokenSince: string;
  readonly consecutive: number;
  /** The first run that failed. */
  readonly runId: string;
  readonly commit?: string;
  readonly lastKept?: RunMarkJson;
}

export interface LevelChangeJson {
  readonly since: RunMarkJson;
  readonly before: RunMarkJson;
  readonly stat: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly unit: WireUnit;
  /** to / from - 1. */
  readonly change: number;
  readonly runs: number;
}

/** The fields of a requirement's history; none where there is nothing to tell. */
export function historyJson(history: RequirementHistory | undefined): {
  readonly first?: FirstJson;
  readonly recovered?: FirstJson;
  readonly levelChange?: LevelChangeJson;
} {
  return {
    ...(history?.open === undefined ? {} : { first: firstJson(history.open) }),
    ...(history?.closed === undefined ? {} : { recovered: firstJson(history.closed) }),
    ...(history?.change === undefined ? {} : { levelChange: levelChangeJson(history.change) }),
  };
}

function firstJson({ since, runs, lastKept }: Regression): FirstJson {
  const { at, ...mark } = markJson(since);
  return {
    brokenSince: at,
    consecutive: runs,
    ...mark,
    ...(lastKept === undefined ? {} : { lastKept: markJson(lastKept) }),
  };
}

function levelChangeJson({ since, before, unit, from, to, ...rest }: LevelChange): LevelChangeJson {
  return {
    since: markJson(since),
    before: markJson(before),
    from: wireValue(from, unit),
    to: wireValue(to, unit),
    unit: wireUnit(unit),
    ...rest,
  };
}

function markJson({ runId, at, commit }: RunMark): RunMarkJson {
  return { runId, at: isoTime(at), ...(commit === undefined ? {} : { commit }) };
}
