// The `where` of one requirement in the result document: each finding with its path, mechanism and evidence.
import type { Confidence, Finding, Mechanism } from '../core/model/finding.ts';
import type { Run, Waterfall } from '../core/model/run.ts';
import { attributionOf } from './attribution-of.ts';
import { wireValue } from './wire-units.ts';

/** `addedLatency` in seconds; shares 0..1; `traces` can be opened. */
export interface WhereJson {
  readonly path: readonly string[];
  readonly service: string;
  readonly operation: string;
  readonly mechanism: Mechanism;
  readonly confidence: Confidence;
  readonly share: number;
  readonly addedLatency: number | null;
  readonly criticalPathShare?: number;
  readonly retryAmplification?: number;
  readonly explanation: string;
  readonly advice: string;
  readonly evidence: {
    readonly traces: readonly string[];
    readonly queries: readonly string[];
    readonly numbers: Finding['evidence'];
  };
}

/** Best explanation first; empty when no cause is known. */
export function whereJson(run: Run, requirement: string): readonly WhereJson[] {
  const { findings, waterfalls } = attributionOf(run, requirement);
  return findings.map((finding) => {
    const onPath = evidenceOf(finding, 'criticalPathShare') ?? criticalShare(waterfalls, finding.service);
    const amplification = evidenceOf(finding, 'amplification') ?? evidenceOf(finding, 'retryAmplification');
    return {
      path: finding.path,
      service: finding.service,
      operation: finding.operation,
      mechanism: finding.mechanism,
      confidence: finding.confidence,
      share: finding.share,
      addedLatency: wireValue(finding.effectMs, 'ms'),
      ...(onPath === undefined ? {} : { criticalPathShare: onPath }),
      ...(amplification === undefined ? {} : { retryAmplification: amplification }),
      explanation: finding.explanation,
      advice: finding.advice,
      evidence: { traces: finding.traces, queries: [], numbers: finding.evidence },
    };
  });
}

const evidenceOf = (finding: Finding, name: string): number | undefined =>
  finding.evidence.find((each) => each.name === name)?.value;

/** Share of the violating trace's duration that the service's spans hold on its critical path; undefined without such a trace. */
function criticalShare(waterfalls: readonly Waterfall[], service: string): number | undefined {
  const violating = waterfalls.find((each) => each.role === 'violating');
  if (violating === undefined || violating.durationMs <= 0) return undefined;
  const held = violating.spans
    .filter((span) => span.service === service)
    .flatMap((span) => span.critical)
    .reduce((sum, [start, end]) => sum + end - start, 0);
  return Number((held / violating.durationMs).toPrecision(4));
}
