// `faultline load URL`: a bare load run, like wrk or oha.
import { Command, InvalidArgumentError } from 'commander';
import { type BareLoadOptions, bareLoad } from '../../adapters/load/bare-load.ts';
import { bareLoadText } from '../../report/bare-load-text.ts';
import { progressLine } from '../../report/progress-line.ts';
import { parseDuration } from '../../spec/grammar/duration.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';

interface LoadFlags {
  readonly rate: BareLoadOptions['rate'];
  readonly connections: number;
  readonly duration: number;
  readonly arrivals: 'constant' | 'poisson';
  readonly method?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly threads?: number;
  readonly scheduler?: 'tick' | 'timer' | 'spin';
  readonly warmUp?: number;
  readonly json: boolean;
}

export function loadCommand({ console, finish }: Cli): Command {
  return new Command('load')
    .description('a bare load run against one URL: throughput and latency from the intended start')
    .argument('<url>', 'http:// or https:// URL')
    .option('--rate <rate>', 'requests a second such as 2000/s, or max for a closed loop', parseRate, 'max')
    .option('-c, --connections <n>', 'connections at the most', parseCount, 32)
    .option('-d, --duration <time>', 'how long, e.g. 10s', parseMillis, 10_000)
    .option('--arrivals <kind>', 'constant or poisson', parseArrivals, 'constant')
    .option('-X, --method <method>', 'HTTP method (default GET, POST with a body)')
    .option('-H, --header <name: value>', 'a request header (repeatable)', collectHeader, {})
    .option('--body <text>', 'request body')
    .option('--threads <n>', 'worker threads', parseCount)
    .option('--scheduler <kind>', 'tick, timer (precise) or spin (most precise, one core)', parseScheduler)
    .option('--warm-up <time>', 'uncounted ramp before a fixed rate', parseMillis)
    .option('--json', 'print the figures as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  faultline load http://127.0.0.1:8080/ --rate 2000/s --duration 30s
  faultline load http://127.0.0.1:8080/ --rate max --connections 64 --json`,
    )
    .action(async (url: string, flags: LoadFlags) => {
      const interrupt = interruptSignal(console);
      const { json, duration, header, warmUp, ...rest } = flags;
      const loaded = await bareLoad(
        { url, ...rest, durationMs: duration, headers: header, ...(warmUp === undefined ? {} : { warmUpMs: warmUp }) },
        {
          signal: interrupt.signal,
          onSnapshot: (snapshot) => console.live(progressLine(snapshot, console.errorStyle, console.width)),
        },
      );
      interrupt.release();
      console.live('');
      if (!loaded.ok) {
        console.error(`faultline: ${loaded.error.message}`);
        return finish(loaded.error.kind === 'invalid-plan' ? exitCode.invalid : exitCode.couldNotRun);
      }
      const report = loaded.value;
      console.out(json ? JSON.stringify(report, null, 2) : bareLoadText(report, console.style));
      if (report.interrupted) return finish(exitCode.interrupted);
      return finish(report.aborted === undefined ? exitCode.ok : exitCode.safetyAbort);
    });
}

function parseRate(text: string): BareLoadOptions['rate'] {
  if (text === 'max') return 'max';
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (!(rate > 0)) throw new InvalidArgumentError('wanted a rate such as 2000/s, or max');
  return rate;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('wanted a whole number >= 1');
  return count;
}

function parseMillis(text: string): number {
  const duration = parseDuration(text);
  if (!duration.ok) throw new InvalidArgumentError('wanted a duration such as 500ms, 10s or 2m');
  return duration.value;
}

function parseArrivals(text: string): 'constant' | 'poisson' {
  if (text !== 'constant' && text !== 'poisson') throw new InvalidArgumentError('wanted constant or poisson');
  return text;
}

function parseScheduler(text: string): 'tick' | 'timer' | 'spin' {
  if (text !== 'tick' && text !== 'timer' && text !== 'spin')
    throw new InvalidArgumentError('wanted tick, timer or spin');
  return text;
}

function collectHeader(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf(':');
  if (at <= 0) throw new InvalidArgumentError('wanted "name: value"');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}
