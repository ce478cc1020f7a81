// Which services cost the violating requests their time: milliseconds on the critical path against complying requests of the same cohort.
import type { ServiceBlame } from '../../model/finding.ts';
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { type CostEffect, costEffects } from './cost-effects.ts';
import { serviceDetail } from './service-detail.ts';
import { timeEvidence } from './time-evidence.ts';

/** One service's effect, split by where its time is spent. Milliseconds per violating request, mean. */
export interface ServiceEffect extends ServiceBlame {
  /** Index into PreparedTraces.services. */
  readonly index: number;
  /** Part of effectMs spent in the service's own spans. */
  readonly ownMs: number;
  /** Part of effectMs spent between its callers and it (before and after its SERVER spans, or whole calls when it records no spans). */
  readonly gapMs: number;
  /** Standard error of effectMs, from the bootstrap. */
  readonly errorMs: number;
  /** How sure it is that it became slower, whatever the amount: see timeEvidence; 0 when it did not. */
  readonly evidence: number;
  /** The service's operation (SERVER span name) with the greatest part of effectMs. */
  readonly operation: string;
  /** The caller with the greatest part, '' when it is the entry. */
  readonly caller: string;
  /** Most frequent path of services from the entry to it, itself included. */
  readonly path: readonly string[];
  /** Trace indexes, greatest effect first, at most 10. */
  readonly traces: readonly number[];
}

export interface Blame {
  /** Mean duration of violating requests minus the mix-adjusted mean of the reference. Milliseconds. */
  readonly excessMs: number;
  /** Standard error of excessMs. */
  readonly excessErrorMs: number;
  /** By effectMs, greatest first; services that cost nobody anything are left out. */
  readonly services: readonly ServiceEffect[];
  /** Whether the bootstrap intervals of the first two effects overlap: no single cause. */
  readonly isAmbiguous: boolean;
}

/** How many services get operation, caller, path and traces; the others keep '' and empty lists. */
const detailed = 12;

/**
 *     effect(v) = mean over violating traces t of [ cp_v(t) - mean cp_v of the reference traces of t's cohort ]
 *
 * cp_v: critical-path milliseconds billed to v (PreparedTraces.payer). Without any reference the effect is cp_v itself. Intervals: 200 bootstrap
 * resamples over traces. ANALYSIS.md 0 and 1.5. Linear in the spans of both populations.
 */
export function blame(prepared: PreparedTraces, violating: Population, reference: Population, seed = 1): Blame {
  const effects = costEffects(prepared, violating, reference, seed);
  const evidence = timeEvidence(prepared, violating, reference);
  const positive = effects.services.reduce((sum, each) => sum + Math.max(0, each.effectMs), 0);
  const ranked = [...effects.services].sort(
    (a, b) => b.effectMs - a.effectMs || (name(prepared, a) < name(prepared, b) ? -1 : 1),
  );
  const services = ranked.map((effect, rank): ServiceEffect => {
    const detail =
      rank < detailed && effect.effectMs > 0
        ? serviceDetail(prepared, violating, effect)
        : { operation: '', caller: '', path: [], traces: [] };
    return {
      service: name(prepared, effect),
      index: effect.service,
      effectMs: effect.effectMs,
      share: positive === 0 ? 0 : Math.max(0, effect.effectMs) / positive,
      ...(effect.interval === undefined ? {} : { interval: effect.interval }),
      ownMs: effect.ownMs,
      gapMs: effect.gapMs,
      errorMs: effect.errorMs,
      evidence: effect.effectMs > 0 ? (evidence[effect.service] ?? 0) : 0,
      ...detail,
    };
  });
  const [first, second] = services;
  const isAmbiguous =
    first === undefined || (second !== undefined && (second.interval?.[1] ?? 0) >= (first.interval?.[0] ?? 0));
  return { excessMs: effects.excessMs, excessErrorMs: effects.excessErrorMs, services, isAmbiguous };
}

const name = (prepared: PreparedTraces, effect: CostEffect): string => prepared.services[effect.service] ?? '';
