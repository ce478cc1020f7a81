// Starts the language model server as a process of its own, and stops it without leaving it behind.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LlmFault } from './faults.ts';

/** The message that the process gets. */
export interface LlmOrder {
  readonly fault: LlmFault;
  /** 0: any free one. */
  readonly port: number;
  /** Base URL of an OTLP/HTTP receiver. */
  readonly otlpEndpoint: string;
}

export interface LlmProcess {
  readonly url: string;
  /** Flushes spans and ends the process; kills it when it has not ended after five seconds. */
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;

/** Ready when it listens. Throws when the process dies first or takes more than 20 s. */
export async function startLlm(order: LlmOrder): Promise<LlmProcess> {
  // execArgv: the parent's own flags (a test runner's, an inspector's) are not the child's business.
  const child = fork(new URL('./llm-process.ts', import.meta.url), [], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  };
  child.send(order);
  const limit = AbortSignal.timeout(START_TIMEOUT_MS);
  const died = once(child, 'exit', { signal: limit }).then(([code]) => {
    throw new Error(`the server ended with code ${code} before it listened`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: limit }), died])) as [{ port: number }];
    // From here on nobody waits for its death.
    died.catch(() => undefined);
    return { url: `http://127.0.0.1:${message.port}`, stop };
  } catch (cause) {
    await stop();
    throw new Error('the language model server did not start', { cause });
  }
}
