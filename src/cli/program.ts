// The command line: which commands there are, and what happens when one is typed wrong.
import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { type Console, systemConsole } from './console.ts';
import { exitCode } from './exit-codes.ts';
import { version } from './version.ts';

/** A command's module is loaded when it is called, all of them for the help: no command needs most of the program. */
const commands: Readonly<Record<string, () => Promise<(cli: Cli) => Command>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  observe: async () => (await import('./commands/observe.ts')).observeCommand,
  analyze: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  blame: async () => (await import('./commands/blame.ts')).blameCommand,
  'critical-path': async () => (await import('./commands/critical-path.ts')).criticalPathCommand,
  load: async () => (await import('./commands/load.ts')).loadCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  runs: async () => (await import('./commands/runs.ts')).runsCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  fmt: async () => (await import('./commands/fmt.ts')).fmtCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
};

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
  for (const load of wantedCommands(argv)) {
    const make = await load();
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

/** The command that is named; all where none of ours is. */
function wantedCommands(argv: readonly string[]): readonly (() => Promise<(cli: Cli) => Command>)[] {
  const name = argv.slice(2).find((argument) => !argument.startsWith('-'));
  const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  return load === undefined ? Object.values(commands) : [load];
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
