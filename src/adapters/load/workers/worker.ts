// Entry of a worker thread: builds its generator, starts and stops it when told, posts what it measured.
import { parentPort, workerData } from 'node:worker_threads';
import { needsGeneralLane } from '../requests/endpoint.ts';
import { timerWaker } from '../schedule/timer-waker.ts';
import { spinWaker, tickWaker } from '../schedule/waker.ts';
import { Generator } from './generator.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs only as a worker thread of the load engine');

const WAKERS = { tick: tickWaker, timer: timerWaker, spin: spinWaker };
const setup = workerData as WorkerSetup;
// Threads have clocks of different origins; the monotonic clock of the machine is common to all.
const clockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
// Loaded before the start, and only where needed: undici takes longer to load than everything else together.
const generalSender = setup.endpoints.some(needsGeneralLane)
  ? (await import('../lanes/general-sender.ts')).generalSender
  : undefined;
const post = (message: FromWorker): void => port.postMessage(message);
let generator: Generator | undefined;

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    generator?.stop(message.reason);
    return;
  }
  if (message.kind === 'report') {
    if (generator !== undefined) post({ kind: 'soFar', part: generator.soFar() });
    return;
  }
  const zero = message.hrMs - clockOffsetMs;
  generator = new Generator({
    setup,
    now: () => performance.now() - zero,
    startUnixMs: message.unixMs,
    wakerOf: WAKERS[setup.plan.scheduler ?? 'tick'],
    generalSender,
    onTick: (tick) => post({ kind: 'tick', tick }),
    onDone(part) {
      post({ kind: 'done', part });
      port.close();
    },
  });
  generator.start();
});
post({ kind: 'ready' });
