// Runs a requirement document by the real command, again when the machine was too busy to generate the load on time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultDocument } from '../../src/report/result-document.ts';
import { type CliResult, runCli } from './run-cli.ts';

export interface DocumentRun extends CliResult {
  readonly report: ResultDocument;
  readonly markdown: string;
  readonly verdictOf: (id: string) => string | undefined;
}

const attempts = 2;

/** The last attempt counts, whatever its generator's health. */
export async function runDocument(yaml: string): Promise<DocumentRun> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-document-'));
  try {
    for (let attempt = 1; ; attempt += 1) {
      const run = await runOnce(yaml, folder);
      if (run.report.generator?.healthy !== false || attempt === attempts) return run;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOnce(yaml: string, folder: string): Promise<DocumentRun> {
  const path = join(folder, 'document.yaml');
  writeFileSync(path, yaml);
  const result = await runCli(['run', path, '--out', folder, '--data', join(folder, 'data')], { timeoutMs: 90_000 });
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (cause) {
      throw new Error(`the run wrote no ${name}: ${result.stdout}${result.stderr}`, { cause });
    }
  };
  const report = JSON.parse(read('report.json')) as ResultDocument;
  const verdictOf = (id: string) => report.requirements.find((each) => each.id === id)?.verdict;
  return { ...result, report, markdown: read('report.md'), verdictOf };
}
