// Where the command line writes, and how it looks there: colours and live lines only on a terminal.
import process from 'node:process';
import { styleText } from 'node:util';
import type { TerminalStyle, Tone } from '../report/terminal-style.ts';
import { exitCode } from './exit-codes.ts';
import { cannotWrite } from './output-files.ts';

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
  process.stdout.on('error', (cause) => endWithoutOutput(cause));
  process.stderr.on('error', (cause) => endWithoutOutput(cause));
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
    width: widthOf(process.stdout),
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

/**
 * Whoever reads along may stop reading (`faultline export schema | head`): the work goes on, the rest is not printed. Anything else (a full disk) means that what was
 * asked for is not there: the work goes on, the process ends with the code of what could not be done, whatever the verdict is.
 */
function endWithoutOutput(cause: NodeJS.ErrnoException): void {
  if (cause.code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.once('exit', () => {
    process.exitCode = exitCode.couldNotRun;
  });
  process.stderr.write(`faultline: ${cannotWrite('the output', cause)}\n`);
}

let isOutputLost = false;

/** 80 on a terminal that says it has no columns, as some CI runners' do; 100 where there is no terminal. */
export function widthOf({ columns }: { readonly columns?: number }): number {
  return Math.min(columns === undefined ? 100 : columns || 80, widest);
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
