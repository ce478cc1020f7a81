// What holds for the critical path and self time of any tree of spans.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SpanRecord } from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import { attributeTraces } from '../../src/core/trace/attribute-traces.ts';
import { criticalPaths } from '../../src/core/trace/prepare/critical-path.ts';
import { prepareTraces } from '../../src/core/trace/prepare/prepared-traces.ts';
import { criticalPathReport } from '../../src/core/trace/views/critical-path-report.ts';
import { drawnTrace } from '../support/drawn-traces.ts';

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** Any parents (also missing ones and cycles), any times, any kinds. */
const anyTrace: fc.Arbitrary<readonly SpanRecord[]> = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(14), { nil: undefined }),
      from: fc.nat(60),
      length: fc.nat(60),
      kind: fc.constantFrom(...kinds),
      service: fc.constantFrom('a', 'b', 'c'),
      failed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((spans) =>
    drawnTrace(
      0,
      spans.map(({ parent, from, length, ...rest }, index) => ({
        id: (index + 1).toString(16),
        ...(parent === undefined ? {} : { parent: (parent + 1).toString(16) }),
        at: [from, from + length] as const,
        ...rest,
      })),
    ),
  );

const tolerances = fc.constantFrom(0, 0.01, 0.2);

test('the sections of a path partition its root’s duration, latest first, without overlap', () => {
  fc.assert(
    fc.property(anyTrace, tolerances, (spans, overlapTolerance) => {
      const prepared = prepareTraces(traceSet(spans), { overlapTolerance });
      const paths = criticalPaths(prepared, { overlapTolerance });
      for (let root = 0; root < prepared.root.length; root += 1) {
        if (prepared.root[root] !== root) continue;
        let until = prepared.end[root] ?? 0;
        paths.walk(root, (span, from, to) => {
          assert.equal(to, until);
          assert.ok(from < to);
          assert.equal(prepared.root[span], root);
          until = from;
        });
        assert.equal(until, prepared.start[root]);
      }
    }),
  );
});

test('path times below a root sum to its duration; no span has more than its own', () => {
  fc.assert(
    fc.property(anyTrace, tolerances, (spans, overlapTolerance) => {
      const { root, start, end, pathNs } = prepareTraces(traceSet(spans), { overlapTolerance });
      const sums = new Float64Array(root.length);
      root.forEach((top, span) => {
        sums[top] = (sums[top] ?? 0) + (pathNs[span] ?? 0);
        assert.ok((pathNs[span] ?? 0) <= (end[span] ?? 0) - (start[span] ?? 0));
      });
      root.forEach((top, span) => {
        if (top === span) assert.equal(sums[span], (end[span] ?? 0) - (start[span] ?? 0));
      });
    }),
  );
});

test('self time lies between zero and the duration', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const { start, end, selfNs } = prepareTraces(traceSet(spans));
      selfNs.forEach((self, span) => {
        assert.ok(self >= 0 && self <= (end[span] ?? 0) - (start[span] ?? 0));
      });
    }),
  );
});

test('every span is visited once, after its parent', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const { order, parent } = prepareTraces(traceSet(spans));
      const seen = new Set<number>();
      for (const span of order) {
        const above = parent[span] ?? -1;
        assert.ok(above < 0 || seen.has(above));
        seen.add(span);
      }
      assert.equal(seen.size, parent.length);
    }),
  );
});

test('the order of spans in the input changes no answer', () => {
  fc.assert(
    fc.property(
      anyTrace.chain((spans) =>
        fc.tuple(fc.constant(spans), fc.shuffledSubarray([...spans], { minLength: spans.length })),
      ),
      ([spans, shuffled]) => {
        assert.deepEqual(criticalPathReport(traceSet(shuffled)), criticalPathReport(traceSet(spans)));
      },
    ),
  );
});

test('preparing and attributing leave the input as it was', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const set = traceSet(spans);
      const before = structuredClone(set);
      attributeTraces({ traces: set, baseline: set });
      assert.deepEqual(set, before);
    }),
    { numRuns: 25 },
  );
});
