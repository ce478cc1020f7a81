// Critical path, error paths and self time against the cases of jaeger-ui and CRISP.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readOtlpJson } from '../../src/adapters/shared/otlp/read-json.ts';
import { attributeOf, serviceOf } from '../../src/core/model/span-view.ts';
import { spanStatus, type TraceSet } from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import { prepareTraces } from '../../src/core/trace/prepare/prepared-traces.ts';
import { criticalPathReport } from '../../src/core/trace/views/critical-path-report.ts';
import { errorPaths } from '../../src/core/trace/views/error-paths.ts';

const conformance = join(import.meta.dirname, '../../../shared/data/conformance');

interface ConformanceCase<Expected> {
  readonly otlp: unknown;
  readonly expected: Expected;
}

/** Runs every case of a folder; without the folder it skips. */
async function eachCase<Expected>(
  t: TestContext,
  name: string,
  check: (
    set: TraceSet,
    expected: Expected,
    given: ConformanceCase<Expected> & { readonly baseUs?: string; readonly groupBy?: string },
  ) => void,
): Promise<void> {
  const folder = join(conformance, name);
  if (!existsSync(folder)) return t.skip('the conformance cases are not here (../shared/data)');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  assert.ok(files.length > 0, 'the folder holds no case');
  for (const file of files) {
    await t.test(file, () => {
      const given = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ConformanceCase<Expected> & {
        baseUs?: string;
      };
      const read = readOtlpJson(given.otlp);
      assert.ok(read.ok);
      check(traceSet(read.value.spans), given.expected, given);
    });
  }
}

interface JaegerSections {
  readonly sections: readonly { readonly spanId: string; readonly startUs: number; readonly endUs: number }[];
}

for (const tolerance of [0, 0.01]) {
  test(`critical path sections of jaeger-ui, tolerance ${tolerance}`, (t) =>
    eachCase<JaegerSections>(t, 'critical-path-jaeger-ui', (set, expected, { baseUs }) => {
      const offsetNs = Number((set.startUnixNanos[0] ?? 0n) - BigInt(baseUs ?? 0) * 1000n);
      const sections = criticalPathReport(set, tolerance)[0]?.sections.map(({ spanId, startNs, endNs }) => ({
        spanId,
        startUs: (startNs + offsetNs) / 1000,
        endUs: (endNs + offsetNs) / 1000,
      }));
      assert.deepEqual(sections, expected.sections);
    }));
}

interface CrispFigures {
  /** Microseconds by `[service] operation`. */
  readonly opTimeExclusive: Readonly<Record<string, number>>;
  /** Microseconds and [origins, propagated, recovered] by call path, steps joined with `->`. */
  readonly errCallpathTimeExclusive?: Readonly<Record<string, number>>;
  readonly errCounts?: Readonly<Record<string, readonly number[]>>;
}

test('exclusive critical path time of CRISP, within 2% of the root', (t) =>
  eachCase<CrispFigures>(t, 'critical-path-crisp', (set, expected) => {
    const report = criticalPathReport(set)[0];
    assert.ok(report !== undefined);
    for (const operation of new Set([
      ...Object.keys(expected.opTimeExclusive),
      ...Object.keys(report.exclusiveNsByOperation),
    ])) {
      const wanted = 1000 * (expected.opTimeExclusive[operation] ?? 0);
      const found = report.exclusiveNsByOperation[operation] ?? 0;
      assert.ok(
        Math.abs(wanted - found) <= 0.02 * report.rootDurationNs,
        `${operation}: wanted ${wanted} ns, found ${found} ns`,
      );
    }
  }));

/** CRISP's own test: an error status, an `error` tag, or any HTTP status from 400. */
const crispFailed =
  (set: TraceSet) =>
  (span: number): boolean =>
    set.status[span] === spanStatus.error ||
    attributeOf(set, span, 'error') !== undefined ||
    Number(attributeOf(set, span, 'http.status_code') ?? 0) >= 400;

test('error paths of CRISP', (t) =>
  eachCase<CrispFigures>(t, 'critical-path-crisp', (set, expected) => {
    if (expected.errCallpathTimeExclusive === undefined) return;
    const paths = errorPaths(prepareTraces(set), 0, crispFailed(set)).map(({ path, ...rest }) => ({
      key: path.join('->'),
      ...rest,
    }));
    const times = paths
      .filter(({ exclusiveNs }) => exclusiveNs > 0)
      .map(({ key, exclusiveNs }) => [key, exclusiveNs / 1000]);
    assert.deepEqual(Object.fromEntries(times), expected.errCallpathTimeExclusive);
    const counts = paths.map(({ key, origins, propagated, recovered }) => [key, [origins, propagated, recovered]]);
    assert.deepEqual(Object.fromEntries(counts), expected.errCounts);
  }));

interface SelfTimeRows {
  /** Milliseconds, rounded to two digits; groups in order of first appearance, depth first. */
  readonly rows: readonly {
    readonly count: number;
    readonly total: number;
    readonly selfTotal: number;
    readonly selfMin: number;
    readonly selfMax: number;
  }[];
}

test('self time tables of jaeger-ui', (t) =>
  eachCase<SelfTimeRows>(t, 'self-time-jaeger-ui', (set, expected, { groupBy }) => {
    const prepared = prepareTraces(set);
    const groups = new Map<string, number[]>();
    for (const span of prepared.order) {
      const key = groupBy === 'service' ? serviceOf(set, span) : (set.strings[set.name[span] ?? 0] ?? '');
      groups.set(key, [...(groups.get(key) ?? []), span]);
    }
    const rows = [...groups.values()].map((spans) => {
      const self = spans.map((span) => (prepared.selfNs[span] ?? 0) / 1e6);
      const total = spans.reduce(
        (sum, span) => sum + ((prepared.end[span] ?? 0) - (prepared.start[span] ?? 0)) / 1e6,
        0,
      );
      return [spans.length, total, self.reduce((sum, each) => sum + each, 0), Math.min(...self), Math.max(...self)].map(
        twoDigits,
      );
    });
    assert.deepEqual(
      rows,
      expected.rows.map(({ count, total, selfTotal, selfMin, selfMax }) => [count, total, selfTotal, selfMin, selfMax]),
    );
  }));

const twoDigits = (value: number): number => Math.round(100 * value) / 100;
