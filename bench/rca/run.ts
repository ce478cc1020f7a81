// Scores attribution on labelled data. usage: npm run bench:rca -- [--data DIR] [--json] [--write]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeSection } from '../write-section.ts';
import { accuracyPage } from './accuracy-page.ts';
import { scoresOf } from './scores.ts';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

if (!existsSync(values.data)) {
  console.error(`there is no labelled data at ${values.data}: give its folder with --data`);
  process.exit(2);
}
const scores = await scoresOf(values.data);
const page = accuracyPage(scores);
console.log(values.json ? JSON.stringify(scores, null, 2) : page);
if (values.write) {
  const path = join(root, 'docs', 'accuracy.md');
  writeSection(path, 'How accurate attribution is', { name: 'labelled data', text: page });
}
