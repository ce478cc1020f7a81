// The load generators beside each other: how each is called, and where it is found.
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { BareLoadOptions } from '../../src/adapters/load/bare-load.ts';
import { findPeer, peersFolder } from '../../test/support/peers/find-peer.ts';
import { artilleryCommand } from './artillery-command.ts';
import { gatlingCommand } from './gatling-command.ts';
import type { Generator, LoadOrder } from './generator.ts';

const DRIVE = new URL('./drive-bare.ts', import.meta.url).pathname;

/** The engine itself, all its measuring on: fresh trace context and baggage, histograms, selection among sampled requests. */
export function faultline(name = 'faultline', options: Partial<BareLoadOptions> = {}): Generator {
  return {
    name,
    absent: undefined,
    hasRate: true,
    startsSlowly: undefined,
    pins: true,
    command: ({ url, connections, seconds, rate }) => ({
      args: [
        process.execPath,
        DRIVE,
        JSON.stringify({
          url,
          connections,
          durationMs: seconds * 1000,
          rate: rate ?? 'max',
          maxSampledPerSecond: 1_000_000,
          ...(url.startsWith('https') ? { transport: { verifyCertificate: false } } : {}),
          ...options,
        }),
      ],
      // As in the built package: compiled once, not at each start.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'faultline-bench-cache') },
    }),
    latencies(stdout) {
      const { latencyMs } = JSON.parse(stdout) as { latencyMs: Record<string, number> };
      return [latencyMs['p50'], latencyMs['p95'], latencyMs['p99'], latencyMs['max']];
    },
  };
}

/** All of them; those that are not installed say so. */
export function generators(): readonly Generator[] {
  const autocannon = join(peersFolder(), 'autocannon', 'node_modules', 'autocannon', 'autocannon.js');
  const artillery = join(peersFolder(), 'artillery', 'node_modules', '.bin', 'artillery');
  const jars = join(peersFolder(), 'gatling');
  return [
    faultline(),
    peer('wrk', { command: ({ url, connections, seconds }) => [`-t1`, `-c${connections}`, `-d${seconds}s`, url] }),
    peer('h2load', {
      command: ({ url, connections, seconds, rate }) => [
        '--h1',
        '-t1',
        `-c${connections}`,
        `-D${seconds}`,
        ...(rate === undefined ? [] : [`--rps=${rate / connections}`]),
        url,
      ],
      hasRate: true,
    }),
    peer('oha', {
      command: ({ url, connections, seconds, rate }) => [
        '--no-tui',
        '--insecure',
        '--output-format=json',
        `-c${connections}`,
        `-z${seconds}s`,
        ...(rate === undefined ? [] : [`-q${rate}`]),
        url,
      ],
      hasRate: true,
      latencies(stdout) {
        const { latencyPercentiles: at, summary } = JSON.parse(stdout);
        return [at.p50, at.p95, at.p99, summary.slowest].map((seconds: number) => seconds * 1000);
      },
    }),
    peer('hey', {
      command: ({ url, connections, seconds, rate }) => [
        '-cpus=1',
        `-c=${connections}`,
        `-z=${seconds}s`,
        ...(rate === undefined ? [] : [`-q=${rate / connections}`]),
        url,
      ],
      hasRate: true,
      latencies: (stdout) =>
        ['50%', '95%', '99%']
          .map((at) => secondsAfter(stdout, `${at} in `))
          .concat(secondsAfter(stdout, 'Slowest:\\s+')),
    }),
    {
      ...peer('vegeta', { command: () => [], hasRate: true }),
      command: ({ url, connections, seconds, rate }) => ({
        args: [
          'sh',
          '-c',
          `vegeta=$0; "$vegeta" attack -insecure -rate=${rate ?? 0} -max-workers=${rate === undefined ? connections : 2000} -connections=${connections} -duration=${seconds}s | "$vegeta" report -type=json`,
          findPeer('vegeta') ?? 'vegeta',
        ],
        stdin: `GET ${url}\n`,
      }),
      latencies(stdout) {
        const { latencies } = JSON.parse(stdout);
        return [latencies['50th'], latencies['95th'], latencies['99th'], latencies.max].map(
          (nanos: number) => nanos / 1e6,
        );
      },
    },
    {
      name: 'autocannon',
      absent: existsSync(autocannon) ? undefined : 'npm run peers -- autocannon',
      hasRate: true,
      startsSlowly: undefined,
      pins: true,
      command: ({ url, connections, seconds, rate }) => ({
        args: [
          process.execPath,
          autocannon,
          '--json',
          `-c${connections}`,
          `-d${seconds}`,
          ...(rate === undefined ? [] : [`-R${rate}`]),
          url,
        ],
        env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
      }),
      latencies(stdout) {
        const { latency } = JSON.parse(stdout);
        // It has no p95; the next above is p97.5.
        return [latency.p50, undefined, latency.p99, latency.max];
      },
    },
    {
      name: 'Gatling',
      absent:
        !existsSync(jars) || findPeer('java') === undefined || findPeer('javac') === undefined
          ? 'npm run peers -- gatling (needs Java)'
          : undefined,
      hasRate: false,
      startsSlowly: 14,
      pins: false,
      command: (order) =>
        gatlingCommand(
          order,
          readdirSync(jars).map((jar) => join(jars, jar)),
        ),
    },
    {
      name: 'Artillery',
      absent: existsSync(artillery) ? undefined : 'npm run peers -- artillery',
      hasRate: false,
      startsSlowly: 8,
      pins: true,
      command: (order) => artilleryCommand(order, artillery),
    },
  ];
}

interface PeerFields {
  readonly command: (order: LoadOrder) => readonly string[];
  readonly hasRate?: boolean;
  readonly latencies?: Generator['latencies'];
}

function peer(name: string, { command, hasRate = false, latencies }: PeerFields): Generator {
  const program = findPeer(name);
  return {
    name,
    absent: program === undefined ? `npm run peers -- ${name}` : undefined,
    hasRate,
    startsSlowly: undefined,
    pins: true,
    command: (order) => ({ args: [program ?? name, ...command(order)] }),
    ...(latencies === undefined ? {} : { latencies }),
  };
}

function secondsAfter(text: string, label: string): number | undefined {
  const found = new RegExp(`${label}([\\d.]+) secs`).exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1000;
}
