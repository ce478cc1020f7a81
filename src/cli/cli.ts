// What a command is given beside its arguments.
import type { Console } from './console.ts';

export interface Cli {
  readonly console: Console;
  /** Sets the exit code of the process. */
  readonly finish: (code: number) => void;
}
