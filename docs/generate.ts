// Writes the pages of docs/ that come from the sources: node docs/generate.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { referencePages } from '../src/spec/reference/reference-pages.ts';

mkdirSync(new URL('reference/', import.meta.url), { recursive: true });
for (const { path, text } of referencePages()) writeFileSync(new URL(path, import.meta.url), text);
