// Recordings keep what back ends answered, exactly; limits that are new are counted anew, never in the system's favour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAnswers } from '../../../src/adapters/recording/record-answers.ts';
import {
  type Recording,
  readRecording,
  recordingFormat,
  writeRecording,
} from '../../../src/adapters/recording/recording.ts';
import { replayAnswers } from '../../../src/adapters/recording/replay-answers.ts';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { watchFromGroups } from '../../../src/adapters/recording/watch-from-groups.ts';
import { writeTraces } from '../../../src/adapters/recording/write-traces.ts';
import { readOtlpJson } from '../../../src/adapters/shared/otlp/read-json.ts';
import type { Sample, Watch } from '../../../src/core/model/load.ts';
import { recordsOf } from '../../../src/core/model/records-of.ts';
import { traceSet } from '../../../src/core/model/trace-set-builder.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import { inMemoryTraceSource } from '../../support/fakes/in-memory-trace-source.ts';
import { loadPlan } from '../../support/load-plan.ts';
import { loadResultOf, type SimulatedRequest } from '../../support/load-result-of.ts';
import { worldBackends } from '../../support/recorded-world.ts';
import { examplePlan } from '../../support/run-builder.ts';
import { spanRecord } from '../../support/span-records.ts';

const noSignal = new AbortController().signal;
const asking = { signal: noSignal, timeout: millis(1000) };
const empty: Recording = { format: recordingFormat, plan: examplePlan, traces: [], metrics: [], runs: [] };
const window = { start: unixMillis(0), end: unixMillis(10_000) };

test('numbers that JSON does not know survive', () => {
  const series = [{ labels: {}, times: [unixMillis(1)], values: [Number.NaN, Number.POSITIVE_INFINITY, -1.5] }];
  const metrics = [
    { key: 'prom', name: 'prom', promql: 'full', answers: [], discovered: { ok: true, value: series } } as const,
  ];
  const read = readRecording(writeRecording({ ...empty, metrics }));
  assert.ok(read.ok);
  assert.deepEqual(read.value, { ...empty, metrics });
});

test('what is no recording is refused with what was found', () => {
  for (const [text, found] of [
    ['{}', /wanted a recording of format faultline-recording\/v1, found none/],
    ['{"format":"faultline-recording/v9"}', /found faultline-recording\/v9/],
    ['null', /found none/],
    ['{"format":"faultline-recording/v1","plan":{}}', /has no `traces`/],
    ['{', /JSON/],
  ] as const) {
    const read = readRecording(text);
    assert.ok(!read.ok);
    assert.match(read.error, found);
  }
});

test('traces written as OTLP-JSON lines are read back as they were', () => {
  const set = traceSet([
    spanRecord({ spanId: 'a'.repeat(16), attributes: { n: 42, share: 0.5, ok: true, text: 'grüß' } }),
    spanRecord({ spanId: 'b'.repeat(16), parentSpanId: 'a'.repeat(16), kind: 3, status: 2 }),
    spanRecord({ spanId: 'c'.repeat(16), parentSpanId: 'f'.repeat(16), traceId: '9'.repeat(32) }),
  ]);
  const lines = writeTraces(set).trimEnd().split('\n');
  assert.equal(lines.length, 2);
  const spans = lines.flatMap((line) => {
    const read = readOtlpJson(JSON.parse(line));
    assert.ok(read.ok);
    return [...read.value.spans];
  });
  assert.deepEqual([...recordsOf(traceSet(spans))], [...recordsOf(set)]);
  assert.equal(writeTraces(traceSet([])), '');
});

test('a source that failed fails again; one that recovered has its last answer', async () => {
  const source = inMemoryTraceSource();
  const backends = { ...worldBackends({ requests: [], phases: [] }), store: await quietStore() };
  const recorder = recordAnswers({ ...backends, traces: [source] });
  const [heard] = recorder.backends.traces;
  source.failWith({ kind: 'unreachable', message: 'tempo: refused', cause: new Error('x') });
  await heard?.byIds(['1'.repeat(32)], asking);
  const failed = replayAnswers({ ...empty, ...recorder.answers() }, traceSet([]));
  assert.deepEqual(await failed.traces[0]?.byIds([], asking), {
    ok: false,
    error: { kind: 'unreachable', message: 'tempo: refused' },
  });
  source.failWith(undefined);
  await heard?.byIds(['1'.repeat(32)], asking);
  const fine = replayAnswers({ ...empty, ...recorder.answers() }, traceSet([]));
  assert.equal((await fine.traces[0]?.byIds([], asking))?.ok, true);
});

