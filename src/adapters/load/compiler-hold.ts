// Keeps V8's costliest compiler from taking the generator's core in the middle of a measurement.
import { setFlagsFromString } from 'node:v8';
import { peakRequests } from '../../core/load/requests-per-journey.ts';
import type { Workload } from '../../core/model/workload.ts';

/** Requests a second of a thread up to which Maglev's code costs no core worth naming. */
const MODEST_RATE = 5000;
// TurboFan takes no function longer than this (V8's flag of that name); 0 is none. Code that it has compiled stays.
const MOST_BYTECODE = 60 * 1024;
let holds = 0;

/**
 * From now until the returned function is called, no code of this process is compiled by TurboFan; several may hold at once. Its jobs run for milliseconds
 * just when a run has sent its first 10,000 requests, and on a single core the generator waits for each: at 2,000/s they are nearly all of the lag's 99th percentile
 * (bench:load). Maglev's code costs a quarter more CPU a request, which at modest rates is nothing.
 */
export function holdCompiler(): () => void {
  holds += 1;
  if (holds === 1) setFlagsFromString('--max-optimized-bytecode-size=0');
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holds -= 1;
    if (holds === 0) setFlagsFromString(`--max-optimized-bytecode-size=${MOST_BYTECODE}`);
  };
}

/** Whether precise moments are worth more to a workload on so many threads than cheap requests. A closed model asks for all that can be had. */
export function isModest({ phases, scenarios }: Pick<Workload, 'phases' | 'scenarios'>, threads: number): boolean {
  return phases.every(({ pace }) => pace.kind === 'rate' && peakRequests(pace, scenarios) / threads <= MODEST_RATE);
}
