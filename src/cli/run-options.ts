// The flags that `run`, `observe` and the demo share.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VerdictName } from '../core/model/verdict.ts';
import { defaultFailOn } from '../report/default-fail-on.ts';
import { parseHttpUrl } from './http-url.ts';

export interface RunFlags {
  readonly out?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly record?: string;
  readonly only: readonly string[];
  readonly seed?: number;
  readonly set: readonly { readonly path: string; readonly value: string }[];
  readonly failOn: readonly VerdictName[];
  readonly quiet: boolean;
  readonly data: string;
  readonly otlpEndpoint?: string;
}

const verdictNames: readonly VerdictName[] = ['pass', 'warn', 'fail', 'inconclusive', 'error'];

/** Adds the flags to a command. */
export function withRunFlags(command: Command): Command {
  return command
    .option('--out <dir>', 'write report.html, report.json, junit.xml, report.md and metrics.txt there')
    .option('--json <file>', 'write the result document (report.json) to a file, - for standard output')
    .option('--junit <file>', 'write JUnit XML to a file')
    .option('--html <file>', 'write the single-file HTML report to a file')
    .option('--record <dir>', 'write what was observed there, for `faultline replay`')
    .option('--only <ids>', 'judge only these requirements (comma separated, repeatable)', collectIds, [])
    .option('--seed <n>', 'seed of arrivals and variables, for a repeatable run', parseSeed)
    .option(
      '--set <path=value>',
      'override a field of the document, e.g. spec.workload.target=... (repeatable)',
      collectSet,
      [],
    )
    .option('--fail-on <list>', 'verdicts that make the exit code non-zero', parseVerdicts, defaultFailOn)
    .option('-q, --quiet', 'print nothing but errors', false)
    .addOption(
      new Option('--data <dir>', 'folder of the run store (history, baselines)')
        .default('.faultline')
        .env('FAULTLINE_DATA'),
    )
    .addOption(
      new Option('--otlp-endpoint <url>', "send Faultline's own spans there (OTLP/HTTP)")
        .env('OTEL_EXPORTER_OTLP_ENDPOINT')
        .argParser(parseHttpUrl),
    );
}

function collectIds(text: string, before: readonly string[]): readonly string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  ];
}

function collectSet(text: string, before: RunFlags['set']): RunFlags['set'] {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('wanted path=value, e.g. spec.workload.phases.0.duration=10s');
  return [...before, { path: text.slice(0, at), value: text.slice(at + 1) }];
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('wanted a whole number >= 0');
  return seed;
}

function parseVerdicts(text: string): readonly VerdictName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !verdictNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`unknown verdict "${unknown}"; wanted some of ${verdictNames.join(', ')}`);
  }
  return names.flatMap((name) => verdictNames.filter((known) => known === name));
}
