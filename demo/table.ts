// `npm run demo:table`: runs the demo for every fault, and the healthy shop several times, and writes what came out into docs/demo.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type DemoOutcome, demoPage } from './demo-page.ts';
import { type FaultName, faultNames } from './faults.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const { values: flags } = parseArgs({
  options: {
    /** How often the healthy shop is verified on top of its line in the table. */
    'repeat-none': { type: 'string', default: '10' },
    /** Folder for the outcomes; runs whose outcome is there are not made again. Absent: all are made. */
    data: { type: 'string' },
    /** At most so many runs now; without the rest the page is not written. */
    'at-most': { type: 'string', default: '1000' },
  },
});

interface PlannedRun {
  readonly name: string;
  readonly fault: FaultName;
}

const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'faultline-demo-table-'));
mkdirSync(folder, { recursive: true });
const planned: readonly PlannedRun[] = [
  ...faultNames.map((fault) => ({ name: fault, fault })),
  ...Array.from({ length: Number(flags['repeat-none']) }, (_, at) => ({
    name: `none-${at + 1}`,
    fault: 'none' as const,
  })),
];
const outcomeFile = ({ name }: PlannedRun): string => join(folder, `${name}.json`);

for (const run of planned.filter((each) => !existsSync(outcomeFile(each))).slice(0, Number(flags['at-most']))) {
  const outcome = await runDemo(run.fault);
  writeFileSync(outcomeFile(run), `${JSON.stringify(outcome, null, 2)}\n`);
  const { exitCode, seconds, failed, undecided, finding } = outcome;
  console.error(
    `${run.name}: exit ${exitCode} after ${seconds.toFixed(0)} s, failed ${failed.join(' ') || '-'}, undecided ${undecided.join(' ') || '-'}, ${finding ?? 'nothing blamed'}`,
  );
}
if (planned.every((each) => existsSync(outcomeFile(each)))) {
  const outcomes = planned.map((each) => JSON.parse(readFileSync(outcomeFile(each), 'utf8')) as DemoOutcome);
  writeFileSync(
    join(root, 'docs/demo.md'),
    demoPage(outcomes.slice(0, faultNames.length), outcomes.slice(faultNames.length)),
  );
}
if (flags.data === undefined) rmSync(folder, { recursive: true, force: true });

async function runDemo(fault: FaultName): Promise<DemoOutcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'faultline-demo-'));
  try {
    const started = performance.now();
    const args = ['--fault', fault, '--out', scratch, '--data', join(scratch, 'data'), '--quiet'];
    const child = spawn(process.execPath, [join(root, 'demo/demo.ts'), ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exitCode = await new Promise<number>((resolve) => {
      child.on('exit', (code) => resolve(code ?? -1));
    });
    const seconds = (performance.now() - started) / 1000;
    return { fault, exitCode, seconds, ...readReport(join(scratch, 'report.json')) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Report {
  readonly verdict: string;
  readonly requirements: readonly { readonly id: string; readonly verdict: string; readonly reason?: string }[];
  readonly attribution: {
    readonly findings: readonly {
      readonly mechanism: string;
      readonly service: string;
      readonly operation: string;
      readonly confidence: string;
    }[];
  };
}

function readReport(path: string): Pick<DemoOutcome, 'verdict' | 'failed' | 'undecided' | 'finding'> {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  const [first] = report.attribution.findings;
  const place = first?.operation === '' ? '' : ` (${first?.operation})`;
  return {
    verdict: report.verdict,
    failed: report.requirements.filter((each) => each.verdict === 'fail').map((each) => each.id),
    undecided: report.requirements
      .filter((each) => each.verdict === 'inconclusive' || each.verdict === 'error')
      .map((each) => `${each.id} (${each.reason ?? each.verdict})`),
    ...(first === undefined
      ? {}
      : { finding: `${first.mechanism} at ${first.service}${place}, ${first.confidence} confidence` }),
  };
}
