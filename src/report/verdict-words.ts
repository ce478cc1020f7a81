// The mark and the words that stand for each verdict, the same in every report.
import type { Validity } from '../core/model/run.ts';
import type { InconclusiveReason, VerdictName } from '../core/model/verdict.ts';
import { formatShare } from './format-quantity.ts';

/** A sign of its own for each verdict, so that nothing depends on colour. */
export const verdictMarks: Readonly<Record<VerdictName, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  inconclusive: '?',
  error: '⊘',
};

/** How a person would say it in a sentence: `2 failed, 1 inconclusive`. */
export const verdictWords: Readonly<Record<VerdictName, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  inconclusive: 'inconclusive',
  error: 'not looked at',
};

/** Why no verdict was possible, in words. */
export const reasonWords: Readonly<Record<InconclusiveReason, string>> = {
  'no-data': 'no data',
  'too-few-samples': 'too few samples',
  straddles: 'the interval straddles the limit',
  'bucket-too-coarse': 'the limit lies inside a histogram bucket',
  'generator-unhealthy': 'the load that was sent cannot decide',
  'trace-coverage': 'too few traces arrived complete',
  'no-baseline': 'no baseline to compare with',
  'stale-data': 'the data is stale',
  aborted: 'a safety limit ended the run',
  interrupted: 'the run was interrupted',
  autocorrelated: 'slices depend on each other too much',
  unsteady: 'the load was not steady',
  prerequisite: 'what it depends on has not been shown',
};

/** Whether the run may judge, in words. */
export function validityText({ ok, touches, failuresStand }: Validity): string {
  if (ok) return 'the run may judge';
  if (failuresStand === true) return 'the run may fail requirements, not pass any';
  return touches === 'traces' ? 'the run may not judge what is measured on traces' : 'the run may not judge';
}

/** `98.5%`, or that there was nothing to cover. */
export function coverageText({ traceCoverage, tracesAsked }: Validity): string {
  return tracesAsked === 0 ? 'no traces asked for' : formatShare(traceCoverage);
}

/** The same in a sentence: `trace coverage 98.5%`. */
export function traceCoverageText(validity: Validity): string {
  return `${validity.tracesAsked === 0 ? '' : 'trace coverage '}${coverageText(validity)}`;
}

/** What would decide a verdict; empty when its explanation already says so. */
export function needText(verdict: { readonly explanation: string; readonly need?: string }): string {
  return verdict.need === undefined || verdict.explanation.includes(verdict.need) ? '' : verdict.need;
}

/** `2 failed, 1 inconclusive, 8 passed`, worst first; `none judged` for an empty list. */
export function verdictCounts(verdicts: readonly { readonly verdict: VerdictName }[]): string {
  const order: readonly VerdictName[] = ['fail', 'error', 'inconclusive', 'warn', 'pass'];
  const parts = order
    .map((name) => ({ name, count: verdicts.filter((each) => each.verdict === name).length }))
    .filter((each) => each.count > 0)
    .map((each) => `${each.count} ${verdictWords[each.name]}`);
  return parts.length === 0 ? 'none judged' : parts.join(', ');
}
