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
  /** Memory of the generator's process, second after second. */
  readonly samples: readonly Memory[];
}

/** In MiB, as in proc(5): all that is resident, and what of it no file backs. The kernel takes the pages of a program's files away and brings them back as it likes; the rest only the process gives back (there is no swap on most machines that generate load). */
export interface Memory {
  readonly resident: number;
  readonly anonymous: number;
}

/** Runs the engine for so long and looks at its memory every second; rejects when it ends before its time. */
export async function soak(url: string, seconds: number): Promise<Soak> {
  const { args, env } = faultline().command({ url, connections: 64, seconds, rate: RATE });
  const [program = '', ...rest] = args;
  const child = spawn(program, rest, { stdio: 'ignore', env: { ...process.env, ...env } });
  const gone = new Promise<void>((left) => child.once('close', () => left()));
  const samples: Memory[] = [];
  const began = performance.now();
  // The warm-up takes the first second; the last is left out, because at the end everything is added up.
  while (child.exitCode === null && performance.now() - began < (seconds - 1) * 1000) {
    await sleep(1000);
    samples.push(memoryOf(child.pid ?? 0));
  }
  await gone;
  if (child.exitCode !== 0)
    throw new Error(`the soaked process ended with ${child.exitCode} after ${samples.length} s`);
  return { seconds, samples };
}

function memoryOf(pid: number): Memory {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mib = (field: RegExp): number => Number(field.exec(status)?.[1]) / 1024;
    return { resident: mib(/VmRSS:\s+(\d+)/), anonymous: mib(/RssAnon:\s+(\d+)/) };
  } catch {
    return { resident: Number.NaN, anonymous: Number.NaN };
  }
}

interface Windows {
  readonly settled: number;
  readonly later: readonly number[];
}

/** Medians of windows of a sixtieth of the run each (a minute of an hour): memory goes up and down with every garbage collection. */
export function soakWindows({ seconds, samples }: Soak, kind: keyof Memory): Windows {
  const width = Math.max(1, Math.floor(seconds / 60));
  const windows = Array.from({ length: Math.floor(samples.length / width) }, (_, at) =>
    median(samples.slice(at * width, (at + 1) * width).map((memory) => memory[kind])),
  );
  const first = Math.ceil(Math.min(SETTLES_MS / 1000, seconds / 12) / width);
  return { settled: windows[first] ?? Number.NaN, later: windows.slice(first + 1) };
}

export function soakTable(measured: Soak): Table {
  const kinds = [soakWindows(measured, 'resident'), soakWindows(measured, 'anonymous')];
  const window = measured.seconds >= 3600 ? 'minute' : `${Math.max(1, Math.floor(measured.seconds / 60))} s`;
  const settling = measured.seconds >= 3600 ? '5 minutes' : 'twelfth';
  const row = (what: string, of: (windows: Windows) => number): readonly string[] => [
    what,
    ...kinds.flatMap((windows) => [round(of(windows), 1), growth(of(windows), windows.settled)]),
  ];
  return {
    title: `Soak: ${measured.seconds.toLocaleString('en')} s at ${RATE.toLocaleString('en')}/s`,
    head: ['memory of the process', 'resident, MiB', 'against settled', 'not of files, MiB', 'against settled'],
    rows: [
      row(`settled (median of the ${window} after the first ${settling})`, ({ settled }) => settled),
      row(`least of any later ${window}`, ({ later }) => Math.min(...later)),
      row(`most of any later ${window}`, ({ later }) => Math.max(...later)),
      row(`last ${window}`, ({ later }) => later.at(-1) ?? Number.NaN),
    ],
  };
}

function growth(value: number, settled: number): string {
  return `${round((value / settled - 1) * 100, 1)}%`;
}

export function soakTargets(measured: Soak): readonly Target[] {
  const { settled, later } = soakWindows(measured, 'resident');
  return [
    atMost({
      what: `growth of resident memory in ${measured.seconds.toLocaleString('en')} s at ${RATE.toLocaleString('en')}/s`,
      value: (Math.max(...later) / settled - 1) * 100,
      limit: MOST_GROWTH * 100,
      unit: '%',
      digits: 1,
    }),
  ];
}
