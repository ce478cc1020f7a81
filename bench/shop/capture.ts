// One real run of the shop under a fault: everything its back ends answered is kept, so that it can be judged again on less.
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { FaultName } from '../../demo/faults.ts';
import { freePort } from '../../demo/free-port.ts';
import { startShop } from '../../demo/start-shop.ts';
import { systemConsole } from '../../src/cli/console.ts';
import { loadVerifications } from '../../src/cli/load-verifications.ts';
import { openBackends } from '../../src/cli/wire.ts';
import type { LoadResult } from '../../src/core/model/load.ts';
import type { Series } from '../../src/core/model/series.ts';
import type { TraceSet } from '../../src/core/model/trace-set.ts';
import { perSecond } from '../../src/core/model/units.ts';
import type { Verification } from '../../src/core/model/verification.ts';
import type { Pace } from '../../src/core/model/workload.ts';
import type { Backends } from '../../src/verify/backends.ts';
import { verify } from '../../src/verify/verify.ts';
import { forgetfulStore } from './forgetful-store.ts';

export interface Captured {
  readonly fault: FaultName;
  /** Times the rates of slos/checkout.yaml. */
  readonly load: number;
  readonly verification: Verification;
  readonly driven: LoadResult;
  readonly traces: TraceSet;
  readonly discovered: readonly Series[];
}

const output = systemConsole();
const document = join(dirname(fileURLToPath(import.meta.url)), '../../slos/checkout.yaml');

/** Starts the shop with the fault, drives the document's load times `load`, stops the shop. Throws when the run could not be made. */
export async function capture(fault: FaultName, load: number): Promise<Captured> {
  const port = await freePort();
  const shop = await startShop({ fault, otlpEndpoint: `http://127.0.0.1:${port}` });
  try {
    process.env['SHOP_URL'] = shop.gatewayUrl;
    process.env['FAULTLINE_OTLP_PORT'] = String(port);
    for (const [service, url] of Object.entries(shop.metricsUrls))
      process.env[`SHOP_METRICS_${service.toUpperCase()}`] = url;
    const [verification] = (await loadVerifications([document], { set: [], only: [] }, output)) ?? [];
    if (verification === undefined) throw new Error(`${document} cannot be read`);
    return { fault, load, ...(await drive(atLoad(verification, load))) };
  } finally {
    await shop.stop();
  }
}

/** All rates times `factor`. Without requirements of throughput, which hold at the document's own rate only. */
function atLoad(verification: Verification, factor: number): Verification {
  const { workload, requirements } = verification;
  if (workload === undefined) return verification;
  const phases = workload.phases.map((phase) => ({ ...phase, pace: paceTimes(phase.pace, factor) }));
  return {
    ...verification,
    workload: { ...workload, phases },
    requirements: requirements.filter(({ type }) => type !== 'throughput'),
  };
}

function paceTimes(pace: Pace, factor: number): Pace {
  if (pace.kind === 'concurrency') return pace;
  return { ...pace, from: perSecond(pace.from * factor), to: perSecond(pace.to * factor) };
}

async function drive(verification: Verification): Promise<Omit<Captured, 'fault' | 'load'>> {
  const traceIdPrefix = randomBytes(8).toString('hex');
  const opened = await openBackends(verification, { traceIdPrefix, store: forgetfulStore });
  if (!opened.ok) throw new Error(opened.error.message);
  const heard = listenTo(opened.value.backends);
  try {
    const run = await verify(verification, heard.backends, {
      signal: AbortSignal.timeout(120_000),
      trigger: 'cli',
      traceIdPrefix,
      environment: {},
      feeds: {},
    });
    const { driven, traces, discovered } = heard.kept;
    if (driven === undefined || traces === undefined)
      throw new Error(`nothing was observed: ${run.message ?? run.gaps[0]?.message ?? run.status}`);
    return { verification, driven, traces, discovered };
  } finally {
    await opened.value.close();
  }
}

interface Kept {
  driven?: LoadResult;
  traces?: TraceSet;
  discovered: readonly Series[];
}

/** The back ends as they are, each last answer kept. */
function listenTo(backends: Backends): { readonly backends: Backends; readonly kept: Kept } {
  const kept: Kept = { discovered: [] };
  const listening: Backends = {
    ...backends,
    load: {
      async drive(plan, options) {
        const answer = await backends.load.drive(plan, options);
        if (answer.ok) kept.driven = answer.value;
        return answer;
      },
    },
    traces: backends.traces.map((source) => ({
      ...source,
      async byIds(ids, options) {
        const answer = await source.byIds(ids, options);
        if (answer.ok) kept.traces = answer.value;
        return answer;
      },
    })),
    metrics: new Map(
      [...backends.metrics].map(([name, source]) => [
        name,
        {
          ...source,
          async discover(pattern, window, options) {
            const answer = await source.discover(pattern, window, options);
            if (answer.ok) kept.discovered = [...kept.discovered, ...answer.value];
            return answer;
          },
        },
      ]),
    ),
  };
  return { backends: listening, kept };
}