test('a question that nobody asked is not answered with nothing', async () => {
  const metrics = [
    { key: 'prom', name: 'prom', promql: 'full', answers: [], discovered: { ok: true, value: [] } } as const,
  ];
  const replayed = replayAnswers({ ...empty, metrics }, traceSet([]));
  const answer = await replayed.metrics.get('prom')?.range('up', window, millis(1000), asking);
  assert.ok(answer !== undefined && !answer.ok);
  assert.equal(answer.error.kind, 'unsupported');
  assert.match(answer.error.message, /no answer to up over this window; record the run again/);
  const driven = await replayed.load.drive(loadPlan({ target: 'http://127.0.0.1:1' }), { signal: noSignal });
  assert.ok(!driven.ok);
  assert.match(driven.error.message, /holds no load/);
});

test('waiting takes no time and moves the clock', async () => {
  const clock = replayClock(unixMillis(5000));
  await clock.sleep(millis(700), {});
  assert.deepEqual([clock.now(), clock.monotonic(), clock.randomHex(2)], [5700, 700, '0000']);
});

const watch: Watch = {
  id: 'LAT',
  scenario: 'buy',
  phases: ['peak'],
  measure: 'response',
  thresholds: [millis(100), millis(200)],
  slice: millis(1000),
};
const phases = [{ name: 'peak', startMs: 0, endMs: 10_000 }];
const requests = (failed: number): readonly SimulatedRequest[] =>
  Array.from({ length: 100 }, (_, i) => ({ atMs: i * 100, latencyMs: 3 * i, failed: i < failed }));

test('a new limit is counted from the histograms as the engine would have counted it', () => {
  const load = loadResultOf({ requests: requests(0), phases, watches: [watch] });
  const counted = watchFromGroups(watch, load, undefined);
  assert.ok(counted !== undefined);
  assert.deepEqual([counted.requests, counted.failed, counted.over], [100, 0, load.watches[0]?.over]);
  assert.deepEqual(
    counted.slices.map(({ startMs, requests: all, over }) => [startMs, all, over]),
    load.watches[0]?.slices.map(({ startMs, requests: all, over }) => [startMs, all, over]),
  );
});

test('failed requests are counted beside the slow ones: never fewer than the engine counted', () => {
  const load = loadResultOf({ requests: requests(50), phases, watches: [watch] });
  const counted = watchFromGroups(watch, load, undefined);
  const exact = load.watches[0]?.over ?? [];
  assert.ok(counted?.over.every((over, i) => over >= (exact[i] ?? 0) && over <= counted.requests));
});

test('samples are sorted by the new limit: the worst of the old one may comply with it', () => {
  const sample = (traceId: string, endedAt: number): Sample => ({
    traceId,
    spanId: '0000000000000001',
    sampled: true,
    scenario: 'buy',
    step: 'POST /checkout',
    phase: 'peak',
    scheduledAt: millis(0),
    sentAt: millis(0),
    endedAt: millis(endedAt),
    outcome: { kind: 'reply', status: 200, good: true },
  });
  const [slow, slower] = [sample('a', 150), sample('b', 250)];
  const load = loadResultOf({ requests: requests(0), phases, watches: [watch] });
  const [recorded] = load.watches;
  assert.ok(recorded);
  const before = { ...recorded, selection: { worst: [slower, slow], violators: [slow, slower], compliers: [] } };
  const counted = watchFromGroups({ ...watch, thresholds: [millis(200)] }, load, before);
  assert.deepEqual(counted?.selection, { worst: [slower], violators: [slower], compliers: [slow] });
});

test('what no histogram by slice holds is not made up', () => {
  const load = loadResultOf({ requests: requests(0), phases, watches: [] });
  assert.equal(watchFromGroups({ ...watch, measure: 'ttft' }, load, undefined), undefined);
  const bounds = [{ measure: 'ttft', atMost: millis(500) }] as const;
  assert.equal(watchFromGroups({ ...watch, bounds }, load, undefined), undefined);
});

async function quietStore() {
  return replayAnswers(empty, traceSet([])).store;
}
