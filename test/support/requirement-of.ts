// Requirements and judging contexts for tests, with everything filled in that a document's defaults would fill in.
import type { LoadResult } from '../../src/core/model/load.ts';
import type { Observations } from '../../src/core/model/observations.ts';
import type { CanonicalUnit, Clause, Requirement, Rule } from '../../src/core/model/requirement.ts';
import { millis, ratio, unixMillis } from '../../src/core/model/units.ts';
import type { Evaluation, ValidityLimits } from '../../src/core/model/verification.ts';
import type { JudgeInput } from '../../src/core/slo/judge.ts';

/** A clause with only the parts that matter said. */
export function clauseOf(part: Pick<Clause, 'stat' | 'op' | 'limit'> & Partial<Clause>): Clause {
  return { while: [], text: 'clause', ...part };
}

export function fixed(value: number, unit: CanonicalUnit = 'ms'): Clause['limit'] {
  return { kind: 'fixed', quantity: { value, unit, text: `${value}${unit}` } };
}

export const quantile = (q: number, of?: string): Clause['stat'] =>
  of === undefined ? { kind: 'quantile', q: ratio(q) } : { kind: 'quantile', q: ratio(q), of };

export const named = (name: string, args: readonly string[] = [], of?: string): Clause['stat'] =>
  of === undefined ? { kind: 'named', name, args } : { kind: 'named', name, args, of };

export function ruleOf(...clauses: readonly Clause[]): Rule {
  return { clauses, text: clauses.map((clause) => clause.text).join(' and ') };
}

export function requirementOf(part: Pick<Requirement, 'type' | 'require'> & Partial<Requirement>): Requirement {
  return {
    id: 'R-1',
    title: 'a requirement',
    where: { labels: {} },
    source: 'client',
    priority: 'must',
    onNoData: 'inconclusive',
    confidence: ratio(0.95),
    slice: millis(5000),
    minSamples: 0,
    labels: {},
    options: {},
    definedAt: { file: 'slos/test.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
    ...part,
  };
}

export const limits: ValidityLimits = {
  droppedShare: ratio(0.001),
  sendLagP99: millis(20),
  traceCoverage: ratio(0.95),
};

export function evaluationOf(phases: readonly string[], part: Partial<Evaluation> = {}): Evaluation {
  return {
    phases,
    perPhase: false,
    confidence: ratio(0.95),
    slice: millis(5000),
    failuresCountAs: 'bad',
    onNoData: 'inconclusive',
    settle: { traces: millis(0), metrics: millis(0) },
    validity: limits,
    ...part,
  };
}

/** Observations of a run; the window is the load's, or the hour before the epoch's second hour. */
export function observationsOf(part: Partial<Observations> & { readonly load?: LoadResult } = {}): Observations {
  const start = part.load?.startedAt ?? unixMillis(3_600_000);
  return {
    window: { start, end: unixMillis(start + (part.load?.durationMs ?? 3_600_000)) },
    measures: [],
    series: [],
    baselines: [],
    saturation: [],
    gaps: [],
    ...part,
  };
}

export function judgeInputOf(
  requirements: readonly Requirement[],
  observations: Observations,
  part: Partial<JudgeInput> = {},
): JudgeInput {
  const phases = part.evaluation?.phases ?? ['peak'];
  return { evaluation: evaluationOf(phases), phases, slos: [], all: requirements, observations, limits, ...part };
}
