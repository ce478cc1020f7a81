// `faultline analyze`: attribution alone, on exported traces, without any document.
import { Command } from 'commander';
import { readMetricsFile } from '../../adapters/file/read-metrics-file.ts';
import { attributeTraces } from '../../core/trace/attribute-traces.ts';
import { saturationSeries } from '../../core/trace/metrics/saturation-series.ts';
import { attributionText } from '../../report/attribution-text.ts';
import { analysisJson } from '../../report/json.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { readTraces } from '../read-traces.ts';

interface AnalyzeFlags {
  readonly traces: readonly string[];
  readonly baseline?: readonly string[];
  readonly metrics?: string;
  readonly json: boolean;
}

export function analyzeCommand({ console, finish }: Cli): Command {
  return new Command('analyze')
    .description('say where the time went and by which mechanism, from exported traces')
    .requiredOption(
      '--traces <files...>',
      'traces to explain: OTLP-JSON (also by line), OTLP protobuf, Jaeger JSON; .gz, .zst',
    )
    .option('--baseline <files...>', 'traces of normal operation to compare with')
    .option('--metrics <file>', 'answer of a Prometheus range query, to corroborate')
    .option('--json', 'print findings as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  faultline analyze --traces incident.jsonl.gz --baseline normal.jsonl.gz
  faultline analyze --traces run/*.json --json

Without --baseline the slow and failed traces are compared with the others of the same files.`,
    )
    .action(async (flags: AnalyzeFlags) => {
      const traces = await readTraces(flags.traces, console);
      const baseline = flags.baseline === undefined ? undefined : await readTraces(flags.baseline, console);
      const metrics = flags.metrics === undefined ? undefined : await readMetricsFile(flags.metrics);
      if (metrics?.ok === false) console.error(`faultline: ${metrics.error.message}`);
      const lacksBaseline = flags.baseline !== undefined && baseline === undefined;
      if (traces === undefined || lacksBaseline || metrics?.ok === false) return finish(exitCode.invalid);
      const attribution = attributeTraces({
        traces,
        ...(baseline === undefined ? {} : { baseline }),
        saturation: metrics?.ok ? saturationSeries(metrics.value) : [],
      });
      console.out(
        flags.json
          ? JSON.stringify(analysisJson(attribution), null, 2)
          : attributionText(attribution, console.style, { width: console.width }),
      );
      return finish(exitCode.ok);
    });
}
