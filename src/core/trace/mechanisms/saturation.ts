// Saturation: beyond some load, more requests only mean more waiting.
import type { LoadPhase, MechanismDetector } from './mechanism.ts';
import { cpuRise, risenResource } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { clearly } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';
import { fitUsl } from './shared/usl-fit.ts';

/** ANALYSIS.md 3: latency more than doubled at less than a tenth more throughput. */
const latencyFactor = 2;
const throughputFactor = 1.1;
const fewestLevels = 6;

/** From load phases: the knee of a USL fit inside the tested range, or latency that runs away from throughput. The service is the one that pays most. */
export const saturation: MechanismDetector = {
  mechanisms: ['saturation'],
  detect(context) {
    const levels = levelsOf(context.phases);
    const knee = kneeByFit(levels) ?? kneeByLatency(levels);
    const worst = serviceEffectsOf(context)[0];
    if (knee === undefined || worst === undefined || worst.effectMs <= 0 || worst.certainty < clearly) return [];
    const cause =
      cpuRise(context, worst.service, worst.effectMs) ??
      risenResource(context, worst.service, 'pool-waiting', 'pool-used', 'queue', 'in-flight');
    return [
      candidate(context, {
        mechanism: 'saturation',
        service: worst.service,
        operation: worst.operation,
        at: worst.path,
        effectMs: worst.effectMs,
        share: worst.share,
        effectInterval: worst.interval,
        confidence: cause === undefined ? 'low' : 'medium',
        corroborated: cause !== undefined,
        evidence: [
          { name: 'load at the knee', value: knee, unit: '/s' },
          ...(cause === undefined
            ? []
            : [{ name: cause.metric, value: cause.observed, baseline: cause.reference, unit: '' }]),
        ],
        detail: cause?.metric,
        strength: (trace) => effectOfService(context, worst.service, trace),
      }),
    ];
  },
};

interface Level {
  readonly offered: number;
  readonly throughput: number;
  readonly latencyMs: number;
}

/** Load phases with figures, by offered rate. */
function levelsOf(phases: readonly LoadPhase[]): readonly Level[] {
  return phases
    .flatMap(({ role, ratePerSecond, goodPerSecond, p50Ms }) =>
      role === 'load' && ratePerSecond !== undefined && goodPerSecond !== undefined && p50Ms !== undefined
        ? [{ offered: ratePerSecond, throughput: goodPerSecond, latencyMs: p50Ms }]
        : [],
    )
    .sort((a, b) => a.offered - b.offered);
}

/** Offered rate at which throughput peaks, when the peak lies inside what was tested. Concurrency by Little's law. */
function kneeByFit(levels: readonly Level[]): number | undefined {
  if (levels.length < fewestLevels) return undefined;
  const points = levels.map(({ throughput, latencyMs }) => ({
    concurrency: Math.max(1, (throughput * latencyMs) / 1000),
    throughput,
  }));
  const fit = fitUsl(points);
  const highest = Math.max(...points.map((point) => point.concurrency));
  return fit?.peakConcurrency !== undefined && fit.peakConcurrency < highest ? fit.peakThroughput : undefined;
}

function kneeByLatency(levels: readonly Level[]): number | undefined {
  for (let at = 1; at < levels.length; at += 1) {
    const before = levels[at - 1];
    const now = levels[at];
    if (before === undefined || now === undefined || now.offered <= throughputFactor * before.offered) continue;
    if (now.latencyMs > latencyFactor * before.latencyMs && now.throughput < throughputFactor * before.throughput)
      return before.offered;
  }
  return undefined;
}
