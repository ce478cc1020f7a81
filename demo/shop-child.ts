// One process of the shop as its parent sees it: started, introduced, stopped, and never left behind.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import type { FromChild, FromParent, StartOrder } from './kit/parent-link.ts';
import type { ShopProcess } from './kit/service-names.ts';

export interface ShopChild {
  /** Resolves when the process has its ports; stays pending when it dies first (see `died`). */
  readonly listening: Promise<{ readonly port: number; readonly managementPort: number }>;
  /** Resolves with the reason when the process ends without having been asked to. */
  readonly died: Promise<string>;
  send(message: FromParent): void;
  /** The last it wrote to stderr, with its name in front; empty when it wrote nothing. */
  errorOutput(): string;
  /** Asks the process to end, and kills it when it has not after five seconds. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 5_000;
const KEPT_ERROR_OUTPUT = 4_000;

export function startChild(name: ShopProcess, order: StartOrder): ShopChild {
  const path = new URL(`./services/${name}.ts`, import.meta.url);
  // execArgv: the parent's own flags (a test runner's, an inspector's) are not the child's business.
  const child = fork(path, [], { execArgv: [], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  yieldToVerifier(child.pid);
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const listening = Promise.withResolvers<FromChild>();
  const died = Promise.withResolvers<string>();
  let isUp = false;
  let isStopping = false;
  let errors = '';

  child.on('message', (message: FromChild) => {
    isUp = true;
    listening.resolve(message);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-KEPT_ERROR_OUTPUT);
  });
  child.on('error', (error) => died.resolve(`${name} could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    if (!isStopping) died.resolve(`${name} ended with ${signal ?? `code ${code}`}\n${errors}`);
  });

  const send = (message: FromParent): void => {
    if (child.connected) child.send(message, () => undefined); // a dead child is reported by `died`
  };
  send(order);

  return {
    listening: listening.promise,
    died: died.promise,
    send,
    errorOutput: () => (errors === '' ? '' : `${name}: ${errors.trimEnd()}\n`),
    stop: async () => {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      // Before it has its ports a process has nothing to flush, and may be too busy loading to read messages.
      if (isUp) send({ kind: 'stop' });
      else child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * The shop shares its processors with the load generator that verifies it. When there are too few, the shop is to be slow, not the clock that times it:
 * a late generator makes a run worthless.
 */
function yieldToVerifier(pid: number | undefined): void {
  if (pid === undefined) return; // it could not be started: `died` tells
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already (`died` tells), or the system has no priorities: then the run's own check of the generator decides.
  }
}
