// Findings need a slowdown or a failure that is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mechanism } from '../../../src/core/model/finding.ts';
import type { FaultSign } from '../../../src/core/trace/compare/fault-signs.ts';
import { isBorneOut } from '../../../src/core/trace/is-borne-out.ts';
import type { CandidateFinding, MechanismContext } from '../../../src/core/trace/mechanisms/mechanism.ts';

interface World {
  readonly mechanism: Mechanism;
  /** Evidence and t value of the named service's slowdown. */
  readonly evidence?: number;
  readonly t?: number;
  readonly corroborated?: boolean;
  readonly hasSign?: boolean;
  readonly references?: number;
  /** Mean excess of the requests in milliseconds; its standard error is 1. */
  readonly excess?: number;
  readonly effectMs?: number;
  /** How many of the 30 violating requests failed; of the others none did. */
  readonly failed?: number;
}

function passes({
  mechanism,
  evidence = 0,
  t = 0,
  corroborated = false,
  hasSign = false,
  references = 30,
  excess = 9,
  effectMs = 8,
  failed = 0,
}: World): boolean {
  const candidate = {
    mechanism,
    service: 'pay',
    corroborated,
    effectMs,
    edge: { caller: 'shop', callee: 'pay', operation: '' },
  };
  const context = {
    violating: { traces: Uint32Array.from({ length: 30 }, (_, at) => at), weight: new Float64Array(30) },
    reference: { traces: new Uint32Array(references).fill(30), weight: new Float64Array(references) },
    failed: Uint8Array.from({ length: 31 }, (_, at) => (at < failed ? 1 : 0)),
    blame: { excessMs: excess, excessErrorMs: 1, services: [{ service: 'pay', effectMs: t, errorMs: 1, evidence }] },
    faults: hasSign ? [{ suspects: ['pay'] } as unknown as FaultSign] : [],
  };
  return isBorneOut(candidate as unknown as CandidateFinding, context as unknown as MechanismContext);
}

const cases: readonly { readonly name: string; readonly world: World; readonly expected: boolean }[] = [
  {
    name: 'slowness that is not there explains nothing',
    world: { mechanism: 'sequential-fanout', t: 2 },
    expected: false,
  },
  {
    name: 'slowness beyond chance does',
    world: { mechanism: 'sequential-fanout', t: 2, evidence: 0.1 },
    expected: true,
  },
  {
    name: 'so does a clear effect that comes in bursts',
    world: { mechanism: 'slow-dependency', t: 3 },
    expected: true,
  },
  {
    name: 'a service that became faster is no slow one',
    world: { mechanism: 'slow-dependency', t: -9, evidence: 5 },
    expected: false,
  },
  { name: 'a metric is as good a witness', world: { mechanism: 'cpu-starvation', corroborated: true }, expected: true },
  {
    name: 'but not of memory that grows and hurts nobody',
    world: { mechanism: 'memory-growth', corroborated: true },
    expected: false,
  },
  {
    name: 'what others save is not felt',
    world: { mechanism: 'slow-dependency', t: 8, evidence: 9, excess: -30 },
    expected: false,
  },
  {
    name: 'nor is what leaves requests as they were, whatever a metric says',
    world: { mechanism: 'cpu-starvation', t: 8, evidence: 9, excess: 0, corroborated: true },
    expected: false,
  },
  {
    name: 'what others save in part is felt',
    world: { mechanism: 'slow-dependency', t: 40, evidence: 9, excess: 10, effectMs: 40 },
    expected: true,
  },
  {
    name: 'where requests vary much it may be felt',
    world: { mechanism: 'slow-dependency', t: 3, evidence: 9, excess: 0, effectMs: 3 },
    expected: true,
  },
  {
    name: 'requests that fail early are quick',
    world: { mechanism: 'slow-dependency', t: 8, evidence: 9, excess: -30, failed: 20 },
    expected: true,
  },
  { name: 'errors need a sign of failure', world: { mechanism: 'error-origin', t: 9, evidence: 9 }, expected: false },
  { name: 'and pass with one', world: { mechanism: 'error-origin', hasSign: true }, expected: true },
  { name: 'retries are counted and stand by themselves', world: { mechanism: 'retry-storm' }, expected: true },
  { name: 'without a reference everything passes', world: { mechanism: 'pool-wait', references: 0 }, expected: true },
];
for (const { name, world, expected } of cases) test(name, () => assert.equal(passes(world), expected));
