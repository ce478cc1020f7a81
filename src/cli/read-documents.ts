// Reads requirement documents from files and folders; problems with the files themselves come back as sentences.
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { err, ok, type Result } from '../core/model/result.ts';
import { documentOfModule } from '../spec/define-verification.ts';

export interface DocumentFile {
  readonly file: string;
  readonly text: string;
  /** The text was made from a module: nobody knows its lines. */
  readonly isGenerated?: true;
}

const largestBytes = 16 * 1024 * 1024;
const isDocument = (name: string): boolean => /\.ya?ml$/.test(name);
/** Whether a file is imported instead of read. */
export const isModule = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

/** Stands in the folder of every recording. */
export const replayFileName = 'replay.yaml';

/**
 * Folders are read to any depth, recordings in them (they hold copies of documents) left out; files are taken whatever their ending. A TypeScript or JavaScript file is imported: its default export is the document
 * (`defineVerification`). Names are shown relative to the working directory.
 */
export async function readDocuments(paths: readonly string[]): Promise<Result<readonly DocumentFile[], string>> {
  const files: DocumentFile[] = [];
  for (const path of paths) {
    const found = await filesAt(path);
    if (!found.ok) return found;
    if (found.value.length === 0) return err(`${path}: the folder holds no .yaml or .yml file`);
    for (const file of found.value) {
      const { size } = await stat(file);
      if (size > largestBytes) return err(`${file}: ${size} bytes; documents may have at most ${largestBytes}`);
      const name = relative(process.cwd(), file) || file;
      const document = isModule(file)
        ? await importDocument(name, file)
        : ok({ file: name, text: await readFile(file, 'utf8') });
      if (!document.ok) return document;
      files.push(document.value);
    }
  }
  return ok(files);
}

/** The text of a file that a document mentions as `${file:path}`, relative to the document; undefined when it cannot be read. */
export function readReferencedFile(path: string, document: string): string | undefined {
  try {
    return readFileSync(resolve(dirname(document), path), 'utf8');
  } catch {
    // Whatever the reason, the document cannot be used: the reader says so at the place that mentions the file.
    return undefined;
  }
}

async function importDocument(name: string, file: string): Promise<Result<DocumentFile, string>> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown };
    return ok(documentOfModule(name, module.default));
  } catch (cause) {
    return err(`${name}: cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function filesAt(path: string): Promise<Result<readonly string[], string>> {
  try {
    const info = await stat(path);
    if (info.isFile()) return ok([path]);
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const recordings = entries.filter((entry) => entry.name === replayFileName).map((entry) => entry.parentPath);
    const isRecorded = (folder: string): boolean =>
      recordings.some((recording) => folder === recording || folder.startsWith(recording + sep));
    return ok(
      entries
        .filter((entry) => entry.isFile() && isDocument(entry.name) && !isRecorded(entry.parentPath))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort(),
    );
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    return err(code === 'ENOENT' ? `${path}: no such file or folder` : `${path}: ${String(code ?? cause)}`);
  }
}
