// Runs verifications one after another and reports each: the body of `run`, `observe` and the demo.
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type { Run } from '../core/model/run.ts';
import type { Millis } from '../core/model/units.ts';
import type { Verification } from '../core/model/verification.ts';
import { progressLine } from '../report/progress-line.ts';
import { terminalReport } from '../report/terminal.ts';
import { verificationLinks } from '../report/verification-links.ts';
import { violatingTracePage } from '../report/violating-trace-page.ts';
import { verify } from '../verify/verify.ts';
import type { Progress } from '../verify/verify-options.ts';
import type { Console } from './console.ts';
import { definedVariables } from './defined-variables.ts';
import { type ExitCode, exitCode, exitCodeOf, worstExitCode } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { unwritableOutputs } from './output-files.ts';
import { readCommit } from './read-commit.ts';
import { readFeeds } from './read-feeds.ts';
import { recordingPaths, runRecorder } from './record-run.ts';
import type { RunFlags } from './run-options.ts';
import { openBackends, openStore } from './wire.ts';
import { missingWorkloadFiles } from './workload-files.ts';
import { outputPaths, writeOutputs } from './write-outputs.ts';

export interface RunRequest {
  readonly verifications: readonly Verification[];
  /** Where the documents were read from; recordings keep a copy. */
  readonly paths: readonly string[];
  readonly flags: RunFlags;
  readonly console: Console;
  readonly observeSince?: Millis;
}

/** Ctrl-C ends the current run with a partial report and starts no further one. */
export async function runVerifications(request: RunRequest): Promise<ExitCode> {
  const { verifications, flags, console } = request;
  const unwritable = await unwritableOutputs(wantedPaths(request));
  for (const problem of unwritable) console.error(`faultline: ${problem}`);
  if (unwritable.length > 0) return exitCode.invalid;
  const store = openStore(flags.data);
  if (!store.ok) {
    console.error(`faultline: ${store.error}`);
    return exitCode.couldNotRun;
  }
  const interrupt = interruptSignal(console);
  const codes: ExitCode[] = [];
  try {
    for (const verification of verifications) {
      if (interrupt.signal.aborted) break;
      const prefix = randomBytes(8).toString('hex');
      const opened = await openBackends(verification, {
        traceIdPrefix: prefix,
        store: store.value.runs,
        telemetryEndpoint: flags.otlpEndpoint,
      });
      if (!opened.ok) {
        console.error(`faultline: ${verification.name}: ${opened.error.message}`);
        codes.push(exitCode.couldNotRun);
        continue;
      }
      for (const problem of opened.value.problems) console.error(`faultline: ${verification.name}: ${problem.message}`);
      try {
        const feeds = await readFeeds(verification);
        const missing = await missingWorkloadFiles(verification);
        if (!feeds.ok || missing.length > 0) {
          for (const { message } of [...(feeds.ok ? [] : feeds.error), ...missing])
            console.error(`faultline: ${verification.name}: ${message}`);
          codes.push(exitCode.invalid);
          continue;
        }
        const recorder = runRecorder(opened.value.backends, request);
        const run = await verify(verification, recorder.backends, {
          signal: interrupt.signal,
          trigger: 'cli',
          traceIdPrefix: prefix,
          environment: definedVariables(process.env),
          feeds: feeds.value,
          ...(flags.seed === undefined ? {} : { seed: flags.seed }),
          ...(request.observeSince === undefined ? {} : { observeSince: request.observeSince }),
          ...(flags.set.length === 0 ? {} : { overrides: flags.set.map(({ path }) => path) }),
          ...(await readCommit(process.env)),
          onProgress: (progress) => showProgress(progress, console, flags),
        });
        console.live('');
        codes.push(await reportRun(run, verification, request), await recorder.keep(run));
      } finally {
        await opened.value.close();
      }
    }
  } finally {
    interrupt.release();
    await store.value.runs.close();
  }
  return worstExitCode(codes.length === 0 ? [exitCode.interrupted] : codes);
}

/** Everything that the flags ask to be written. */
function wantedPaths(request: RunRequest): readonly string[] {
  const { verifications, flags } = request;
  return verifications.flatMap(({ name }) => [
    ...outputPaths(flags, name, verifications.length === 1),
    ...recordingPaths(request, name),
  ]);
}

async function reportRun(
  run: Run,
  verification: Verification,
  { flags, console, verifications }: RunRequest,
): Promise<ExitCode> {
  const printsJson = flags.json === '-';
  const links = verificationLinks(verification);
  if (!flags.quiet && !printsJson) console.out(terminalReport(run, console.style, { width: console.width }));
  if (flags.quiet && run.status === 'failed') console.error(`faultline: ${run.message ?? 'the run could not be made'}`);
  const { files, problems } = await writeOutputs(run, flags, console, {
    isOnly: verifications.length === 1,
    environment: process.env,
    links,
  });
  const page = violatingTracePage(run, links);
  if (page !== undefined && !flags.quiet && !printsJson) console.out(`a violating trace: ${page}`);
  if (files.length > 0 && !flags.quiet && !printsJson) console.out(`wrote ${files.join(', ')}`);
  for (const problem of problems) console.error(`faultline: ${problem}`);
  const code = exitCodeOf(run, flags.failOn);
  return problems.length > 0 ? worstExitCode([code, exitCode.couldNotRun]) : code;
}

const plainStages: Readonly<Record<string, string>> = {
  traces: 'waiting for traces',
  metrics: 'reading metrics',
  judge: 'judging',
  attribute: 'attributing',
};

/** A live line on a terminal; elsewhere one line per phase, so that a CI log shows life. */
function showProgress(progress: Progress, console: Console, flags: RunFlags): void {
  if (flags.quiet) return;
  if (progress.kind === 'load') {
    if (console.isLive) console.live(progressLine(progress.snapshot, console.errorStyle, console.width));
    else {
      const { phase, phaseEndsMs, atMs } = progress.snapshot;
      noteOnce(`phase ${phase}`, `${Math.ceil((phaseEndsMs - atMs) / 1000)} s to go`, console);
    }
    return;
  }
  if (progress.kind === 'started') {
    lastNoted = '';
    console.error(`faultline: ${progress.plan.verification}: run ${progress.plan.runId}`);
    return;
  }
  const words = plainStages[progress.stage];
  if (words === undefined) return;
  if (console.isLive) console.live(`${words}: ${progress.detail}`);
  else if (progress.stage === 'traces') noteOnce(words, progress.detail, console);
}

let lastNoted = '';

function noteOnce(what: string, detail: string, console: Console): void {
  if (what === lastNoted) return;
  lastNoted = what;
  console.error(`faultline: ${what}, ${detail}`);
}
