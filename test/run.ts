// Runs the tests: unit tests in one process, then everything that starts processes or opens sockets, one file at a time.
// usage: node test/run.ts [unit|integration] [path filter]...
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import process from 'node:process';

const pure = ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/regression/**/*.test.ts'];
const outside = [
  'test/contract/**/*.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/e2e/**/*.test.ts',
];

const [first, ...rest] = process.argv.slice(2);
const only = first === 'unit' || first === 'integration' ? first : undefined;
const filters = only === undefined ? process.argv.slice(2) : rest;

const codes = [
  only === 'integration' ? 0 : runTests(pure, ['--test-isolation=none']),
  only === 'unit' ? 0 : runTests(outside, ['--test-concurrency=1', '--test-timeout=180000']),
];
process.exitCode = codes.find((code) => code !== 0) ?? 0;

function runTests(patterns: readonly string[], options: readonly string[]): number {
  const files = globSync(patterns)
    .filter((file) => filters.every((filter) => file.includes(filter)))
    .sort();
  if (files.length === 0) {
    if (filters.length > 0) return 0;
    console.error(`no test file matches ${patterns.join(' ')}`);
    return 1;
  }
  const before = ['--import', new URL('support/draw-the-same.ts', import.meta.url).href];
  const { status } = spawnSync(process.execPath, [...before, '--test', ...options, ...files], { stdio: 'inherit' });
  return status ?? 1;
}
