// Makes a folder and those above it that are not there.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws what the file system says. Node's own recursive mkdir never returns where a folder that is there knows nothing of a new one (/proc: ENOENT). */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (!isFolder(above) && above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (cause) {
    // Somebody else may have been first.
    if (!isFolder(path)) throw cause;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
