// Scores the named mechanism on rewritten traces: the right one at the right edge, and none where there is none.
import type { Attribution, Finding } from '../../src/core/model/finding.ts';
import { share } from './accuracy.ts';
import type { Truth } from './read-case.ts';

export interface ScoredPattern {
  readonly id: string;
  readonly pattern: string;
  /** What was named, best first: `mechanism caller -> callee (confidence)`. */
  readonly named: readonly string[];
  /** Whether the best finding has the right mechanism at the right place; for a negative, whether nothing was named. */
  readonly isRight: boolean;
}

export interface PatternScores {
  readonly positives: number;
  readonly right: number;
  readonly negatives: number;
  readonly falseAlarms: number;
  readonly patterns: readonly ScoredPattern[];
}

export function scorePattern(truth: Truth, { findings }: Attribution): ScoredPattern {
  const best = findings[0];
  return {
    id: truth.id,
    pattern: truth.pattern ?? `none (${truth.variant ?? ''})`,
    named: findings.map(describe),
    isRight: truth.pattern == null ? best === undefined : best !== undefined && isRight(truth, best),
  };
}

const describe = ({ mechanism, service, edge, confidence }: Finding): string =>
  `${mechanism} ${edge === undefined ? service : `${edge.caller} -> ${edge.callee}`} (${confidence})`;

function isRight(truth: Truth, finding: Finding): boolean {
  if (finding.mechanism !== truth.pattern) return false;
  if (truth.services !== undefined) return servicesOf(truth).includes(finding.service);
  const isAtCallee = finding.service === truth.service;
  return finding.edge === undefined
    ? isAtCallee
    : finding.edge.caller === truth.caller && finding.edge.callee === truth.service;
}

const servicesOf = ({ services }: Truth): readonly string[] =>
  services === undefined ? [] : Array.isArray(services) ? services : Object.keys(services);

export function patternScores(patterns: readonly ScoredPattern[]): PatternScores {
  const negative = patterns.filter(({ pattern }) => pattern.startsWith('none'));
  const positive = patterns.filter(({ pattern }) => !pattern.startsWith('none'));
  return {
    positives: positive.length,
    right: share(positive.filter((each) => each.isRight).length, positive.length),
    negatives: negative.length,
    falseAlarms: share(negative.filter((each) => !each.isRight).length, negative.length),
    patterns,
  };
}
