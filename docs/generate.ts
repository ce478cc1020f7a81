// Writes the pages and documents that come from other sources: node docs/generate.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stackDocument } from '../demo/stack/stack-document.ts';
import { referencePages } from '../src/spec/reference/reference-pages.ts';

mkdirSync(new URL('reference/', import.meta.url), { recursive: true });
for (const { path, text } of referencePages()) writeFileSync(new URL(path, import.meta.url), text);

const checkout = readFileSync(new URL('../slos/checkout.yaml', import.meta.url), 'utf8');
writeFileSync(new URL('../demo/stack/slos/checkout.yaml', import.meta.url), stackDocument(checkout));
