// Files that a command was asked to write: whether they can be is known before the work, and what goes wrong later is said in a sentence.
import { access, constants, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../adapters/shared/make-folder.ts';
import { err, ok, type Result } from '../core/model/result.ts';

/** Makes the folder, too. What stood in the file is replaced; the error names the path and the cause. */
export async function writeOutputFile(
  path: string,
  content: string | NodeJS.ArrayBufferView,
): Promise<Result<void, string>> {
  try {
    makeFolder(dirname(path));
    await writeFile(path, content);
    return ok(undefined);
  } catch (cause) {
    return err(cannotWrite(path, cause));
  }
}

/** One sentence for each folder with a path that cannot be written. Folders are made, files are left as they were. */
export async function unwritableOutputs(paths: readonly string[]): Promise<readonly string[]> {
  const problems = new Map<string, string>();
  for (const path of paths) {
    if (problems.has(dirname(path))) continue;
    try {
      await tryToWrite(path);
    } catch (cause) {
      problems.set(dirname(path), cannotWrite(path, cause));
    }
  }
  return [...problems.values()];
}

/** `cause` is what the file system threw. */
export function cannotWrite(path: string, cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return `${path} cannot be written: ${plainCauses[code] ?? message}`;
}

const plainCauses: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a part of the path is a file where a folder was wanted',
  EISDIR: 'it is a folder, a file was wanted',
  ENOENT: 'there is no such folder, and none can be made there',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of the path is a file where a folder was wanted',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
};

/** Rights alone do not tell (root in /proc, read-only mounts): the file is opened, and removed again where it was not there. */
async function tryToWrite(path: string): Promise<void> {
  makeFolder(dirname(path));
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile() && !found.isDirectory()) {
    // A pipe or a terminal: whoever reads it would take an opening and closing for the end.
    await access(path, constants.W_OK);
    return;
  }
  await (await open(path, 'a')).close();
  if (found === undefined) await rm(path);
}
