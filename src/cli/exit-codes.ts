// The one table of exit codes (DESIGN.md 6).
import type { Run } from '../core/model/run.ts';
import type { VerdictName } from '../core/model/verdict.ts';

export const exitCode = {
  ok: 0,
  failed: 1,
  invalid: 2,
  inconclusive: 3,
  couldNotRun: 4,
  safetyAbort: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const codeOfVerdict: Readonly<Record<VerdictName, ExitCode>> = {
  pass: exitCode.ok,
  warn: exitCode.failed,
  fail: exitCode.failed,
  inconclusive: exitCode.inconclusive,
  error: exitCode.couldNotRun,
};

/** The code of one run. `failOn` says which verdicts are not 0; interruption, safety aborts and runs that could not be made always are. */
export function exitCodeOf(run: Run, failOn: readonly VerdictName[]): ExitCode {
  if (run.status === 'interrupted') return exitCode.interrupted;
  if (run.status === 'aborted') return exitCode.safetyAbort;
  if (run.status === 'failed') return exitCode.couldNotRun;
  return failOn.includes(run.verdict) ? codeOfVerdict[run.verdict] : exitCode.ok;
}

/** The code of several runs: the one a person must look at first. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [130, 5, 4, 1, 3, 2, 0];
  return order.find((code) => codes.includes(code)) ?? exitCode.ok;
}
