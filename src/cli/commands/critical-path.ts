// `faultline critical-path`: which spans a trace's duration consists of.
import { Command } from 'commander';
import { criticalPathReport } from '../../core/trace/views/critical-path-report.ts';
import { criticalPathText } from '../../report/critical-path-text.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { readTraces } from '../read-traces.ts';

export function criticalPathCommand({ console, finish }: Cli): Command {
  return new Command('critical-path')
    .description('print the critical path of each trace in a file')
    .argument('<file>', 'OTLP-JSON (also by line), OTLP protobuf or Jaeger JSON; .gz, .zst')
    .option('--json', 'print sections as JSON', false)
    .addHelpText('after', '\nExample:\n  faultline critical-path trace.json --json')
    .action(async (file: string, flags: { readonly json: boolean }) => {
      const traces = await readTraces([file], console);
      if (traces === undefined) return finish(exitCode.invalid);
      const report = criticalPathReport(traces);
      console.out(
        flags.json
          ? JSON.stringify(report, null, 2)
          : criticalPathText(report, console.style, { width: console.width }),
      );
      return finish(exitCode.ok);
    });
}
