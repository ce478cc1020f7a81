// Starts the recording server in a process of its own.
import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { FromRecorder, ToRecorder } from './recording-server.ts';

export interface RecordingServer {
  readonly url: string;
  /** Forgets all arrivals so far. */
  readonly reset: () => void;
  /** Stands still for `forMs`, `afterMs` from the next request on (at once when absent). */
  readonly freeze: (forMs: number, afterMs?: number) => void;
  /** Replies so much later from now on. */
  readonly delay: (ms: number) => void;
  /** When each request arrived, in milliseconds of the machine's monotonic clock, in order. */
  readonly arrivals: () => Promise<Float64Array>;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 10_000;

/** `core`: where it is to run, away from the generator; absent: anywhere. */
export async function startRecordingServer(core?: number): Promise<RecordingServer> {
  const child = fork(new URL('./recording-server.ts', import.meta.url), { serialization: 'advanced' });
  if (core !== undefined && availableParallelism() > 1) spawnSync('taskset', ['-a', '-cp', `${core}`, `${child.pid}`]);
  const tell = (message: ToRecorder): boolean => child.send(message);
  const answer = <K extends FromRecorder['kind']>(kind: K): Promise<Extract<FromRecorder, { kind: K }>> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the recording server did not say "${kind}"`)), START_TIMEOUT_MS);
      child.on('message', function listen(message: FromRecorder) {
        if (message.kind !== kind) return;
        clearTimeout(timer);
        child.off('message', listen);
        resolve(message as Extract<FromRecorder, { kind: K }>);
      });
    });
  const { port } = await answer('listening');
  return {
    url: `http://127.0.0.1:${port}/`,
    pid: child.pid ?? 0,
    reset: () => tell({ kind: 'reset' }),
    freeze: (forMs, afterMs = 0) => tell({ kind: 'freeze', afterMs, forMs }),
    delay: (ms) => tell({ kind: 'delay', ms }),
    async arrivals() {
      tell({ kind: 'report' });
      return (await answer('arrivals')).atMs;
    },
    stop() {
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      child.kill();
      return new Promise((gone) => child.once('exit', () => gone()));
    },
  };
}
