// Compiles the selectors of requirements into tests on spans and calls.
import type { EdgeSelector, SpanCondition, SpanSelector } from '../model/requirement.ts';
import { spanKind, spanStatus, type TraceSet } from '../model/trace-set.ts';
import { attributeReader } from './prepare/attribute-reader.ts';
import type { PreparedTraces } from './prepare/prepared-traces.ts';

export type SpanTest = (span: number) => boolean;

/** Every condition must hold. An attribute is looked for on the span, then on its resource; an absent one equals nothing and contains nothing. */
export function spanTest(set: TraceSet, selector: SpanSelector): SpanTest {
  const tests = selector.conditions.map((condition) => conditionTest(set, condition));
  return (span) => tests.every((test) => test(span));
}

function conditionTest(set: TraceSet, condition: SpanCondition): SpanTest {
  const textOf = reader(set, condition.key);
  const { op, value } = condition;
  switch (op) {
    case 'eq':
      return (span) => textOf(span) === value;
    case 'ne':
      return (span) => textOf(span) !== value;
    case 'contains':
      return (span) => textOf(span)?.includes(value) ?? false;
  }
}

const kindNames: readonly string[] = Object.entries(spanKind)
  .sort((a, b) => a[1] - b[1])
  .map(([name]) => name);
const statusNames: readonly string[] = Object.entries(spanStatus)
  .sort((a, b) => a[1] - b[1])
  .map(([name]) => name);

function reader(set: TraceSet, key: string): (span: number) => string | undefined {
  if (key === 'name') return (span) => set.strings[set.name[span] ?? 0];
  if (key === 'kind') return (span) => kindNames[set.kind[span] ?? 0];
  if (key === 'status') return (span) => statusNames[set.status[span] ?? 0];
  if (key === 'service' || key === 'service.name') return (span) => set.strings[set.service[span] ?? 0];
  const own = attributeReader(set, key);
  return (span) => {
    const value = own(span) ?? set.resources[set.resource[span] ?? 0]?.[key];
    return value === undefined ? undefined : String(value);
  };
}

/**
 * Tests CLIENT spans: whether they call `callee` (its `operation`, when given) from `caller`. A database that goes by its address (peer-labels.ts) has its mere name too
 * where the caller calls nobody else by it.
 */
export function edgeTest(prepared: PreparedTraces, selector: EdgeSelector): SpanTest {
  const own = prepared.edges.filter((edge) => edge.caller === selector.caller);
  const isNamed = own.some((edge) => edge.callee === selector.callee);
  const isCallee = (callee: string): boolean =>
    isNamed ? callee === selector.callee : callee.endsWith(`/${selector.callee}`);
  const matches = prepared.edges.map(
    (edge) =>
      edge.caller === selector.caller &&
      isCallee(edge.callee) &&
      (selector.operation === undefined || edge.operation === selector.operation),
  );
  return (span) => prepared.set.kind[span] === spanKind.client && matches[prepared.edge[span] ?? -1] === true;
}
