// The ways in which real telemetry is poorer than a demo's: sampled, with blind spots, with losses.
import { recordsOf } from '../../src/core/model/records-of.ts';
import type { SpanRecord, TraceSet } from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import type { Remains } from './judge-again.ts';

export interface Degradation {
  readonly name: string;
  /** The service whose spans are gone, in one of them. */
  readonly blind?: string;
  readonly apply: (traces: TraceSet) => Remains;
}

/** `services`: those of the shop that record spans. The entry stays: without it there is no request to explain. */
export function degradations(services: readonly string[]): readonly Degradation[] {
  return [
    { name: 'everything', apply: (traces) => ({ traces, isSampled: () => true }) },
    { name: '5% sampled', apply: (traces) => sampled(traces, 0.05) },
    { name: '20% of spans lost', apply: (traces) => keeping(traces, ({ spanId }) => chance(spanId, 'lost') >= 0.2) },
    ...services.map((blind) => ({
      name: `${blind} uninstrumented`,
      blind,
      apply: (traces: TraceSet) => keeping(traces, ({ resource }) => resource['service.name'] !== blind),
    })),
  ];
}

/** Head sampling: a trace is there, whole, or not at all. */
function sampled(traces: TraceSet, share: number): Remains {
  const isSampled = (traceId: string): boolean => chance(traceId, 'sampled') < share;
  return { traces: traceSet([...recordsOf(traces)].filter(({ traceId }) => isSampled(traceId))), isSampled };
}

function keeping(traces: TraceSet, isKept: (span: SpanRecord) => boolean): Remains {
  return { traces: traceSet([...recordsOf(traces)].filter(isKept)), isSampled: () => true };
}

/** A number in 0..1 that an id always gets, so that a capture scored twice scores the same (FNV-1a, finished as in MurmurHash3). */
function chance(id: string, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${purpose} ${id}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
