// What every trace source promises (src/ports/trace-source.ts), as tests.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { spansOf } from '../../src/core/model/span-view.ts';
import type { SpanRecord, TraceSet } from '../../src/core/model/trace-set.ts';
import { type Millis, millis, unixMillis } from '../../src/core/model/units.ts';
import type { TraceSearch, TraceSource } from '../../src/ports/trace-source.ts';
import { spanRecord } from '../support/span-records.ts';

export interface TraceBackEnd {
  readonly source: TraceSource;
  /** Brings spans into the back end and waits until they can be read. */
  readonly store: (spans: readonly SpanRecord[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface TraceSourceCase {
  readonly name: string;
  readonly start: () => Promise<TraceBackEnd>;
  /** Why the whole suite cannot run here; false when it can. */
  readonly skip?: string | false;
}

const resource = { 'service.name': 'checkout', 'service.version': '1.2' };
const startMs = 1_700_000_000_000;
const nanos = (offsetMs: number): bigint => BigInt(startMs) * 1_000_000n + BigInt(Math.round(offsetMs * 1e6));
const trace = (number: number): string => `fa17${number.toString(16).padStart(28, '0')}`;
const span = (number: number): string => `e${number.toString(16).padStart(15, '0')}`;

/** Stored at the start of the suite. Trace n begins at n seconds and lasts n * 100 ms. */
const stored: readonly SpanRecord[] = [1, 2, 3].flatMap((n): SpanRecord[] => [
  spanRecord({
    traceId: trace(n),
    spanId: span(n * 10),
    name: `GET /${n}`,
    kind: 2,
    startUnixNanos: nanos(n * 1000) + 123n,
    endUnixNanos: nanos(n * 1100) + 456n,
    resource,
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'app.sampled': true,
      'app.share': 0.25,
    },
  }),
  spanRecord({
    traceId: trace(n),
    spanId: span(n * 10 + 1),
    parentSpanId: span(n * 10),
    name: 'SELECT',
    kind: 3,
    status: 2,
    startUnixNanos: nanos(n * 1000 + 10),
    endUnixNanos: nanos(n * 1000 + 20),
    resource,
    attributes: { 'exception.type': 'Timeout', 'exception.message': 'zu spät' },
    links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
  }),
]);

export function traceSourceContract({ name, start, skip = false }: TraceSourceCase): void {
  describe(`trace source: ${name}`, { skip, timeout: 120_000 }, () => {
    let backEnd: TraceBackEnd;
    before(async () => {
      backEnd = await start();
      await backEnd.store(stored);
    });
    after(() => backEnd?.stop());

    const options = (timeout: Millis = millis(10_000), signal: AbortSignal = new AbortController().signal) => ({
      timeout,
      signal,
    });
    const byIds = async (...ids: readonly string[]): Promise<TraceSet> => {
      const answer = await backEnd.source.byIds(ids, options());
      assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
      return answer.value;
    };
    const search = async (given: Partial<TraceSearch>): Promise<readonly string[]> => {
      const window = { start: unixMillis(startMs), end: unixMillis(startMs + 60_000) };
      const answer = await backEnd.source.search({ window, service: 'checkout', limit: 100, ...given }, options());
      assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
      return answer.value.traceIds;
    };

    test('says what it can do', () => assert.deepEqual(backEnd.source.capabilities, { byId: true, search: true }));

    test('gives spans back as they were stored', async () => {
      const set = await byIds(trace(2));
      assert.deepEqual(set.traceIds, [trace(2)]);
      assert.equal(set.startUnixNanos[0], nanos(2000) + 123n);
      const [root, child] = spansOf(set, 0);
      assert.deepEqual(
        { ...root, resource: pick(root?.resource ?? {}, resource) },
        {
          index: 0,
          traceId: trace(2),
          spanId: span(20),
          parent: -1,
          service: 'checkout',
          name: 'GET /2',
          kind: 2,
          status: 0,
          start: 0,
          end: 200_000_333,
          attributes: {
            'http.request.method': 'GET',
            'http.response.status_code': 200,
            'app.sampled': true,
            'app.share': 0.25,
          },
          resource,
        },
      );
      assert.deepEqual(
        [child?.parent, child?.kind, child?.status, child?.start, child?.end],
        [0, 3, 2, 9_999_877, 19_999_877],
      );
      assert.deepEqual(child?.attributes, { 'exception.type': 'Timeout', 'exception.message': 'zu spät' });
      assert.deepEqual(set.links.get(1), [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }]);
    });

    test('gives several traces at once, each once, whatever the case of the ids', async () => {
      const set = await byIds(trace(3), trace(1).toUpperCase(), trace(3), trace(1));
      assert.deepEqual(set.traceIds, [trace(1), trace(3)]);
      assert.equal(set.start.length, 4);
    });

    test('leaves out an id that it does not know', async () => {
      assert.deepEqual((await byIds(trace(99), trace(1))).traceIds, [trace(1)]);
      assert.deepEqual((await byIds(trace(99))).traceIds, []);
      assert.deepEqual((await byIds()).traceIds, []);
    });

    test('finds the traces of a service', async () => {
      assert.deepEqual(await search({}), [trace(1), trace(2), trace(3)]);
      assert.deepEqual(await search({ service: 'nobody' }), []);
    });

    test('finds by operation, whole', async () => {
      assert.deepEqual(await search({ operation: 'GET /2' }), [trace(2)]);
      assert.deepEqual(await search({ operation: 'GET' }), []);
    });

    test('finds by least duration', async () => {
      assert.deepEqual(await search({ minDuration: millis(150) }), [trace(2), trace(3)]);
      assert.deepEqual(await search({ minDuration: millis(299.5), operation: 'GET /3' }), [trace(3)]);
    });

    test('finds within the window only', async () => {
      const window = (from: number, to: number) => ({
        start: unixMillis(startMs + from),
        end: unixMillis(startMs + to),
      });
      assert.deepEqual(await search({ window: window(1500, 2500) }), [trace(2)]);
      assert.deepEqual(await search({ window: window(5000, 9000) }), []);
    });

    test('gives no more traces than the limit', async () => assert.equal((await search({ limit: 2 })).length, 2));

    test('an aborted call ends at once, as an error', async () => {
      for (const ask of [
        (signal: AbortSignal) => backEnd.source.byIds([trace(1)], options(millis(10_000), signal)),
        (signal: AbortSignal) =>
          backEnd.source.search(
            { window: { start: unixMillis(0), end: unixMillis(startMs * 2) }, limit: 5 },
            options(millis(10_000), signal),
          ),
      ]) {
        const began = performance.now();
        const answer = await ask(AbortSignal.abort());
        assert.ok(!answer.ok && answer.error.kind === 'timeout');
        assert.ok(performance.now() - began < 1000);
      }
    });
  });
}

/** Back ends may add attributes to a resource (host, instance): those that were stored must be among them. */
function pick(found: object, wanted: object): object {
  return Object.fromEntries(Object.entries(found).filter(([key]) => key in wanted));
}
