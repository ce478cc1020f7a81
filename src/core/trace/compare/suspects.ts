// Ranks services by all that speaks against them: the time they cost, the failures seen at them, the resources they ran out of.

import type { ResourceChange } from '../metrics/metric-corroboration.ts';
import { waitInflation } from '../metrics/wait-inflation.ts';
import type { Blame, ServiceEffect } from './blame.ts';
import type { FaultSign } from './fault-signs.ts';

/** One service with the evidence against it. All evidence is in the same unit, twice the logarithm of a likelihood ratio, so it adds. */
export interface Suspect {
  readonly service: string;
  readonly evidence: number;
  readonly time: number;
  readonly faults: number;
  readonly resources: number;
  /** Its effect, when it has one. */
  readonly effect?: ServiceEffect;
}

/** How the first and the second suspect of a sign share its evidence. */
const shares: readonly number[] = [2 / 3, 1 / 3];

/**
 * Time: the evidence that anything became slower (that of the clearest service) goes to the services in proportion to the milliseconds they cost;
 * milliseconds rank services far better than each one's own significance (ANALYSIS.md 0.3). Faults: the signs' evidence. Resources: how far
 * the inflation that queueing theory expects from the rise of utilisation is from what comes and goes. Best first.
 */
export function suspects(
  blame: Blame,
  faults: readonly FaultSign[],
  resources: readonly ResourceChange[],
): readonly Suspect[] {
  const clearest = blame.services.reduce((most, { evidence }) => Math.max(most, evidence), 0);
  const fault = faultEvidence(faults);
  const resource = resourceEvidence(resources);
  const effects = new Map(blame.services.map((effect) => [effect.service, effect]));
  const names = new Set([...effects.keys(), ...fault.keys(), ...resource.keys()]);
  return [...names]
    .map((service): Suspect => {
      const effect = effects.get(service);
      const parts = {
        time: clearest * (effect?.share ?? 0),
        faults: fault.get(service) ?? 0,
        resources: resource.get(service) ?? 0,
      };
      return {
        service,
        evidence: parts.time + parts.faults + parts.resources,
        ...parts,
        ...(effect === undefined ? {} : { effect }),
      };
    })
    .sort(
      (a, b) =>
        b.evidence - a.evidence ||
        (b.effect?.effectMs ?? 0) - (a.effect?.effectMs ?? 0) ||
        (a.service < b.service ? -1 : 1),
    );
}

/** Of signs at one operation only the strongest counts: failing and not going on is one thing. */
function faultEvidence(signs: readonly FaultSign[]): ReadonlyMap<string, number> {
  const strongest = new Map<string, Map<string, number>>();
  for (const { suspects: named, service, operation, evidence } of signs) {
    for (const [at, suspect] of named.entries()) {
      const share = named.length > 1 ? (shares[at] ?? 0) : 1;
      const operations = strongest.get(suspect) ?? new Map<string, number>();
      const place = `${service} ${operation}`;
      operations.set(place, Math.max(operations.get(place) ?? 0, share * evidence));
      strongest.set(suspect, operations);
    }
  }
  return new Map([...strongest].map(([suspect, operations]) => [suspect, sum(operations.values())]));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The strongest resource of each service; only what processing waits for, and only beyond what one standard deviation of chance gives. */
function resourceEvidence(resources: readonly ResourceChange[]): ReadonlyMap<string, number> {
  const strongest = new Map<string, number>();
  for (const change of resources) {
    const evidence = Math.max(0, (Math.log(expectedInflation(change)) / usualWobble) ** 2 - 1);
    if (evidence > (strongest.get(change.service) ?? 0)) strongest.set(change.service, evidence);
  }
  return strongest;
}

/** Standard deviation of the logarithm of wait inflation between two healthy windows: a wait changes by half often, eightfold never. */
const usualWobble = 0.5;

/** A full pool is none of them: it fills because whoever it leads to is slow, which says nothing against its owner. */
const waitedFor: ReadonlySet<ResourceChange['signal']> = new Set(['cpu', 'throttling', 'event-loop', 'gc', 'kv-cache']);

/** 1 for no rise, and for resources whose capacity nobody knows. */
function expectedInflation({ signal, utilisation }: ResourceChange): number {
  if (utilisation === undefined || !waitedFor.has(signal)) return 1;
  return Math.max(1, waitInflation(utilisation.reference, utilisation.observed));
}
