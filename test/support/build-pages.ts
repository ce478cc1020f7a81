// Builds the two pages into a folder of their own, so that a test never looks at an old build.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder } from 'vite';

/** The folder with report.html and index.html; the caller removes it. Takes about a second. */
export async function buildPages(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'faultline-pages-'));
  const configFile = join(import.meta.dirname, '..', '..', 'web', 'vite.config.ts');
  const builder = await createBuilder({ configFile, logLevel: 'error', build: { outDir } });
  await builder.buildApp();
  return outDir;
}
