// Cold start: instances that came up while the record ran, and those that may have been up before.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Mechanism } from '../../../../src/core/model/finding.ts';
import type { TraceSet } from '../../../../src/core/model/trace-set.ts';
import { traceSet } from '../../../../src/core/model/trace-set-builder.ts';
import { attributeTraces } from '../../../../src/core/trace/attribute-traces.ts';
import { type DrawnSpan, drawnTrace } from '../../../support/drawn-traces.ts';

interface Visit {
  readonly ms: number;
  readonly instance: string;
}

/** One request a second to a gateway that asks shop. */
function record(from: number, count: number, visit: (at: number) => Visit): TraceSet {
  return traceSet(
    Array.from({ length: count }, (_, at) => {
      const { ms, instance } = visit(at);
      const end = ms + ((at * 7) % 5);
      const spans: readonly DrawnSpan[] = [
        { id: '1', name: 'GET /', service: 'gateway', kind: 'server', at: [0, end + 10] },
        { id: '2', parent: '1', name: 'GET', service: 'gateway', kind: 'client', at: [5, end + 5] },
        { id: '3', parent: '2', name: 'GET /shop', service: 'shop', kind: 'server', at: [5, end + 5], instance },
      ];
      return drawnTrace(from + at, spans);
    }).flat(),
  );
}

const healthy = record(0, 60, () => ({ ms: 20, instance: 'old' }));
/** A new instance after 30 of 90 seconds, slow for 10. */
const restarted = record(1000, 90, (at) => ({
  ms: at >= 30 && at < 40 ? 400 : 20,
  instance: at < 30 ? 'old' : 'new',
}));

const best = (traces: TraceSet, baseline?: TraceSet): Mechanism | undefined =>
  attributeTraces({ traces, ...(baseline === undefined ? {} : { baseline }) }).findings[0]?.mechanism;

describe('cold start', () => {
  test('slow requests crowd into the first moments of a new instance', () => {
    assert.equal(best(restarted), 'cold-start');
  });

  test('against a baseline all requests count as violating, and the time is lost there all the same', () => {
    const [found] = attributeTraces({ traces: restarted, baseline: healthy }).findings;
    assert.equal(found?.mechanism, 'cold-start');
    assert.equal(found?.service, 'shop');
    assert.ok(Math.abs((found?.evidence[0]?.value ?? 0) - 10 / 90) < 0.01);
  });

  const others: readonly {
    readonly name: string;
    readonly visit: (at: number) => Visit;
  }[] = [
    { name: 'requests that are slow all along', visit: () => ({ ms: 400, instance: 'old' }) },
    {
      name: 'a slow beginning of the record, by an instance that may have been up before',
      visit: (at) => ({ ms: at < 10 ? 400 : 20, instance: 'new' }),
    },
    {
      name: 'a slow beginning of the record, by an instance of the baseline',
      visit: (at) => ({ ms: at < 10 ? 400 : 20, instance: 'old' }),
    },
    {
      name: 'a new instance that stays slow',
      visit: (at) => ({ ms: at >= 30 ? 400 : 20, instance: at < 30 ? 'old' : 'new' }),
    },
    {
      name: 'slowness that comes when a new instance has long been quick',
      visit: (at) => ({ ms: at >= 50 && at < 58 ? 400 : 20, instance: at < 30 ? 'old' : 'new' }),
    },
  ];
  for (const { name, visit } of others) {
    test(`is not ${name}`, () => {
      const run = record(1000, 90, visit);
      assert.notEqual(best(run), 'cold-start');
      assert.notEqual(best(run, healthy), 'cold-start');
    });
  }
});
