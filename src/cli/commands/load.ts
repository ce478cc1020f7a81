// `faultline load URL`: a bare load run, like wrk or oha.
import { Command, Option } from 'commander';
import { type BareLoadOptions, bareLoad } from '../../adapters/load/bare-load.ts';
import type { LoadSnapshot } from '../../core/model/load.ts';
import { millis } from '../../core/model/units.ts';
import { bareLoadText } from '../../report/bare-load-text.ts';
import { progressLine } from '../../report/progress-line.ts';
import type { Cli } from '../cli.ts';
import type { Console } from '../console.ts';
import { exitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import {
  collectHeader,
  parseCount,
  parseMethod,
  parseMillis,
  parseMillisOrNone,
  parseRate,
  parseUrl,
} from '../load-flags.ts';

interface LoadFlags {
  readonly rate: BareLoadOptions['rate'];
  readonly connections: number;
  readonly duration?: number;
  readonly requests?: number;
  readonly arrivals: 'constant' | 'poisson';
  readonly method?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly timeout: number;
  readonly insecure: boolean;
  readonly cacert?: string;
  readonly http2: boolean;
  readonly proxy?: string;
  readonly unixSocket?: string;
  readonly threads?: number;
  readonly scheduler?: 'tick' | 'timer' | 'spin';
  readonly warmUp?: number;
  readonly maxInFlight?: number;
  readonly seed?: number;
  readonly json: boolean;
}

const DURATION_MS = 10_000;
/** A run that ends after so many requests must end some time even if no reply ever comes. */
const LONGEST_MS = 3_600_000;

const EXAMPLES = `
Latency runs from the intended start: a server that stands still cannot hide it. With --rate the schedule never waits for replies;
without, each connection sends its next request when the last is answered.

Examples:
  faultline load http://127.0.0.1:8080/ --rate 2000/s --duration 30s
  faultline load http://127.0.0.1:8080/ -c 64 -z 10s --json
  faultline load http://127.0.0.1:8080/cart -n 1000 -c 8 --body '{"sku":"A-1"}' -H 'content-type: application/json'
  faultline load https://localhost:8443/ --http2 --insecure -q 500

Exit codes: 0 the run is over, whatever the replies were; 2 wrong arguments; 4 the target cannot be reached, or no connection could be made; 5 stopped by a safety limit
(more than half of the requests failed, or p99 was above 30 s, for 10 s); 130 interrupted, with the figures so far.`;

export function loadCommand({ console, finish }: Cli): Command {
  return new Command('load')
    .description('a bare load run against one URL: throughput and latency from the intended start')
    .argument('<url>', 'http:// or https:// URL', parseUrl)
    .addOption(
      new Option('-q, --rate <rate>', 'requests a second such as 2000/s, or max: as fast as the replies come')
        .argParser(parseRate)
        .default('max'),
    )
    .option('-c, --connections <n>', 'connections at the most', parseCount, 32)
    .option('-d, --duration <time>', 'how long, e.g. 30s (default: 10s, with -n until all are answered)', parseMillis)
    .addOption(new Option('-z <time>', 'the same as --duration').argParser(parseMillis).hideHelp())
    .option('-n, --requests <n>', 'end after so many requests', parseCount)
    .addOption(
      new Option('--arrivals <kind>', 'even spacing, or a Poisson process from the seed')
        .choices(['constant', 'poisson'])
        .default('constant'),
    )
    .option('-X, --method <method>', 'HTTP method (default: GET, POST with a body)', parseMethod)
    .addOption(
      new Option('-H, --header <name: value>', 'a request header (repeatable)')
        .argParser(collectHeader)
        .default({}, 'none'),
    )
    .addOption(new Option('-b, --body <text>', 'request body').conflicts('bodyFile'))
    .option('--body-file <path>', 'request body from a file')
    .addOption(new Option('-t, --timeout <time>', 'for each reply').argParser(parseMillis).default(30_000, '30s'))
    .option('-k, --insecure', 'accept any TLS certificate', false)
    .option('--cacert <path>', "trust these PEM certificates instead of the system's")
    .option('--http2', 'HTTP/2: by ALPN over TLS, with prior knowledge without', false)
    .option('-x, --proxy <url>', 'through an HTTP proxy; a user name and password in the URL are sent to it', parseUrl)
    .addOption(
      new Option('--unix-socket <path>', "connect to this socket instead of the URL's host").conflicts('proxy'),
    )
    .option('--threads <n>', 'worker threads (default: by the rate and the connections)', parseCount)
    .addOption(
      new Option(
        '--scheduler <kind>',
        'how arrivals are timed: tick (1 ms, least CPU), timer (0.2 ms), spin (a whole core) (default: "tick")',
      ).choices(['tick', 'timer', 'spin']),
    )
    .option('--warm-up <time>', 'uncounted ramp before a fixed rate, 0s for none (default: 1s)', parseMillisOrNone)
    .option('--max-in-flight <n>', 'under way or waiting at the most; more are dropped (default: 200000)', parseCount)
    .option('--seed <n>', 'of everything random (default: 1)', parseCount)
    .option('--json', 'print the figures as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, flags: LoadFlags & { readonly z?: number }, command: Command) => {
      const options = await optionsOf(url, { ...flags, ...durationOf(flags) }, command);
      const interrupt = interruptSignal(console, 'stopping; the figures so far follow');
      const loaded = await bareLoad(options, { signal: interrupt.signal, onSnapshot: showProgress(console, options) });
      interrupt.release();
      console.live('');
      if (!loaded.ok) {
        console.error(`faultline: ${loaded.error.message}`);
        return finish(loaded.error.kind === 'invalid-plan' ? exitCode.invalid : exitCode.couldNotRun);
      }
      const report = loaded.value;
      console.out(flags.json ? JSON.stringify(report, null, 2) : bareLoadText(report, console.style));
      if (report.interrupted) return finish(exitCode.interrupted);
      if (report.connectionsOpened === 0 && report.requests > 0) return finish(exitCode.couldNotRun);
      return finish(report.aborted === undefined ? exitCode.ok : exitCode.safetyAbort);
    });
}

