// `faultline blame`: which node of a call graph broke a requirement, from metrics alone.
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { readMetricsFile } from '../../adapters/file/read-metrics-file.ts';
import { blameByMetrics } from '../../core/trace/metrics/metrics-only.ts';
import { metricsOnlyInput } from '../../core/trace/metrics/metrics-only-input.ts';
import { metricsBlameText } from '../../report/metrics-blame-text.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';

interface BlameFlags {
  readonly calls: string;
  readonly metrics: string;
  readonly normal: string;
  readonly target: string;
  readonly json: boolean;
}

const callGraph = z.record(z.string(), z.array(z.string()));

export function blameCommand({ console, finish }: Cli): Command {
  return new Command('blame')
    .description('say which node of a call graph broke a requirement, from metrics alone: for systems with few traces')
    .requiredOption('--calls <file>', 'the call graph as JSON: { "gateway": ["checkout"], "checkout": ["payments"] }')
    .requiredOption(
      '--metrics <file>',
      'answer of a Prometheus range query while the requirement was broken, a series a node',
    )
    .requiredOption('--normal <file>', 'the same query over healthy times')
    .requiredOption('--target <node>', 'the node whose requirement broke')
    .option('--json', 'print the nodes as JSON', false)
    .addHelpText(
      'after',
      `
The measure is a mean latency or a share of failed calls; a series belongs to the node that its label service, service_name, node or job names. Series
named requests or calls, where there are some, count the calls of each node.

Example:
  faultline blame --calls calls.json --metrics incident.json --normal yesterday.json --target gateway`,
    )
    .action(async (flags: BlameFlags) => {
      const [graph, broken, normal] = await Promise.all([
        readGraph(flags.calls),
        readMetricsFile(flags.metrics),
        readMetricsFile(flags.normal),
      ]);
      const refuse = (message: string): void => {
        console.error(`faultline: ${message}`);
        finish(exitCode.invalid);
      };
      if (typeof graph === 'string') return refuse(graph);
      if (!broken.ok) return refuse(broken.error.message);
      if (!normal.ok) return refuse(normal.error.message);
      const input = metricsOnlyInput({ graph, target: flags.target, broken: broken.value, normal: normal.value });
      if (!input.ok) return refuse(input.error);
      const nodes = blameByMetrics(input.value);
      console.out(
        flags.json
          ? JSON.stringify({ target: flags.target, nodes }, null, 2)
          : metricsBlameText(nodes, console.style, { width: console.width }),
      );
      return finish(exitCode.ok);
    });
}

/** The graph, or what is wrong with the file. */
async function readGraph(path: string): Promise<Readonly<Record<string, readonly string[]>> | string> {
  try {
    const parsed = callGraph.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : `${path}: wanted an object of callers with lists of callees`;
  } catch (cause) {
    return `${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
