// A console that keeps what is written to it.
import type { Console } from '../../src/cli/console.ts';
import { plainStyle } from '../../src/report/terminal-style.ts';

export interface HeardConsole {
  readonly console: Console;
  readonly out: readonly string[];
  readonly error: readonly string[];
}

export function heardConsole(): HeardConsole {
  const out: string[] = [];
  const error: string[] = [];
  const console: Console = {
    out: (text) => void out.push(text),
    error: (text) => void error.push(text),
    style: plainStyle,
    errorStyle: plainStyle,
    width: 100,
    live: () => undefined,
    isLive: false,
  };
  return { console, out, error };
}
