// `--record DIR`: listens to a run's back ends and keeps what they answered.
import { join } from 'node:path';
import { recordAnswers } from '../adapters/recording/record-answers.ts';
import type { Run } from '../core/model/run.ts';
import type { Millis } from '../core/model/units.ts';
import type { Verification } from '../core/model/verification.ts';
import { verdictsOf } from '../report/expected-verdicts.ts';
import type { Backends } from '../verify/backends.ts';
import { mergeTraceSets } from '../verify/merge-trace-sets.ts';
import type { Console } from './console.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { readDocuments, replayFileName } from './read-documents.ts';
import { writeRecordingFiles } from './recording-files.ts';
import type { RunFlags } from './run-options.ts';

export interface RecordRequest {
  readonly verifications: readonly Verification[];
  /** Where the documents were read from: the recording keeps a copy. */
  readonly paths: readonly string[];
  readonly flags: RunFlags;
  readonly console: Console;
  readonly observeSince?: Millis;
}

export interface RunRecorder {
  /** To be used in place of those given; the same ones when nothing is to be recorded. */
  readonly backends: Backends;
  /** Writes the recording; 4 when that is not possible: who asked for one must not miss it. */
  readonly keep: (run: Run) => Promise<ExitCode>;
}

/** A path in the folder of the verification's recording; none where nothing is to be recorded. */
export function recordingPaths(
  request: Pick<RecordRequest, 'flags' | 'verifications'>,
  name: string,
): readonly string[] {
  const { record } = request.flags;
  return record === undefined ? [] : [join(recordingFolder(record, request, name), replayFileName)];
}

/** Several verifications get a folder each. */
function recordingFolder(
  record: string,
  { verifications }: Pick<RecordRequest, 'verifications'>,
  name: string,
): string {
  return join(record, verifications.length === 1 ? '' : name);
}

export function runRecorder(backends: Backends, request: RecordRequest): RunRecorder {
  const { record, only, set, quiet } = request.flags;
  if (record === undefined) return { backends, keep: async () => exitCode.ok };
  const recorder = recordAnswers(backends);
  return {
    backends: { ...backends, ...recorder.backends },
    keep: async (run) => {
      const { paths, console, observeSince } = request;
      const { verification } = run.plan;
      const folder = recordingFolder(record, request, verification);
      const documents = await readDocuments(paths);
      if (!documents.ok) {
        console.error(`faultline: --record ${folder}: ${documents.error}`);
        return exitCode.couldNotRun;
      }
      const since = observeSince === undefined ? {} : { observeSinceMs: observeSince };
      const recording = { ...recorder.answers(), plan: run.plan, ...since };
      const files = { recording, traces: mergeTraceSets(recorder.traceSets()) };
      const replay = { verification, only, set, expect: verdictsOf(run) };
      const written = await writeRecordingFiles(folder, files, documents.value, replay);
      if (!written.ok) {
        console.error(`faultline: --record: ${written.error}`);
        return exitCode.couldNotRun;
      }
      if (!quiet) console.error(`faultline: recorded; \`faultline replay ${folder}\` judges it again`);
      return exitCode.ok;
    },
  };
}
