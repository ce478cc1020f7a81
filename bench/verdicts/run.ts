// Measures how often verdicts are wrong and writes docs/statistics.md. usage: npm run bench:verdicts [-- --quick]
// --quick: a twentieth of the runs, printed only.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { statisticsPage } from './statistics-page.ts';
import { runSuite } from './suite.ts';

const isQuick = process.argv.includes('--quick');
const runs = isQuick ? 50 : 1000;
const suite = runSuite({ runs, largeShare: 0.3, onCell: (said) => process.stderr.write(`${said}\n`) });
const page = statisticsPage(suite, runs);
if (isQuick) process.stdout.write(page);
else writeFileSync(new URL('../../docs/statistics.md', import.meta.url), page);
