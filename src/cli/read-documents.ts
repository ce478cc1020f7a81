// Reads requirement documents from files and folders; problems with the files themselves come back as sentences.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { err, ok, type Result } from '../core/model/result.ts';

export interface DocumentFile {
  readonly file: string;
  readonly text: string;
}

const largestBytes = 16 * 1024 * 1024;
const isDocument = (name: string): boolean => /\.ya?ml$/.test(name);

/** Folders are read to any depth; files are taken whatever their ending. Names are shown relative to the working directory. */
export async function readDocuments(paths: readonly string[]): Promise<Result<readonly DocumentFile[], string>> {
  const files: DocumentFile[] = [];
  for (const path of paths) {
    const found = await filesAt(path);
    if (!found.ok) return found;
    if (found.value.length === 0) return err(`${path}: the folder holds no .yaml or .yml file`);
    for (const file of found.value) {
      const { size } = await stat(file);
      if (size > largestBytes) return err(`${file}: ${size} bytes; documents may have at most ${largestBytes}`);
      files.push({ file: relative(process.cwd(), file) || file, text: await readFile(file, 'utf8') });
    }
  }
  return ok(files);
}

async function filesAt(path: string): Promise<Result<readonly string[], string>> {
  try {
    const info = await stat(path);
    if (info.isFile()) return ok([path]);
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return ok(
      entries
        .filter((entry) => entry.isFile() && isDocument(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort(),
    );
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    return err(code === 'ENOENT' ? `${path}: no such file or folder` : `${path}: ${String(code ?? cause)}`);
  }
}
