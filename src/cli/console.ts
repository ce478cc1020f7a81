// Where the command line writes, and how it looks there: colours and live lines only on a terminal.
import process from 'node:process';
import { styleText } from 'node:util';
import type { TerminalStyle, Tone } from '../report/terminal-style.ts';

export interface Console {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Style for standard output and for standard error. */
  readonly style: TerminalStyle;
  readonly errorStyle: TerminalStyle;
  readonly width: number;
  /** Replaces the live line on standard error; nothing happens where that is no terminal. `''` removes it. */
  readonly live: (line: string) => void;
  readonly isLive: boolean;
}

const widest = 140;

export function systemConsole(): Console {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const isLive = process.stderr.isTTY === true;
  let liveShown = false;
  const clearLive = (): void => {
    if (liveShown) process.stderr.write('\r\u001b[2K');
    liveShown = false;
  };
  return {
    out: (text) => {
      clearLive();
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    error: (text) => {
      clearLive();
      process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    style: styleFor(process.stdout),
    errorStyle: styleFor(process.stderr),
    width: Math.min(process.stdout.columns ?? 100, widest),
    live: (line) => {
      if (!isLive) return;
      clearLive();
      if (line === '') return;
      process.stderr.write(line);
      liveShown = true;
    },
    isLive,
  };
}

/** Whoever reads along may stop reading (`faultline export schema | head`): the work goes on, the rest is not printed. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

const formats: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  strong: 'bold',
  quiet: 'dim',
  accent: 'cyan',
  pass: 'green',
  warn: 'yellow',
  fail: ['red', 'bold'],
  inconclusive: 'magenta',
  error: 'red',
};

/** styleText leaves colours out where the stream is no terminal and obeys NO_COLOR and FORCE_COLOR. */
function styleFor(stream: NodeJS.WriteStream): TerminalStyle {
  return { paint: (tone, text) => styleText(formats[tone], text, { stream }) };
}
