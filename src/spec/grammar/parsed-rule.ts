// A rule as the grammar reads it: the model's clauses, and where each part of them stands in the text.
import type { Clause } from '../../core/model/requirement.ts';
import type { Token } from './scanner.ts';

export interface ClauseParts {
  readonly stat: Token;
  /** The words of the statistic between its parentheses. */
  readonly args: readonly Token[];
  readonly op: Token;
  readonly limit: Token;
  /** The statistic on the right-hand side of `2 x p95(idle)`. */
  readonly limitArgs: readonly Token[];
  readonly inSlices?: Token;
  readonly over?: Token;
  readonly while: readonly Token[];
}

export interface ParsedClause {
  readonly clause: Clause;
  readonly parts: ClauseParts;
}

export interface ParsedRule {
  readonly clauses: readonly ParsedClause[];
  readonly text: string;
}
