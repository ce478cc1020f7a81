// `npm run demo:table`: runs the demo once for every fault and writes what came out into docs/demo.md. Nothing there is typed by hand.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FAULTS, type FaultName, faultNames } from './faults.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Row {
  readonly fault: FaultName;
  readonly exitCode: number;
  readonly seconds: number;
  readonly verdict: string;
  readonly failed: readonly string[];
  readonly finding: string;
}

const rows: Row[] = [];
for (const fault of faultNames) {
  const row = await runDemo(fault);
  rows.push(row);
  console.error(
    `${fault}: exit ${row.exitCode} after ${row.seconds.toFixed(0)} s, failed ${row.failed.join(' ') || '-'}, ${row.finding}`,
  );
}
writeFileSync(join(root, 'docs/demo.md'), page(rows));

async function runDemo(fault: FaultName): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-demo-'));
  try {
    const started = performance.now();
    const flags = ['--fault', fault, '--out', folder, '--data', join(folder, 'data'), '--quiet'];
    const child = spawn(process.execPath, [join(root, 'demo/demo.ts'), ...flags], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exitCode = await new Promise<number>((resolve) => {
      child.on('exit', (code) => resolve(code ?? -1));
    });
    return {
      fault,
      exitCode,
      seconds: (performance.now() - started) / 1000,
      ...readReport(join(folder, 'report.json')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly verdict: string;
  readonly requirements: readonly { readonly id: string; readonly verdict: string }[];
  readonly attribution: {
    readonly findings: readonly {
      readonly mechanism: string;
      readonly service: string;
      readonly operation: string;
      readonly confidence: string;
    }[];
    readonly notAttributable?: string;
  };
}

function readReport(path: string): Pick<Row, 'verdict' | 'failed' | 'finding'> {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  const [first] = report.attribution.findings;
  return {
    verdict: report.verdict,
    failed: report.requirements.filter((each) => each.verdict === 'fail').map((each) => each.id),
    finding:
      first === undefined ? '-' : `${first.mechanism} at ${first.service} (${first.operation}), ${first.confidence}`,
  };
}

function page(rows: readonly Row[]): string {
  const table = rows.map(
    ({ fault, verdict, exitCode, failed, finding, seconds }) =>
      `| \`${fault}\` | ${FAULTS[fault]} | ${verdict} (exit ${exitCode}) | ${failed.join(', ') || '-'} | ${finding} | ${seconds.toFixed(0)} s |`,
  );
  return `# The demo shop's faults and what Faultline says of them

Written by \`npm run demo:table\`: each line is one real run of \`npm run demo -- --fault FAULT\` on the machine that wrote this page, start-up included.

| fault | what happens | verdict | failed requirements | first finding | took |
| --- | --- | --- | --- | --- | --- |
${table.join('\n')}
`;
}
