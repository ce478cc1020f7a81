// docs/demo.md: what the demo said of every fault, from real runs.
import { FAULTS, type FaultName } from './faults.ts';

/** What one run of the demo came to. */
export interface DemoOutcome {
  readonly fault: FaultName;
  readonly exitCode: number;
  readonly seconds: number;
  readonly verdict: string;
  /** Ids of the failed requirements. */
  readonly failed: readonly string[];
  /** Ids of those that could not be decided, each with the reason. */
  readonly undecided: readonly string[];
  /** The first finding in words; absent when nothing is blamed. */
  readonly finding?: string;
}

/** `healthy`: further runs without a fault. */
export function demoPage(faults: readonly DemoOutcome[], healthy: readonly DemoOutcome[]): string {
  return `# The demo shop's faults and what Faultline says of them

Written by \`npm run demo:table\`: each line is one real run of \`npm run demo -- --fault FAULT\` on the machine that wrote this page; the time includes
starting the shop. Which requirement has which id stands in [slos/checkout.yaml](../slos/checkout.yaml). How the same faults are explained at other loads
and on poorer telemetry is in [accuracy.md](accuracy.md).

| fault | what happens | verdict | failed requirements | first finding | took |
| --- | --- | --- | --- | --- | --- |
${faults.map(row).join('\n')}
${healthy.length === 0 ? '' : healthyRuns(healthy)}`;
}

function row({ fault, verdict, exitCode, failed, finding, seconds }: DemoOutcome): string {
  const cells = [
    `\`${fault}\``,
    FAULTS[fault],
    `${verdict} (exit ${exitCode})`,
    failed.join(', ') || '-',
    finding ?? 'nothing blamed',
    `${seconds.toFixed(0)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function healthyRuns(runs: readonly DemoOutcome[]): string {
  const count = (test: (run: DemoOutcome) => boolean): number => runs.filter(test).length;
  const undecided = runs.filter(({ exitCode }) => exitCode === 3).map((run) => run.undecided.join(', '));
  return `
The healthy shop was verified ${runs.length} more times in a row: ${count(({ exitCode }) => exitCode === 0)} runs ended with exit 0, ${count(({ failed }) => failed.length > 0)} with a failed requirement; ${count(({ finding }) => finding !== undefined)} blamed anything.
${undecided.length === 0 ? '' : `Undecided (exit 3): ${undecided.join('; ')}.\n`}`;
}
