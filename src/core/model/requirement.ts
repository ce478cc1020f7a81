// What must hold: one requirement of a Verification, already parsed and checked.
import type { SourceRange } from './diagnostic.ts';
import type { Millis, Ratio } from './units.ts';

/** The closed list of requirement types (REQUIREMENTS.md 3.3). */
export type RequirementTypeName =
  | 'latency'
  | 'errors'
  | 'throughput'
  | 'concurrency'
  | 'degradation'
  | 'errorBudget'
  | 'saturation'
  | 'cost'
  | 'recovery'
  | 'stability'
  | 'scalability'
  | 'dependency'
  | 'retries'
  | 'fanout'
  | 'apdex'
  | 'query'
  | 'ttft'
  | 'tpot'
  | 'itl'
  | 'tokens'
  | 'goodput';

export type Priority = 'must' | 'should' | 'info';
/** From whose clock a requirement is judged. */
export type Vantage = 'client' | 'server' | 'trace';
export type OnNoData = 'inconclusive' | 'fail' | 'skip';

/** The statistic a clause bounds. `name(args)` covers burnRate(1h), slope(p95), p95(peak), costPer1k(goodRequests), timeTo(CHK-01), apdex(300ms). */
export type Stat =
  | { readonly kind: 'quantile'; readonly q: Ratio; readonly of?: string }
  | { readonly kind: 'named'; readonly name: string; readonly args: readonly string[]; readonly of?: string };

export type Comparison = 'lte' | 'lt' | 'gte' | 'gt' | 'eq' | 'between';

/** Units are canonical after parsing: time in ms, size in B, rates per second, shares 0..1, money in USD. */
export type CanonicalUnit = 'ms' | 'ratio' | '/s' | 'B' | 'tok/s' | 'USD' | 'ms/h' | 'B/h' | '';

export interface Quantity {
  readonly value: number;
  readonly unit: CanonicalUnit;
  /** As the document wrote it, for messages: `300ms`, `0.1%`. */
  readonly text: string;
}

/** What a clause compares with: a fixed quantity, a range, the baseline plus something, or a multiple of another statistic. */
export type Limit =
  | { readonly kind: 'fixed'; readonly quantity: Quantity }
  | { readonly kind: 'range'; readonly low: Quantity; readonly high: Quantity }
  | { readonly kind: 'baseline'; readonly plus: Quantity }
  | { readonly kind: 'multiple'; readonly factor: number; readonly stat: Stat };

/** One condition that must hold; `text` is its source form. */
export interface Clause {
  readonly stat: Stat;
  readonly op: Comparison;
  readonly limit: Limit;
  /** Share of slices in which the condition must hold. */
  readonly inSlices?: Ratio;
  readonly over?: Millis;
  /** Ids that must hold at the same time (capacity searches). */
  readonly while: readonly string[];
  readonly text: string;
}

/** Clauses joined by `and`; each is judged, all must hold. */
export interface Rule {
  readonly clauses: readonly Clause[];
  readonly text: string;
}

/** What the requirement applies to. An absent field restricts nothing. */
export interface Where {
  readonly scenario?: string;
  /** Step name: `POST /checkout`. */
  readonly route?: string;
  readonly phase?: string;
  readonly service?: string;
  readonly span?: SpanSelector;
  readonly edge?: EdgeSelector;
  readonly labels: Readonly<Record<string, string>>;
}

/** `[service.name="payments" kind=server]`: every condition must hold. */
export interface SpanSelector {
  readonly conditions: readonly SpanCondition[];
  readonly text: string;
}

export interface SpanCondition {
  /** `name`, `kind`, `status`, or an attribute key such as `service.name`. */
  readonly key: string;
  readonly op: 'eq' | 'ne' | 'contains';
  readonly value: string;
}

/** `caller -> callee`, optionally with the callee's operation. */
export interface EdgeSelector {
  readonly caller: string;
  readonly callee: string;
  readonly operation?: string;
}

/** A value of a type-specific option, checked against the type's own field list. */
export type OptionValue = string | number | boolean | readonly OptionValue[] | { readonly [key: string]: OptionValue };

export interface Requirement {
  readonly id: string;
  readonly title: string;
  readonly type: RequirementTypeName;
  readonly where: Where;
  readonly source: Vantage;
  readonly require: Rule;
  readonly warn?: Rule;
  readonly priority: Priority;
  /** Effective settings: the requirement's own or the document's. */
  readonly onNoData: OnNoData;
  readonly confidence: Ratio;
  readonly slice: Millis;
  readonly minSamples: number;
  readonly sloRef?: string;
  readonly dataSourceRef?: string;
  readonly query?: string;
  readonly owner?: string;
  readonly runbook?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Fields only this type has (minEffect, sustained, prices, ...), durations in ms, quantities canonical. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly definedAt: SourceRange;
}
