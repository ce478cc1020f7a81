// Runs verifications one at a time for each target, in the order they were asked for.
import type { LoadSnapshot } from '../core/model/load.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Run, RunPlan } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';

export interface RunRequest {
  readonly runId: string;
  readonly verification: Verification;
  readonly trigger: RunPlan['trigger'];
}

/** Carries out one run to its record; never rejects. */
export type Execute = (
  request: RunRequest,
  options: { readonly signal: AbortSignal; readonly onSnapshot: (snapshot: LoadSnapshot) => void },
) => Promise<Run>;

export interface ActiveRun extends RunRequest {
  readonly snapshot?: LoadSnapshot;
}

export interface RunQueue {
  /** Refused when the queue is full or the verification waits already. */
  readonly add: (request: RunRequest) => Result<{ readonly position: number }, string>;
  readonly active: () => readonly ActiveRun[];
  readonly waiting: () => readonly RunRequest[];
  /** Ends the run in good order; false when it neither runs nor waits. */
  readonly cancel: (runId: string) => boolean;
  /** Stops taking requests, ends what runs, resolves when all is recorded. */
  readonly close: () => Promise<void>;
}

const mostWaiting = 100;

interface Entry {
  readonly request: RunRequest;
  readonly controller: AbortController;
  snapshot?: LoadSnapshot;
  done: Promise<void>;
}

export function runQueue(
  execute: Execute,
  options: { readonly concurrency: number; readonly onEnd: (run: Run, request: RunRequest) => void },
): RunQueue {
  const waiting: RunRequest[] = [];
  const active = new Map<string, Entry>();
  let isClosed = false;

  const startNext = (): void => {
    while (active.size < options.concurrency && !isClosed) {
      const busy = new Set([...active.values()].map(({ request }) => targetOf(request)));
      const next = waiting.findIndex((request) => !busy.has(targetOf(request)));
      const [request] = next < 0 ? [] : waiting.splice(next, 1);
      if (request === undefined) return;
      start(request);
    }
  };

  const start = (request: RunRequest): void => {
    const controller = new AbortController();
    const entry: Entry = { request, controller, done: Promise.resolve() };
    active.set(request.runId, entry);
    entry.done = execute(request, {
      signal: controller.signal,
      onSnapshot: (snapshot) => {
        entry.snapshot = snapshot;
      },
    }).then(
      (run) => {
        active.delete(request.runId);
        options.onEnd(run, request);
        startNext();
      },
      () => {
        active.delete(request.runId);
        startNext();
      },
    );
  };

  return {
    add: (request) => {
      if (isClosed) return err('the service is stopping');
      if (waiting.length >= mostWaiting) return err(`${mostWaiting} runs wait already; try again later`);
      if (waiting.some((each) => each.verification.name === request.verification.name)) {
        return err(`a run of ${request.verification.name} waits already`);
      }
      waiting.push(request);
      startNext();
      return ok({ position: waiting.indexOf(request) + 1 });
    },
    active: () =>
      [...active.values()].map(({ request, snapshot }) => ({
        ...request,
        ...(snapshot === undefined ? {} : { snapshot }),
      })),
    waiting: () => [...waiting],
    cancel: (runId) => {
      const at = waiting.findIndex((request) => request.runId === runId);
      if (at >= 0) waiting.splice(at, 1);
      active.get(runId)?.controller.abort(new Error('cancelled'));
      return at >= 0 || active.has(runId);
    },
    close: async () => {
      isClosed = true;
      waiting.length = 0;
      for (const { controller } of active.values()) controller.abort(new Error('the service is stopping'));
      await Promise.all([...active.values()].map(({ done }) => done));
    },
  };
}

/** Two runs against one target would measure each other. Observations load nothing and only exclude themselves. */
function targetOf({ verification }: RunRequest): string {
  if (verification.workload === undefined) return `observe ${verification.name}`;
  const { target } = verification.workload;
  return URL.canParse(target) ? new URL(target).host : target;
}
