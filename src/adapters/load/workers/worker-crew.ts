// The worker threads of one run: born together, started at one moment, stopped and dismissed by whoever made them.
import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { FromWorker, StopReason, ToWorker, WorkerPart, WorkerSetup, WorkerTick } from './worker-protocol.ts';

/** Threads load their modules in well under a second; more means the machine is in no state to generate load. */
const READY_TIMEOUT_MS = 15_000;
/** A worker answers a stop within its grace of 2 s, on a starved machine somewhat later; one that does not is ended without its figures. */
const STOP_TIMEOUT_MS = 10_000;
/**
 * Young generation of a thread's heap. Left alone, V8 lets it grow to 48 MiB whenever a busy machine holds replies back, and never shrinks it: resident memory
 * of a long run would rise in steps. What is under way between two collections fits into far less, at the same cost (0.1% of a core at 170,000 requests/s).
 */
const YOUNG_GENERATION_MB = 6;

/** `worker.ts` beside the sources, `worker.js` in the build. */
const WORKER_URL = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export class WorkerCrew {
  readonly #workers: readonly Worker[];
  readonly #parts: (WorkerPart | undefined)[];
  readonly #ready = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<readonly WorkerPart[]>();
  readonly #onTick: (worker: number, tick: WorkerTick) => void;
  /** What the workers answered to `report`, by worker; undefined when nobody waits for answers. */
  #reports: Map<number, WorkerPart> | undefined;
  #onReports: (parts: readonly WorkerPart[]) => void = () => undefined;
  #waitingForReady: number;
  #running: number;
  #zeroHrMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(setups: readonly WorkerSetup[], onTick: (worker: number, tick: WorkerTick) => void) {
    this.#onTick = onTick;
    this.#parts = setups.map(() => undefined);
    this.#waitingForReady = setups.length;
    this.#running = setups.length;
    // A rejection that nobody waits for yet must not end the process.
    this.#ready.promise.catch(() => undefined);
    this.#finished.promise.catch(() => undefined);
    this.#workers = setups.map((setup, index) => this.#hire(setup, index));
    this.#timer = setTimeout(
      () => this.#fail(new Error(`the worker threads were not ready within ${READY_TIMEOUT_MS / 1000} s`)),
      READY_TIMEOUT_MS,
    );
  }

  #hire(setup: WorkerSetup, index: number): Worker {
    // No environment: loaders and instrumentation meant for the main program have no business in the hot loop. Only the main program's compile cache
    // is shared, when it has one: it brings the first request 0.3 s closer.
    const cache = getCompileCacheDir();
    const env = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
    const worker = new Worker(WORKER_URL, {
      workerData: setup,
      env,
      execArgv: [],
      name: `load-${index}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    worker.on('message', (message: FromWorker) => this.#take(message, index));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#left());
    return worker;
  }

  #take(message: FromWorker, index: number): void {
    switch (message.kind) {
      case 'ready':
        this.#waitingForReady -= 1;
        if (this.#waitingForReady === 0) this.#ready.resolve();
        return;
      case 'tick':
        this.#onTick(index, message.tick);
        return;
      case 'soFar':
        this.#reported(message.part, index);
        return;
      case 'done':
        this.#parts[index] = message.part;
    }
  }

  #reported(part: WorkerPart, index: number): void {
    const reports = this.#reports?.set(index, part);
    if (reports === undefined || reports.size < this.#workers.length) return;
    this.#reports = undefined;
    this.#onReports([...reports.values()]);
  }

  #left(): void {
    this.#running -= 1;
    if (this.#running > 0) return;
    const parts = this.#parts.filter((part) => part !== undefined);
    if (parts.length > 0) this.#finished.resolve(parts);
    else this.#fail(new Error('every worker thread ended without its figures'));
  }

  #fail(error: Error): void {
    this.#ready.reject(error);
    this.#finished.reject(error);
  }

  /** Resolves when every worker waits for its start. */
  async ready(): Promise<void> {
    await this.#ready.promise;
    clearTimeout(this.#timer);
  }

  /** Sets the run's zero `delayMs` from now, for all workers alike. */
  start(unixMs: number, delayMs: number): void {
    this.#zeroHrMs = Number(process.hrtime.bigint()) / 1e6 + delayMs;
    this.#tell({ kind: 'start', hrMs: this.#zeroHrMs, unixMs });
  }

  /** Milliseconds since the run's zero. */
  elapsedMs(): number {
    return Number(process.hrtime.bigint()) / 1e6 - this.#zeroHrMs;
  }

  /** Asks every worker what it has measured so far, unless that was asked and not all have answered. A worker that ends meanwhile answers no more. */
  report(onReports: (parts: readonly WorkerPart[]) => void): void {
    if (this.#reports !== undefined || this.#running < this.#workers.length) return;
    this.#reports = new Map();
    this.#onReports = onReports;
    this.#tell({ kind: 'report' });
  }

  /** Asks every worker to send nothing more; those that do not end in time are ended. */
  stop(reason: StopReason): void {
    this.#tell({ kind: 'stop', reason });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.dismiss(), STOP_TIMEOUT_MS);
  }

  #tell(message: ToWorker): void {
    for (const worker of this.#workers) worker.postMessage(message);
  }

  /** The figures of all workers, when the last has left; rejects when one broke. */
  finished(): Promise<readonly WorkerPart[]> {
    return this.#finished.promise;
  }

  /** Ends every worker that is still there. */
  async dismiss(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
