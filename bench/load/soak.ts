// Resident memory of a long run at 2,000/s: flat after its first minutes, or growing?
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultline } from './generators.ts';
import { median, round, type Table } from './tables.ts';
import { atMost, type Target } from './targets.ts';

const RATE = 2000;
/** Issue 6: flat within 5 % after the first 5 minutes of an hour; a shorter run settles in its first twelfth, too. */
const SETTLES_MS = 300_000;
const MOST_GROWTH = 0.05;

export interface Soak {
  readonly seconds: number;
  /** Resident memory of the generator's process in MiB, second after second. */
  readonly samples: readonly number[];
}

/** Runs the engine for so long and looks at its memory every second; rejects when it ends before its time. */
export async function soak(url: string, seconds: number): Promise<Soak> {
  const { args, env } = faultline().command({ url, connections: 64, seconds, rate: RATE });
  const [program = '', ...rest] = args;
  const child = spawn(program, rest, { stdio: 'ignore', env: { ...process.env, ...env } });
  const gone = new Promise<void>((left) => child.once('close', () => left()));
  const samples: number[] = [];
  const began = performance.now();
  // The warm-up takes the first second; the last is left out, because at the end everything is added up.
  while (child.exitCode === null && performance.now() - began < (seconds - 1) * 1000) {
    await sleep(1000);
    samples.push(residentMiB(child.pid ?? 0));
  }
  await gone;
  if (child.exitCode !== 0)
    throw new Error(`the soaked process ended with ${child.exitCode} after ${samples.length} s`);
  return { seconds, samples };
}

function residentMiB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Medians of windows of a sixtieth of the run each (a minute of an hour): memory goes up and down with every garbage collection. */
export function soakWindows({ seconds, samples }: Soak): {
  readonly settled: number;
  readonly later: readonly number[];
} {
  const width = Math.max(1, Math.floor(seconds / 60));
  const windows = Array.from({ length: Math.floor(samples.length / width) }, (_, at) =>
    median(samples.slice(at * width, (at + 1) * width)),
  );
  const first = Math.ceil(Math.min(SETTLES_MS / 1000, seconds / 12) / width);
  return { settled: windows[first] ?? Number.NaN, later: windows.slice(first + 1) };
}

export function soakTable(measured: Soak): Table {
  const { settled, later } = soakWindows(measured);
  const [least, most, last] = [Math.min(...later), Math.max(...later), later.at(-1) ?? Number.NaN];
  const growth = (value: number): string => `${round((value / settled - 1) * 100, 1)}%`;
  const minute = measured.seconds >= 3600 ? 'minute' : `${Math.max(1, Math.floor(measured.seconds / 60))} s`;
  return {
    title: `Soak: ${measured.seconds.toLocaleString('en')} s at ${RATE.toLocaleString('en')}/s`,
    head: ['resident memory of the process', 'MiB', 'against settled'],
    rows: [
      [
        `settled (median of the ${minute} after the first ${measured.seconds >= 3600 ? '5 minutes' : 'twelfth'})`,
        round(settled, 1),
        '',
      ],
      [`least of any later ${minute}`, round(least, 1), growth(least)],
      [`most of any later ${minute}`, round(most, 1), growth(most)],
      [`last ${minute}`, round(last, 1), growth(last)],
    ],
  };
}

export function soakTargets(measured: Soak): readonly Target[] {
  const { settled, later } = soakWindows(measured);
  return [
    atMost({
      what: `growth of memory in ${measured.seconds.toLocaleString('en')} s at ${RATE.toLocaleString('en')}/s`,
      value: (Math.max(...later) / settled - 1) * 100,
      limit: MOST_GROWTH * 100,
      unit: '%',
      digits: 1,
    }),
  ];
}