/** `-z` is `--duration` under the name that hey and oha use. */
function durationOf({ z, duration }: LoadFlags & { readonly z?: number }): { readonly duration?: number } {
  const given = duration ?? z;
  return given === undefined ? {} : { duration: given };
}

function optionsOf(url: string, flags: LoadFlags, command: Command): BareLoadOptions {
  const { rate, duration, requests, timeout, header, warmUp, seed, maxInFlight, threads, scheduler } = flags;
  if (requests !== undefined && flags.arrivals === 'poisson')
    command.error(
      "error: how many requests a Poisson process sends is not known ahead: use --duration instead of '-n'",
    );
  return {
    url,
    rate,
    connections: requests === undefined || rate !== 'max' ? flags.connections : Math.min(flags.connections, requests),
    durationMs: duration ?? longestOf(rate, requests),
    arrivals: flags.arrivals,
    timeoutMs: timeout,
    headers: header,
    ...(requests === undefined ? {} : { requests }),
    ...(flags.method === undefined ? {} : { method: flags.method }),
    ...(flags.body === undefined ? {} : { body: flags.body }),
    ...(flags.bodyFile === undefined ? {} : { bodyFile: flags.bodyFile }),
    ...(warmUp === undefined ? {} : { warmUpMs: warmUp }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxInFlight === undefined ? {} : { maxInFlight }),
    ...(threads === undefined ? {} : { threads }),
    ...(scheduler === undefined ? {} : { scheduler }),
    transport: {
      ...(flags.http2 ? { httpVersion: '2' } : {}),
      ...(flags.insecure ? { verifyCertificate: false } : {}),
      ...(flags.proxy === undefined ? {} : { proxy: flags.proxy }),
      ...(flags.unixSocket === undefined ? {} : { unixSocket: flags.unixSocket }),
      ...(flags.cacert === undefined ? {} : { caFile: flags.cacert }),
    },
  };
}

/** As long as so many requests take; in a closed loop nobody knows how long that is. */
function longestOf(rate: LoadFlags['rate'], requests: number | undefined): number {
  if (requests === undefined) return DURATION_MS;
  return rate === 'max' ? LONGEST_MS : (requests / rate) * 1000;
}

function showProgress(console: Console, { rate, requests }: BareLoadOptions): (snapshot: LoadSnapshot) => void {
  return (snapshot) => {
    // A closed loop of so many requests ends when they are answered, not when its time is over.
    const share = requests === undefined || rate !== 'max' ? undefined : snapshot.requests / requests;
    const endsMs = share === undefined || share === 0 ? snapshot.endsMs : millis(snapshot.atMs / share);
    console.live(progressLine({ ...snapshot, endsMs }, console.errorStyle, console.width));
  };
}
