// Ctrl-C and SIGTERM: the first ends the run in good order, the second ends the process.
import process from 'node:process';
import type { Console } from './console.ts';
import { exitCode } from './exit-codes.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  readonly release: () => void;
}

/** `what` follows: what becomes of the work done so far. */
export function interruptSignal(console: Console, what = 'stopping; judging what was seen'): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    console.error(`faultline: ${what} (once more ends at once)`);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
