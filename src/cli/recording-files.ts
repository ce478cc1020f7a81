// The folder of a recording: observations.json.gz, traces.jsonl.gz, the documents, and replay.yaml.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readTraceFiles } from '../adapters/file/read-trace-files.ts';
import { type Recording, readRecording, writeRecording } from '../adapters/recording/recording.ts';
import { writeTraces } from '../adapters/recording/write-traces.ts';
import { makeFolder } from '../adapters/shared/make-folder.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { TraceSet } from '../core/model/trace-set.ts';
import { traceSet } from '../core/model/trace-set-builder.ts';
import { cannotWrite } from './output-files.ts';
import { type DocumentFile, replayFileName } from './read-documents.ts';
import { type ReplayFile, replayFileText } from './replay-file.ts';

export interface RecordedFiles {
  readonly recording: Recording;
  readonly traces: TraceSet;
}

/** Names of the files of a recording's folder. Both archives may also stand there without compression, edited by hand. */
const observations = 'observations.json';
const spans = 'traces.jsonl';
const documentsFolder = 'documents';

/** Replaces what is there. `replay.documents` is filled in. The error says what cannot be written. */
export async function writeRecordingFiles(
  folder: string,
  files: RecordedFiles,
  documents: readonly DocumentFile[],
  replay: Omit<ReplayFile, 'documents'>,
): Promise<Result<void, string>> {
  try {
    await replaceFiles(folder, files, documents, replay);
    return ok(undefined);
  } catch (cause) {
    if (!isFileSystemError(cause)) throw cause;
    return err(cannotWrite(folder, cause));
  }
}

const isFileSystemError = (cause: unknown): boolean => cause instanceof Error && 'syscall' in cause;

async function replaceFiles(
  folder: string,
  { recording, traces }: RecordedFiles,
  documents: readonly DocumentFile[],
  replay: Omit<ReplayFile, 'documents'>,
): Promise<void> {
  const inside = join(folder, documentsFolder);
  await rm(inside, { recursive: true, force: true });
  makeFolder(inside);
  for (const [i, { file, text }] of documents.entries()) await writeFile(join(inside, copyName(file, i)), text);
  await writeFile(join(folder, `${observations}.gz`), await promisify(gzip)(writeRecording(recording)));
  const tracesFile = join(folder, `${spans}.gz`);
  if (traces.traceIds.length === 0) await rm(tracesFile, { force: true });
  else await writeFile(tracesFile, await promisify(gzip)(writeTraces(traces)));
  await writeFile(join(folder, replayFileName), replayFileText({ ...replay, documents: [documentsFolder] }));
}

/** Numbered, so that files of one name from several folders do not meet; a module's text is YAML by now. */
function copyName(file: string, index: number): string {
  return `${String(index + 1).padStart(2, '0')}-${basename(file).replace(/\.[cm]?[jt]s$/, '.yaml')}`;
}

/** The error names the file and says what is wrong with it. */
export async function readRecordingFiles(folder: string): Promise<Result<RecordedFiles, string>> {
  const path = join(folder, observations);
  const text = (await textOf(path)) ?? (await textOf(`${path}.gz`));
  if (text === undefined) return err(`${path}.gz: cannot be read; \`faultline run --record DIR\` makes one`);
  const recording = readRecording(text);
  if (!recording.ok) return err(`${path}: ${recording.error}`);
  for (const file of [join(folder, spans), join(folder, `${spans}.gz`)]) {
    const traces = await readTraceFiles([file]);
    if (traces.ok) return ok({ recording: recording.value, traces: traces.value });
    if (traces.error.kind !== 'not-found') return err(traces.error.message);
  }
  return ok({ recording: recording.value, traces: traceSet([]) });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(path);
    return path.endsWith('.gz') ? (await promisify(gunzip)(bytes)).toString() : bytes.toString();
  } catch {
    // Not there or no archive: the caller tries the other name and says what is missing.
    return undefined;
  }
}
