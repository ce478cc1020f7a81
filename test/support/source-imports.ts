// Reads which source file imports which, as text: types included, so that a type-only arrow backwards is seen too.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface SourceFile {
  /** Path from the repository's root with forward slashes. */
  readonly path: string;
  /** Imported files of this repository, same form. */
  readonly files: readonly string[];
  /** Imported packages and Node built-ins as written. */
  readonly packages: readonly string[];
}

const importPattern =
  /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Every TypeScript file below `root`/src with its imports. */
export function sourceImports(root: string): readonly SourceFile[] {
  return globSync('src/**/*.ts', { cwd: root }).map((path) => {
    const text = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
    const names = [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
    return {
      path,
      files: names.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(path), name))),
      packages: names.filter((name) => !name.startsWith('.')),
    };
  });
}
