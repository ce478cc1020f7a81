// The parsed form of the PromQL subset (docs/promql.md).

/** Matches a label's value; an absent label has the empty value. Regular expressions match the whole value. */
export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  readonly matches: (value: string) => boolean;
}

export interface Selector {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  /** Milliseconds; absent: an instant selector. */
  readonly range?: number;
  /** Milliseconds back in time. */
  readonly offset: number;
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^';
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOp = 'and' | 'or' | 'unless';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

/** Which labels pair two vectors: only these, or all but these. */
export interface Matching {
  readonly kind: 'on' | 'ignoring';
  readonly labels: readonly string[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expression;
  readonly right: Expression;
  /** `bool`: 0 or 1 in place of a filter. */
  readonly isBool: boolean;
  readonly matching: Matching;
}

export type AggregateOp = 'sum' | 'avg' | 'min' | 'max' | 'count' | 'group' | 'stddev' | 'stdvar' | 'quantile';

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly op: AggregateOp;
  readonly grouping: { readonly kind: 'by' | 'without'; readonly labels: readonly string[] };
  readonly argument: Expression;
  /** The quantile. */
  readonly parameter?: Expression;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | Selector
  | Binary
  | Aggregate
  | Call;

/** What an expression yields. */
export type ExpressionType = 'scalar' | 'vector' | 'range';

/** Thrown by the parser and the evaluator, caught at their edge. `offset`: characters from the start of the query. */
export class PromqlFault extends Error {
  readonly kind: 'syntax' | 'unsupported' | 'evaluation';
  readonly offset: number | undefined;

  constructor(kind: PromqlFault['kind'], message: string, offset?: number) {
    super(message);
    this.kind = kind;
    this.offset = offset;
  }
}
