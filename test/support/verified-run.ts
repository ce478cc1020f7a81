// A document about a small shop, and a run of it against a world of tables.
import assert from 'node:assert/strict';
import { replayClock } from '../../src/adapters/recording/replay-clock.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { noRunTelemetry } from '../../src/adapters/telemetry/run-telemetry.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { Verification } from '../../src/core/model/verification.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import type { Backends } from '../../src/verify/backends.ts';
import { verify } from '../../src/verify/verify.ts';
import type { VerifyOptions } from '../../src/verify/verify-options.ts';
import { parseYaml } from './parse-yaml.ts';
import { type World, worldBackends, worldStart } from './recorded-world.ts';

export interface ShopOptions {
  readonly judged?: readonly string[];
  /** As in YAML: `{ name: peak, rate: 40/s, duration: 5m }`. */
  readonly phases?: readonly string[];
  readonly method?: 'Occurrences' | 'Timeslices';
  readonly protocol?: 'http' | 'openai-chat-stream';
}

/** Each requirement is one YAML flow mapping. The SLO is named `slo1`, the only metric source `prom`. */
export function shopVerification(requirements: readonly string[], options: ShopOptions = {}): Verification {
  const parsed = parseYaml(shopText(requirements, options));
  const errors = parsed.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.deepEqual(errors, []);
  const [verification] = parsed.verifications;
  assert.ok(verification !== undefined);
  return verification;
}

function shopText(requirements: readonly string[], options: ShopOptions = {}): string {
  const { judged = ['peak'], phases = ['{ name: peak, rate: 40/s, duration: 5m }'] } = options;
  const { method = 'Occurrences', protocol = 'http' } = options;
  const slices = method === 'Timeslices' ? ', timeSliceTarget: 0.95, timeSliceWindow: 5m' : '';
  return `apiVersion: openslo/v1
kind: DataSource
metadata: { name: prom }
spec: { type: Prometheus, connectionDetails: { url: "http://127.0.0.1:9090" } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: slo1 }
spec:
  service: checkout
  indicator:
    metadata: { name: checkout-ratio }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { metricSourceRef: prom, type: Prometheus, spec: { query: 'sum(rate(good[{{.window}}]))' } } }
        total: { metricSource: { metricSourceRef: prom, type: Prometheus, spec: { query: 'sum(rate(all[{{.window}}]))' } } }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: ${method}
  objectives: [{ displayName: fast, target: 0.99${slices} }]
---
apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: shop }
spec:
  service: checkout
  sources: { metrics: [prom] }
  workload:
    target: http://127.0.0.1:8080
    protocol: ${protocol}${protocol === 'http' ? '' : '\n    model: chat'}
    scenarios: [{ name: buy, steps: [{ post: /checkout }] }]
    phases: [${phases.join(', ')}]
  evaluation: { phases: [${judged.join(', ')}], slice: 5s, settle: { traces: 0s, metrics: 0s } }
  requirements:
${requirements.map((each) => `    - ${each}\n`).join('')}`;
}

export function freshStore(): RunStore {
  const store = openSqliteStore(':memory:');
  assert.ok(store.ok);
  return store.value.runs;
}

/** Runs of one store have ids of their own. */
export function verifyWorld(verification: Verification, world: World, store: RunStore, id: string): Promise<Run> {
  return verifyWith(verification, { ...worldBackends(world), store }, id);
}

export function verifyWith(
  verification: Verification,
  backends: Omit<Backends, 'telemetry' | 'clock'>,
  id: string,
  more: Partial<VerifyOptions> = {},
): Promise<Run> {
  return verify(
    verification,
    { ...backends, telemetry: noRunTelemetry, clock: replayClock(worldStart) },
    {
      signal: new AbortController().signal,
      trigger: 'cli',
      runId: `RUN-${id}`,
      seed: 1,
      traceIdPrefix: '0123456789abcdef',
      environment: {},
      feeds: {},
      ...more,
    },
  );
}
