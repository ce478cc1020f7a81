// The contract of a requirement type: one file a type holds its language, what it needs to see, its judgement and its documentation.
import type { Watch } from '../model/load.ts';
import type { Observations, TraceMeasureRequest } from '../model/observations.ts';
import type { CanonicalUnit, Requirement, RequirementTypeName, Vantage, Where } from '../model/requirement.ts';
import type { ClauseVerdict, Verdict } from '../model/verdict.ts';
import type { Evaluation, Slo } from '../model/verification.ts';

/** A statistic that a type accepts: `p95` (quantile) or a name with as many arguments as `args` describes. `units`: what a fixed limit may be given in. */
export type StatForm =
  | { readonly kind: 'quantile'; readonly units: readonly CanonicalUnit[]; readonly of?: readonly string[] }
  | {
      readonly kind: 'named';
      readonly name: string;
      /** One entry an argument. Empty: written without parentheses. */
      readonly args: readonly StatArgument[];
      readonly units: readonly CanonicalUnit[];
      readonly of?: readonly string[];
    };

export type StatArgument = 'phase' | 'requirement' | 'duration' | 'quantile' | 'number' | 'name';

/** A type-specific field of the YAML: its kind, whether it must be there, and one sentence for the docs. */
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
    | 'queries'
    | 'record';
  readonly required: boolean;
  readonly doc: string;
  /** For `text`: the closed list of values. */
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

/** `query` may hold {{.window}}, {{.windowSeconds}}, {{.slice}}: filled in by the reader. `instant`: one value at the window's end. */
export interface QueryNeed {
  readonly key: string;
  readonly query: string;
  readonly dataSource?: string;
  readonly mode: 'slices' | 'instant';
}

export interface NeedsContext {
  readonly evaluation: Evaluation;
  readonly phases: readonly string[];
  readonly slos: readonly Slo[];
  readonly all: readonly Requirement[];
}

export interface JudgeContext extends NeedsContext {
  readonly observations: Observations;
  /** The verdict of another requirement, judged before (order follows `while`, `timeTo` and `sloRef`); by phase where given. */
  readonly verdictOf: (id: string, phase?: string) => Verdict | undefined;
  /** Judges another requirement on a stretch of the run, for recovery and capacity. */
  readonly judgeWithin: (
    id: string,
    window: { readonly startMs: number; readonly endMs: number },
  ) => Verdict | undefined;
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
  readonly needs: (requirement: Requirement, context: NeedsContext) => Needs;
  /** Judges every clause of `rule` (the requirement's `require` or its `warn`). Absence of data is never a pass. */
  readonly judge: (requirement: Requirement, rule: Requirement['require'], context: JudgeContext) => Judgement;
}

export type Presence = 'required' | 'optional' | 'forbidden';
