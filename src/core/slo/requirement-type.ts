// The contract of a requirement type: one file a type holds its language, what it needs to see, its judgement and its documentation.
import type { Breakpoint } from '../model/breakpoint.ts';
import type { Watch } from '../model/load.ts';
import type { Observations, TraceMeasureRequest } from '../model/observations.ts';
import type {
  CanonicalUnit,
  Limit,
  Requirement,
  RequirementTypeName,
  Rule,
  Vantage,
  Where,
} from '../model/requirement.ts';
import type { Millis } from '../model/units.ts';
import type { ClauseVerdict, Verdict } from '../model/verdict.ts';
import type { Evaluation, Slo } from '../model/verification.ts';

/** What a clause with this statistic may be compared with and how; absent means the plain form only. */
export interface StatUse {
  /** What a fixed limit may be given in. */
  readonly units: readonly CanonicalUnit[];
  /** Words that may stand before or behind it: `perUser p10`, `max in_flight`. Absent: it stands alone. */
  readonly of?: readonly string[];
  /** Kinds of limit. Absent: `fixed` and `range`. */
  readonly limits?: readonly Limit['kind'][];
  /** Accepts `in 95% of slices`. */
  readonly inSlices?: true;
  /** Accepts `over 1m`. */
  readonly over?: true;
  /** Accepts `while [A, B]`. */
  readonly while?: true;
}

/** A statistic that a type accepts: `p95` (quantile) or a name with as many arguments as `args` describes. */
export type StatForm =
  | (StatUse & { readonly kind: 'quantile' })
  | (StatUse & {
      readonly kind: 'named';
      readonly name: string;
      /** One entry an argument. Empty: written without parentheses. */
      readonly args: readonly StatArgument[];
    });

/** `quantile`: a word such as `p95`. `name`: any word the type knows. */
export type StatArgument = 'phase' | 'requirement' | 'duration' | 'quantile' | 'number' | 'name';

/**
 * A type-specific field of the YAML: its kind, whether it must be there, and one sentence for the docs. `quantities`, `numbers` and `queries` are mappings of names the
 * author chooses, `record` has the fields given.
 */
export interface OptionField {
  readonly kind:
    | 'duration'
    | 'number'
    | 'ratio'
    | 'text'
    | 'flag'
    | 'texts'
    | 'bound'
    | 'quantities'
    | 'numbers'
    | 'queries'
    | 'record';
  readonly required: boolean;
  readonly doc: string;
  /** For `text` and `texts`: the closed list of values. */
  readonly oneOf?: readonly string[];
  /** For `record`: its fields. */
  readonly fields?: Readonly<Record<string, OptionField>>;
}

/** What must be observed before the requirement can be judged. */
export interface Needs {
  readonly watches: readonly Watch[];
  readonly measures: readonly TraceMeasureRequest[];
  readonly queries: readonly QueryNeed[];
  readonly baseline: boolean;
}

/**
 * `query` may hold {{.window}}, {{.windowSeconds}}, {{.slice}}: filled in by the reader. `slices`: one value at the end of every slice of the window;
 * `instant`: one value at the window's end.
 */
export interface QueryNeed {
  readonly key: string;
  readonly query: string;
  readonly dataSource?: string;
  readonly mode: 'slices' | 'instant';
  /** Length of the slices; absent: the document's. */
  readonly slice?: Millis;
  /** Only a remark depends on it: that it could not be asked is no gap. */
  readonly optional?: true;
  /** The window is what these phases lasted: one question for each stretch of them. Absent: from the first to the last judged phase. */
  readonly phases?: readonly string[];
}

/** What is known of the document when needs are collected. `phases`: those that are judged. */
export interface NeedsContext {
  readonly evaluation: Evaluation;
  readonly phases: readonly string[];
  readonly slos: readonly Slo[];
  readonly all: readonly Requirement[];
}

export interface NeedsScope extends NeedsContext {
  /** The needs of another requirement (recovery watches what it times). */
  readonly needsOf: (requirement: Requirement) => Needs;
}

export interface JudgeContext extends NeedsScope {
  readonly observations: Observations;
  /** What a breakpoint search found. */
  readonly rise?: Breakpoint;
  /** The verdict of another requirement, by phase where given. Undefined when there is none of that id, or when the two wait for each other. */
  readonly verdictOf: (id: string, phase?: string) => Verdict | undefined;
  /** Judges a requirement on a stretch of the run, in milliseconds of the run's clock, validity gate left out. */
  readonly judgeWithin: (
    requirement: Requirement,
    window: { readonly startMs: number; readonly endMs: number },
  ) => Verdict;
}

/** What a judgement adds to its clauses. */
export interface Judgement {
  readonly clauses: readonly ClauseVerdict[];
  readonly notes: readonly string[];
  readonly vantage?: Verdict['vantage'];
  readonly baseline?: Verdict['baseline'];
}

export interface RequirementType {
  readonly name: RequirementTypeName;
  /** One line for lists. */
  readonly title: string;
  /** Markdown paragraphs for the reference page: what is measured, how it is decided, what makes it inconclusive. */
  readonly doc: string;
  /** A complete YAML entry that parses. */
  readonly example: string;
  readonly stats: readonly StatForm[];
  readonly where: readonly (keyof Where)[];
  /** The first is the default. */
  readonly vantages: readonly Vantage[];
  readonly options: Readonly<Record<string, OptionField>>;
  /** Whether `query`, `dataSourceRef`, `sloRef` may or must be there. */
  readonly refs: { readonly query: Presence; readonly dataSourceRef: Presence; readonly sloRef: Presence };
  /** Compares phases with each other, or looks beyond them: never judged phase by phase. */
  readonly acrossPhases?: true;
  /** Judged on the production window: what ails this run's load does not touch it. */
  readonly beyondRun?: true;
  readonly needs: (requirement: Requirement, scope: NeedsScope) => Needs;
  /** Judges every clause of `rule` (the requirement's `require` or its `warn`), in its order. Absence of data is never a pass. */
  readonly judge: (requirement: Requirement, rule: Rule, context: JudgeContext) => Judgement;
}

export type Presence = 'required' | 'optional' | 'forbidden';
