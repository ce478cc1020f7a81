// Shape of the attribution as scripts read it: the object of `analyze --json` and `attribution` of the result document.
import type { Completeness, Confidence, Edge, Evidence, Finding, Mechanism } from '../core/model/finding.ts';

export interface AnalysisJson {
  readonly findings: readonly FindingJson[];
  readonly services: readonly ServiceJson[];
  readonly completeness: Completeness;
  readonly notAttributable?: string;
}

/** Milliseconds and shares 0..1. `edge` is null for a finding inside one service. */
export interface FindingJson {
  readonly rank: number;
  readonly mechanism: Mechanism;
  readonly service: string;
  readonly operation: string;
  readonly edge: Edge | null;
  readonly path: readonly string[];
  readonly effectMs: number;
  readonly effectIntervalMs?: readonly [number, number];
  readonly share: number;
  readonly confidence: Confidence;
  readonly explanation: string;
  readonly advice: string;
  readonly evidence: readonly Evidence[];
  readonly traces: readonly string[];
  readonly onsetMs?: number;
  readonly amplifiers: Finding['amplifiers'];
}

interface ServiceJson {
  readonly service: string;
  readonly effectMs: number;
  readonly share: number;
  readonly effectIntervalMs?: readonly [number, number];
}
