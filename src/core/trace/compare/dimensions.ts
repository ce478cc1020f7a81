// Which attribute value sets the violating requests apart: a version, an instance, a customer tier, a region.

import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { oneSidedG } from './fault-signs.ts';

/** A value that violating requests have clearly more often. */
export interface Dimension {
  readonly service: string;
  readonly key: string;
  readonly value: string;
  /** Of the traces in which spans of the service have the attribute at all: those with this value. */
  readonly violating: number;
  readonly reference: number;
  /** Log-likelihood ratio beyond chance, corrected for the number of values looked at; positive. */
  readonly evidence: number;
}

/** Traces looked at on each side, spread evenly; a share needs no more. */
const mostTraces = 1_000;
/** A difference of shares that a person would call one. */
const leastDifference = 0.2;
/** An attribute with more values than this is an id, a text or a number, not a dimension. */
const mostValues = 200;

/** What requests end with is no reason, and what is called at all is the shape of the trace; both are looked at elsewhere. */
const outcome = /status|error|exception|retry|resend|duration|message|stack|body|size|length|response|thread/;
const shape =
  /^(db|rpc|http|url|server|client|net|network|messaging|peer|service\.peer|service\.name|code|otel|telemetry)([._]|$)/;
/** What each process is born with says nothing about another run. */
const identity = /instance|pod|host|pid|process|container|address|port|(^|[._])(id|ip|uid|uuid)$/;

/**
 * Compares, attribute by attribute (span and resource attributes, per recording service), how often each value occurs in the two populations; the
 * clearest first. Values that never occur in the reference count only where they could have (a new version does, a new process id does not). As
 * Honeycomb's BubbleUp. Cost: bounded by the traces looked at.
 */
export function dimensions(
  prepared: PreparedTraces,
  violating: Population,
  reference: Population,
): readonly Dimension[] {
  const counts = new Map<string, AttributeCounts>();
  countSide(prepared, violating, counts, 'violating');
  countSide(prepared, reference, counts, 'reference');
  const looked = [...counts.values()].reduce((sum, { values }) => sum + values.size, 0);
  const correction = 2 * Math.log(Math.max(1, looked));
  return [...counts.values()]
    .filter(({ values, violating: count }) => values.size > 1 && values.size <= mostValues && count > 0)
    .flatMap((attribute) => separating(attribute, correction))
    .sort((a, b) => b.evidence - a.evidence || (a.service + a.key < b.service + b.key ? -1 : 1));
}

interface AttributeCounts {
  readonly service: string;
  readonly key: string;
  violating: number;
  reference: number;
  readonly values: Map<string, { violating: number; reference: number }>;
}

type Side = 'violating' | 'reference';

function countSide(
  prepared: PreparedTraces,
  population: Population,
  counts: Map<string, AttributeCounts>,
  side: Side,
): void {
  const step = Math.max(1, population.traces.length / mostTraces);
  for (let at = 0; at < population.traces.length; at += step) {
    const seen = valuesIn(prepared, population.traces[Math.floor(at)] ?? 0);
    for (const [name, { service, key, values }] of seen) {
      const attribute = counts.get(name) ?? { service, key, violating: 0, reference: 0, values: new Map() };
      counts.set(name, attribute);
      attribute[side] += 1;
      for (const value of values) {
        const count = attribute.values.get(value) ?? { violating: 0, reference: 0 };
        attribute.values.set(value, count);
        count[side] += 1;
      }
    }
  }
}

interface SeenValues {
  readonly service: string;
  readonly key: string;
  readonly values: Set<string>;
}

function valuesIn({ set, service, services }: PreparedTraces, trace: number): ReadonlyMap<string, SeenValues> {
  const seen = new Map<string, SeenValues>();
  const note = (of: string, key: string, value: unknown): void => {
    if (outcome.test(key) || shape.test(key)) return;
    const name = `${of} ${key}`;
    const known = seen.get(name) ?? { service: of, key, values: new Set() };
    seen.set(name, known);
    known.values.add(String(value));
  };
  for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
    const of = services[service[span] ?? 0] ?? '';
    for (let at = set.attributeFirst[span] ?? 0; at < (set.attributeFirst[span + 1] ?? 0); at += 1) {
      note(of, set.strings[set.attributeKey[at] ?? 0] ?? '', set.values[set.attributeValue[at] ?? 0]);
    }
    for (const [key, value] of Object.entries(set.resources[set.resource[span] ?? 0] ?? {})) note(of, key, value);
  }
  return seen;
}

function separating(attribute: AttributeCounts, correction: number): readonly Dimension[] {
  const { service, key, violating, reference, values } = attribute;
  if (reference === 0) return [];
  return [...values].flatMap(([value, count]) => {
    const [slow, normal] = [count.violating / violating, count.reference / reference];
    if (slow - normal < leastDifference || (count.reference === 0 && identity.test(key))) return [];
    const evidence =
      oneSidedG({ count: count.violating, of: violating }, { count: count.reference, of: reference }) - correction;
    return evidence > 0 ? [{ service, key, value, violating: slow, reference: normal, evidence }] : [];
  });
}
