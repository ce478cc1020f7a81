// The version in the package's manifest: two folders up, in the sources as in dist/.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function version(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const manifest: unknown = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}
