// The command line: which commands there are, and what happens when one is typed wrong.
import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { checkCommand } from './commands/check.ts';
import { criticalPathCommand } from './commands/critical-path.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { fmtCommand } from './commands/fmt.ts';
import { loadCommand } from './commands/load.ts';
import { observeCommand } from './commands/observe.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs.ts';
import { serveCommand } from './commands/serve.ts';
import { type Console, systemConsole } from './console.ts';
import { exitCode } from './exit-codes.ts';
import { version } from './version.ts';

/** Runs one command line and returns its exit code. Never throws: a bug is reported with its stack and code 4. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.ok;
  const cli: Cli = {
    console: systemConsole(),
    finish: (value) => {
      code = value;
    },
  };
  const program = new Command('faultline')
    .description(
      'Performance requirements in YAML, judged on correlated load, traces and metrics: which broke, and where.',
    )
    .version(version(), '-V, --version')
    .showHelpAfterError('(run with --help for the options)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  faultline check slos/                         validate documents
  faultline run slos/checkout.yaml --out out    drive load, judge, write reports
  faultline load http://127.0.0.1:8080/ --rate 2000/s --duration 10s
  faultline analyze --traces slow.jsonl --baseline normal.jsonl
  faultline serve --slos slos/ --port 8700      verify continuously

Exit codes: 0 pass or warn, 1 a requirement failed, 2 usage or invalid document, 3 inconclusive,
            4 could not run, 5 stopped by a safety limit, 130 interrupted`,
    );
  for (const make of [
    runCommand,
    checkCommand,
    observeCommand,
    analyzeCommand,
    criticalPathCommand,
    loadCommand,
    serveCommand,
    runsCommand,
    explainCommand,
    exportCommand,
    fmtCommand,
    replayCommand,
  ]) {
    const command = make(cli).exitOverride().showHelpAfterError('(run with --help for the options)');
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv]);
  } catch (cause) {
    return cause instanceof CommanderError ? usageCode(cause) : reportBug(cause, cli.console);
  }
  return code;
}

/** Help and version were asked for; anything else was typed wrong. */
function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? exitCode.ok : exitCode.invalid;
}

function reportBug(cause: unknown, console: Console): number {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  console.error(`faultline: this is a bug in faultline, please report it with the lines below\n${text}`);
  return exitCode.couldNotRun;
}
