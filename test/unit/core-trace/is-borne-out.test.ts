// Findings need a slowdown or a failure that is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mechanism } from '../../../src/core/model/finding.ts';
import type { FaultSign } from '../../../src/core/trace/fault-signs.ts';
import { isBorneOut } from '../../../src/core/trace/is-borne-out.ts';
import type { CandidateFinding, MechanismContext } from '../../../src/core/trace/mechanism.ts';

interface World {
  readonly mechanism: Mechanism;
  /** Evidence and t value of the named service's slowdown. */
  readonly evidence?: number;
  readonly t?: number;
  readonly corroborated?: boolean;
  readonly hasSign?: boolean;
  readonly references?: number;
}

function passes({
  mechanism,
  evidence = 0,
  t = 0,
  corroborated = false,
  hasSign = false,
  references = 30,
}: World): boolean {
  const candidate = { mechanism, service: 'pay', corroborated, edge: { caller: 'shop', callee: 'pay', operation: '' } };
  const context = {
    reference: { traces: new Uint32Array(references), weight: new Float64Array(references) },
    blame: { services: [{ service: 'pay', effectMs: t, errorMs: 1, evidence }] },
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
  { name: 'errors need a sign of failure', world: { mechanism: 'error-origin', t: 9, evidence: 9 }, expected: false },
  { name: 'and pass with one', world: { mechanism: 'error-origin', hasSign: true }, expected: true },
  { name: 'retries are counted and stand by themselves', world: { mechanism: 'retry-storm' }, expected: true },
  { name: 'without a reference everything passes', world: { mechanism: 'pool-wait', references: 0 }, expected: true },
];
for (const { name, world, expected } of cases) test(name, () => assert.equal(passes(world), expected));
