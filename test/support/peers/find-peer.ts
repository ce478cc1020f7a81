// Where a real program that tests run beside Faultline is, if it is there.
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** The program's path: from the cache that `npm run peers` fills, else from PATH and the system's folders; undefined when it is nowhere. */
export function findPeer(...names: readonly string[]): string | undefined {
  const folders = [peersFolder(), ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** Where built peers are kept. */
export function peersFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env['FAULTLINE_PEERS'] ?? join(cache, 'faultline', 'peers');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
