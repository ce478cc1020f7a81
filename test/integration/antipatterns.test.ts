// Sentry's own cases for anti-patterns of a single request: our rules with their thresholds must agree span by span.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOtlpJson } from '../../src/adapters/shared/otlp/read-json.ts';
import { spanIdOf } from '../../src/core/model/span-view.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import type { AntiPattern } from '../../src/core/trace/mechanisms/shared/anti-patterns/anti-pattern.ts';
import { consecutiveQueries } from '../../src/core/trace/mechanisms/shared/anti-patterns/consecutive-queries.ts';
import { consecutiveRequests } from '../../src/core/trace/mechanisms/shared/anti-patterns/consecutive-requests.ts';
import { repeatedQueries } from '../../src/core/trace/mechanisms/shared/anti-patterns/repeated-queries.ts';
import { repeatedRequests } from '../../src/core/trace/mechanisms/shared/anti-patterns/repeated-requests.ts';
import {
  repeatedSequenceLimits,
  repeatedSequences,
} from '../../src/core/trace/mechanisms/shared/anti-patterns/repeated-sequences.ts';
import { slowQuerySpans } from '../../src/core/trace/mechanisms/shared/anti-patterns/slow-query.ts';
import { type PreparedTraces, prepareTraces } from '../../src/core/trace/prepare/prepared-traces.ts';

const folder = join(import.meta.dirname, '../../../shared/data/conformance/antipatterns-sentry');

interface SentryCase {
  readonly detector: string;
  readonly otlp: unknown;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly expected: { readonly detected: boolean; readonly offenders?: readonly string[] };
}

test("Sentry's anti-pattern cases", async (t) => {
  if (!existsSync(folder)) return t.skip('the conformance cases are not here (../shared/data)');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  assert.ok(files.length > 0, 'the folder holds no case');
  for (const file of files) {
    await t.test(file, () => {
      const sentry = JSON.parse(readFileSync(join(folder, file), 'utf8')) as SentryCase;
      const found = offenders(sentry, prepared(sentry.otlp));
      assert.equal(found.length > 0, sentry.expected.detected);
      if (sentry.expected.offenders !== undefined) assert.deepEqual(found, [...sentry.expected.offenders].sort());
    });
  }
});

function prepared(otlp: unknown): PreparedTraces {
  const read = readOtlpJson(otlp);
  assert.ok(read.ok);
  return prepareTraces(traceSet(read.value.spans));
}

/** Ids of the offending spans, sorted. */
function offenders({ detector, thresholds }: SentryCase, traces: PreparedTraces): readonly string[] {
  const limit = (name: string): number => {
    const value = thresholds[name];
    assert.ok(value !== undefined, `the case names no ${name}`);
    return value;
  };
  const below = (rule: (parent: number) => readonly AntiPattern[]): readonly number[] =>
    Array.from(traces.order).flatMap((parent) => rule(parent).flatMap((pattern) => pattern.spans));
  const spansOf = (): readonly number[] => {
    switch (detector) {
      case 'n-plus-one-db':
        return below((parent) =>
          repeatedQueries(traces, parent, { minSpans: limit('minSpans'), totalMs: limit('totalMs') }),
        );
      case 'm-n-plus-one-db':
        return below((parent) =>
          repeatedSequences(traces, parent, { ...repeatedSequenceLimits, totalMs: limit('totalMs') }),
        );
      case 'n-plus-one-api':
        return below((parent) =>
          repeatedRequests(traces, parent, {
            minSpans: limit('minSpans'),
            totalMs: limit('totalMs'),
            startsWithinMs: limit('startsWithinMs'),
          }),
        );
      case 'consecutive-http':
        return below((parent) =>
          consecutiveRequests(traces, parent, {
            minSpans: limit('minSpans'),
            minSpanMs: limit('minSpanMs'),
            minTimeSavedMs: limit('minTimeSavedMs'),
            maxGapMs: limit('maxGapMs'),
          }),
        );
      case 'consecutive-db':
        return below((parent) =>
          consecutiveQueries(traces, parent, {
            minSpans: limit('minSpans'),
            minSpanMs: limit('minSpanMs'),
            minTimeSavedMs: limit('minTimeSavedMs'),
            minTimeSavedRatio: limit('minTimeSavedRatio'),
          }),
        );
      case 'slow-db':
        return slowQuerySpans(traces, 0, { minSpanMs: limit('minSpanMs') });
      default:
        throw new Error(`no rule for the detector ${detector}`);
    }
  };
  return [...new Set(spansOf())].map((span) => spanIdOf(traces.set, span)).sort();
}
