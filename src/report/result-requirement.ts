// One requirement in the result document.
import type { CanonicalUnit, Priority, RequirementTypeName } from '../core/model/requirement.ts';
import type { Run } from '../core/model/run.ts';
import type {
  ClauseVerdict,
  InconclusiveReason,
  Observed,
  ShareDecision,
  Verdict,
  VerdictName,
} from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';
import { decidingClause } from './clause-numbers.ts';
import { historyOf } from './history-of.ts';
import { type ReportLinks, traceLink } from './report-links.ts';
import { type FirstJson, historyJson, type LevelChangeJson } from './result-history.ts';
import { type WhereJson, whereJson } from './result-where.ts';
import { type WireUnit, wirePair, wireUnit, wireValue } from './wire-units.ts';

/**
 * Values in the wire unit (time in seconds); `ci` are the two one-sided bounds at `confidence`, null where there is none. So many may have failed that the statistic falls among
 * them: then `value` is null and `failedShare` says how many did.
 */
export interface ObservedJson {
  readonly value: number | null;
  readonly unit: WireUnit;
  readonly ci?: readonly [number | null, number | null];
  readonly confidence: number;
  readonly failedShare?: number;
}

export interface ClauseJson {
  readonly clause: string;
  readonly verdict: VerdictName;
  readonly observed?: ObservedJson;
  readonly limit?: number | null;
  readonly decision?: ShareDecision;
  readonly explanation: string;
  readonly reason?: InconclusiveReason;
  readonly need?: string;
}

export interface RequirementJson {
  readonly id: string;
  readonly title: string;
  readonly type: RequirementTypeName;
  readonly priority: Priority;
  readonly definedAt: { readonly file: string; readonly line: number };
  readonly rule: string;
  readonly verdict: VerdictName;
  readonly explanation: string;
  readonly reason?: InconclusiveReason;
  readonly need?: string;
  readonly observed?: ObservedJson;
  /** In the unit of `observed`. */
  readonly limit?: number | null;
  readonly decision?: ShareDecision;
  readonly margin?: number | null;
  readonly baseline?: { readonly value: number | null; readonly runs: number; readonly change: string };
  readonly vantage?: Readonly<Partial<Record<'client' | 'server' | 'traceRoot', number | null>>>;
  readonly where: readonly WhereJson[];
  readonly notAttributable?: string;
  /** While it is broken: since which run and commit, for how many runs, and which run kept it before. */
  readonly first?: FirstJson;
  /** This run kept it after a break. */
  readonly recovered?: FirstJson;
  /** Advisory: the last change of level over the history of runs; values in the wire unit. */
  readonly levelChange?: LevelChangeJson;
  readonly links: Readonly<Partial<Record<'report' | 'dashboard' | 'worstTrace' | 'typicalTrace', string>>>;
  readonly clauses: readonly ClauseJson[];
  readonly notes: readonly string[];
}

export interface RequirementContext {
  readonly links: ReportLinks;
}

/** `observed`, `limit` and `decision` are those of the deciding clause; `clauses` has all of them. */
export function requirementJson(run: Run, verdict: Verdict, context: RequirementContext): RequirementJson {
  const { clauses, margin, vantage, baseline, definedAt, requirement, ...rest } = verdict;
  const deciding = decidingClause(verdict);
  const unit = deciding?.observed?.unit ?? '';
  const { notAttributable } = attributionOf(run, requirement);
  const {
    explanation: _said,
    reason: _why,
    need: _need,
    ...numbers
  } = deciding === undefined ? emptyClause : clauseJson(deciding);
  const { clause: _clause, verdict: _verdict, ...decided } = numbers;
  return {
    id: requirement,
    ...rest,
    definedAt: { file: definedAt.file, line: definedAt.line },
    ...decided,
    ...(margin === undefined ? {} : { margin: wireValue(margin, '') }),
    ...(baseline === undefined ? {} : { baseline: baselineJson(baseline, unit) }),
    ...(vantage === undefined ? {} : { vantage: vantageJson(vantage, unit) }),
    where: verdict.verdict === 'pass' ? [] : whereJson(run, requirement),
    ...(verdict.verdict === 'pass' || notAttributable === undefined ? {} : { notAttributable }),
    ...historyJson(historyOf(run, requirement)),
    links: linksJson(run, requirement, context.links),
    clauses: clauses.map(clauseJson),
  };
}

const emptyClause: ClauseJson = { clause: '', verdict: 'inconclusive', explanation: '' };

function clauseJson(clause: ClauseVerdict): ClauseJson {
  const { observed, limit, ...rest } = clause;
  return {
    ...rest,
    ...(observed === undefined ? {} : { observed: observedJson(observed) }),
    // Without an observation its unit is not known: the rule says the limit.
    ...(limit === undefined || observed === undefined ? {} : { limit: wireValue(limit, observed.unit) }),
  };
}

function observedJson(observed: Observed): ObservedJson {
  return {
    value: observed.value === undefined ? null : wireValue(observed.value, observed.unit),
    unit: wireUnit(observed.unit),
    ...boundsJson(observed),
    confidence: observed.confidence,
    ...(observed.failedShare === undefined ? {} : { failedShare: observed.failedShare }),
  };
}

function boundsJson({ interval, atLeast, unit }: Observed): Pick<ObservedJson, 'ci'> {
  if (interval !== undefined) return { ci: wirePair(interval, unit) };
  return atLeast === undefined ? {} : { ci: [wireValue(atLeast, unit), null] };
}

function baselineJson(
  baseline: NonNullable<Verdict['baseline']>,
  unit: CanonicalUnit,
): NonNullable<RequirementJson['baseline']> {
  return { value: wireValue(baseline.value, unit), runs: baseline.runs, change: changeText(baseline.change) };
}

/** `+69%`, `-3.5%`, `+0%`. */
export function changeText(change: number): string {
  if (!Number.isFinite(change)) return 'unknown';
  const percent = Number((change * 100).toFixed(Math.abs(change) < 0.1 ? 1 : 0));
  return `${percent < 0 ? '' : '+'}${percent}%`;
}

function vantageJson(
  vantage: NonNullable<Verdict['vantage']>,
  unit: CanonicalUnit,
): NonNullable<RequirementJson['vantage']> {
  return Object.fromEntries(Object.entries(vantage).map(([clock, value]) => [clock, wireValue(value, unit)]));
}

function linksJson(run: Run, requirement: string, links: ReportLinks): RequirementJson['links'] {
  const { waterfalls, findings } = attributionOf(run, requirement);
  const worst = waterfalls.find((each) => each.role === 'violating')?.traceId ?? findings[0]?.traces[0];
  const typical = waterfalls.find((each) => each.role === 'typical')?.traceId;
  return {
    ...(links.report === undefined ? {} : { report: links.report }),
    ...(links.dashboard === undefined ? {} : { dashboard: links.dashboard }),
    ...linkTo('worstTrace', worst, links),
    ...linkTo('typicalTrace', typical, links),
  };
}

function linkTo(
  name: 'worstTrace' | 'typicalTrace',
  traceId: string | undefined,
  links: ReportLinks,
): RequirementJson['links'] {
  const link = traceId === undefined ? undefined : traceLink(links, traceId);
  return link === undefined ? {} : { [name]: link };
}
