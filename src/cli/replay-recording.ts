// Judges a recorded run again and compares the verdicts with those expected.
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replayAnswers } from '../adapters/recording/replay-answers.ts';
import { replayClock } from '../adapters/recording/replay-clock.ts';
import { noRunTelemetry } from '../adapters/telemetry/run-telemetry.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import { millis } from '../core/model/units.ts';
import type { Verification } from '../core/model/verification.ts';
import { differences, verdictsOf } from '../report/expected-verdicts.ts';
import type { ReplayOutcome } from '../report/replay-text.ts';
import { verify } from '../verify/verify.ts';
import type { Console } from './console.ts';
import { loadVerifications } from './load-verifications.ts';
import { writeOutputFile } from './output-files.ts';
import { replayFileName } from './read-documents.ts';
import { readRecordingFiles } from './recording-files.ts';
import { type ReplayFile, readReplayFile, replayFileText } from './replay-file.ts';

export interface ReplayOptions {
  readonly console: Console;
  /** Expect from now on what the recording gives now. */
  readonly update: boolean;
}

/** The recordings at a path: the folder itself, a replay.yaml, or every folder below that holds one, by name. */
export async function findRecordings(path: string): Promise<Result<readonly string[], string>> {
  try {
    if ((await stat(path)).isFile()) return ok([dirname(path)]);
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile() && entry.name === replayFileName);
    if (found.length > 0) return ok(found.map((entry) => entry.parentPath).sort());
    return err(`${path}: no ${replayFileName} in it or below; \`faultline run --record ${path}\` makes one`);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    return err(`${path}: ${isMissing ? 'no such folder' : String(cause)}`);
  }
}

/** The error is a sentence; problems of the documents have been printed by then. */
export async function replayRecording(
  folder: string,
  { console, update }: ReplayOptions,
): Promise<Result<ReplayOutcome, string>> {
  const file = join(folder, replayFileName);
  const replay = await readReplayFile(file);
  if (!replay.ok) return replay;
  const files = await readRecordingFiles(folder);
  if (!files.ok) return files;
  const verification = await documentFor(folder, replay.value, console);
  if (!verification.ok) return verification;

  const { recording, traces } = files.value;
  const { plan, observeSinceMs, load } = recording;
  const { remarks, ...backends } = replayAnswers(recording, traces);
  const run = await verify(
    verification.value,
    { ...backends, telemetry: noRunTelemetry, clock: replayClock(plan.startedAt) },
    {
      signal: new AbortController().signal,
      trigger: plan.trigger,
      runId: plan.runId,
      seed: plan.seed,
      traceIdPrefix: load?.outcome.ok === true ? load.outcome.value.traceIdPrefix : '',
      environment: {},
      feeds: {},
      ...(plan.commit === undefined ? {} : { commit: plan.commit }),
      ...(plan.branch === undefined ? {} : { branch: plan.branch }),
      ...(observeSinceMs === undefined ? {} : { observeSince: millis(observeSinceMs) }),
    },
  );
  const { expect } = replay.value;
  const found = differences(expect, run);
  if (update && found.length > 0) {
    const written = await writeOutputFile(file, replayFileText({ ...replay.value, expect: verdictsOf(run) }));
    if (!written.ok) return written;
  }
  const expected = Object.keys(expect.requirements).length + (expect.verdict === undefined ? 0 : 1);
  return ok({ folder, run, expected, differences: found, remarks: remarks() });
}

/** Variables that are not set here (addresses, mostly) are no obstacle: nothing is asked. */
async function documentFor(
  folder: string,
  { documents, verification, only, set }: ReplayFile,
  console: Console,
): Promise<Result<Verification, string>> {
  const quiet: Console = { ...console, error: () => undefined };
  const paths = documents.map((path) => join(folder, path));
  const flags = { only, set };
  const loaded = await loadVerifications(paths, flags, quiet, 'warning');
  if (loaded === undefined) {
    // Again, for whoever has to read what is wrong.
    await loadVerifications(paths, flags, console, 'warning');
    return err(`${join(folder, replayFileName)}: its documents cannot be used`);
  }
  const found = loaded.find(({ name }) => name === verification);
  if (found !== undefined) return ok(found);
  const known = loaded.map(({ name }) => name).join(', ');
  return err(`${join(folder, replayFileName)}: no verification named ${verification}; the documents have ${known}`);
}
