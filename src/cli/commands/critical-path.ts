// `faultline critical-path`: which spans a trace's duration consists of.
import { Command } from 'commander';
import { readTraceFiles } from '../../adapters/file/read-trace-files.ts';
import { criticalPathReport } from '../../core/trace/critical-path-report.ts';
import { criticalPathText } from '../../report/critical-path-text.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';

export function criticalPathCommand({ console, finish }: Cli): Command {
  return new Command('critical-path')
    .description('print the critical path of each trace in a file')
    .argument('<file>', 'OTLP-JSON (also by line), OTLP protobuf or Jaeger JSON; .gz, .zst')
    .option('--json', 'print sections as JSON', false)
    .addHelpText('after', '\nExample:\n  faultline critical-path trace.json --json')
    .action(async (file: string, flags: { readonly json: boolean }) => {
      const traces = await readTraceFiles([file]);
      if (!traces.ok) {
        console.error(`faultline: ${traces.error.message}`);
        return finish(exitCode.invalid);
      }
      const report = criticalPathReport(traces.value);
      console.out(
        flags.json
          ? JSON.stringify(report, null, 2)
          : criticalPathText(report, console.style, { width: console.width }),
      );
      return finish(exitCode.ok);
    });
}
