// Sends single requests through one of the load engine's lanes, without schedule or workers.
import { compileWorkload } from '../../src/adapters/load/journeys/compiled-workload.ts';
import { createJourney } from '../../src/adapters/load/journeys/journey.ts';
import { FastLane } from '../../src/adapters/load/lanes/fast-lane.ts';
import { generalSender } from '../../src/adapters/load/lanes/general-sender.ts';
import type { Sender } from '../../src/adapters/load/lanes/sender.ts';
import type { Exchange, PhasedStep } from '../../src/adapters/load/requests/hot-path.ts';
import { createSampler } from '../../src/adapters/load/requests/sampler.ts';
import { TraceIds } from '../../src/adapters/load/requests/trace-ids.ts';
import { createRandom } from '../../src/core/load/random.ts';
import type { FailureKind } from '../../src/core/model/load.ts';
import { loadPlan, step } from './load-plan.ts';

/** What came of a request. */
export interface LaneOutcome {
  readonly status: number;
  readonly failure: FailureKind | undefined;
  readonly message: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface LaneUnderTest {
  /** Sends `method path`; headers and body of the reply are kept. */
  readonly send: (method: string, path: string) => Promise<LaneOutcome>;
  readonly sender: Sender;
  readonly close: () => void;
}

/** Opens a lane to `target`, with `connections` at the most. */
export function openLane(kind: 'fast' | 'general', target: string, connections: number): LaneUnderTest {
  const startMs = performance.now();
  const now = (): number => performance.now() - startMs;
  const waiting = new Map<number, (outcome: LaneOutcome) => void>();
  const stepOf = (method: string): PhasedStep => {
    const captures = [
      { variable: 'h', from: { kind: 'header', name: 'x' } },
      { variable: 'b', from: { kind: 'regex', pattern: 'x', group: 0 } },
    ] as const;
    const plan = loadPlan({
      target,
      scenarios: [{ steps: [step({ method, path: '${path}', captures, timeout: 5000 })] }],
    });
    const compiled = compileWorkload({ ...plan, phases: [], files: {} });
    if (!compiled.ok) throw new Error(compiled.error);
    return compiled.value.scenarios[0]?.steps[0]?.phases[0] as PhasedStep;
  };
  const steps = new Map(['GET', 'HEAD', 'POST'].map((method) => [method, stepOf(method)]));
  const [anyStep] = steps.values();
  const context = {
    handler: { completed, proceed: (): void => undefined },
    ids: new TraceIds(),
    sampler: createSampler(1, 1e9, createRandom(1)),
    traceIdPrefix: '0123456789abcdef',
    now,
    startUnixMs: Date.now(),
    maxConnections: connections,
    maxQueued: 100_000,
  };
  function completed(exchange: Exchange): void {
    const { status, failure, message, headers, body, journey } = exchange;
    waiting.get(journey?.index ?? -1)?.({
      status: failure === undefined ? status : 0,
      failure,
      message: failure === undefined ? '' : message,
      headers: [...headers],
      body,
    });
    waiting.delete(journey?.index ?? -1);
  }
  const { origin } = (anyStep as PhasedStep).step.renderer;
  const endpoint = { origin, address: origin.host, transport: {} };
  const sender: Sender =
    kind === 'fast'
      ? new FastLane(endpoint, context, anyStep as PhasedStep)
      : generalSender(endpoint, context, anyStep as PhasedStep);
  const sweep = setInterval(() => sender.sweep(now()), 20);
  let sent = 0;
  return {
    sender,
    send(method, path) {
      const phased = steps.get(method) as PhasedStep;
      const journey = createJourney(phased.step.scenario, -1);
      sent += 1;
      journey.index = sent;
      journey.variables.set('path', path);
      return new Promise((resolve) => {
        waiting.set(journey.index, resolve);
        sender.submit(phased, now(), journey, now());
      });
    },
    close() {
      clearInterval(sweep);
      sender.close(now(), 'cancelled');
    },
  };
}
