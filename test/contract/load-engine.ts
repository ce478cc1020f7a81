// What every load engine promises (src/ports/load-engine.ts), as tests.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult, LoadSnapshot, Sample, Watch } from '../../src/core/model/load.ts';
import { millis, perSecond } from '../../src/core/model/units.ts';
import type { Workload } from '../../src/core/model/workload.ts';
import type { LoadEngine, LoadPlan } from '../../src/ports/load-engine.ts';
import { loadPlan, type PlanFields, phase, rate, step, TRACE_PREFIX, users } from '../support/load-plan.ts';
import { type LoadTarget, startLoadTarget } from '../support/load-target.ts';

export interface LoadEngineCase {
  readonly name: string;
  readonly engine: () => LoadEngine;
  readonly target: Parameters<typeof startLoadTarget>[0];
  /** Fields that make the engine take the way under test. */
  readonly workload?: Partial<Workload>;
  readonly threads?: number;
  /** Tests that this way does not pass by design, with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const never = new AbortController().signal;

export function loadEngineContract({
  name,
  engine,
  target: protocol,
  workload,
  threads = 1,
  except = {},
}: LoadEngineCase): void {
  describe(`load engine: ${name}`, { timeout: 120_000 }, () => {
    let target: LoadTarget;
    const check = (title: string, work: () => Promise<void>): void => {
      test(title, { skip: except[title] ?? false }, work);
    };
    before(async () => {
      target = await startLoadTarget(protocol);
    });
    after(() => target.stop());

    const planOf = (fields: Omit<PlanFields, 'target'>): LoadPlan =>
      loadPlan({
        target: target.url,
        ...fields,
        workload: { ...workload, ...fields.workload },
        plan: { threads, ...fields.plan },
      });

    /** Drives a plan; the requests that the target saw meanwhile. */
    async function drive(
      fields: Omit<PlanFields, 'target'>,
      signal: AbortSignal = never,
      onSnapshot?: (snapshot: LoadSnapshot) => void,
    ) {
      const before = target.requests.length;
      const driven = await engine().drive(planOf(fields), {
        signal,
        ...(onSnapshot === undefined ? {} : { onSnapshot }),
      });
      assert.ok(driven.ok, driven.ok ? '' : driven.error.message);
      return { result: driven.value, seen: target.requests.slice(before) };
    }

    const idsOf = (samples: readonly Sample[]): readonly string[] => samples.map(({ traceId }) => traceId);
    const total = (result: LoadResult): number => result.groups.reduce((sum, group) => sum + group.requests, 0);

    check('sends what the plan says, when it says, and counts it', async () => {
      const { result, seen } = await drive({
        phases: [phase('idle', rate(20), 500), phase('peak', rate(20, 100), 1000)],
      });
      assert.deepEqual(
        result.phases.map(({ plannedArrivals, sentArrivals }) => [plannedArrivals, sentArrivals]),
        [
          [10, 10],
          [60, 60],
        ],
      );
      assert.equal(seen.length, 70);
      assert.equal(total(result), 70);
      assert.deepEqual(result.dropped, []);
      assert.equal(result.interrupted, false);
      assert.ok(result.durationMs >= 1490 && result.durationMs < 3000, `${result.durationMs}`);
    });

    check('gives every request a trace of the run, the sampled flag and baggage', async () => {
      const { seen } = await drive({});
      const ids = new Set<string>();
      for (const { headers } of seen) {
        const [version, trace = '', span = '', flags] = String(headers['traceparent']).split('-');
        assert.deepEqual([version, flags], ['00', '03']);
        assert.match(trace, new RegExp(`^${TRACE_PREFIX}[0-9a-f]{16}$`));
        assert.match(span, /^[0-9a-f]{16}$/);
        ids.add(trace + span);
        assert.equal(headers['baggage'], 'faultline.run=run-1,faultline.scenario=scenario-0,faultline.phase=peak');
      }
      assert.equal(ids.size, seen.length);
    });

    check('leaves out baggage and the sampled flag when told', async () => {
      const { seen, result } = await drive({ workload: { baggage: false, sampledShare: 0 } });
      for (const { headers } of seen) {
        assert.equal(headers['baggage'], undefined);
        assert.match(String(headers['traceparent']), /-02$/);
      }
      assert.deepEqual(result.uniform, []);
    });

    check('sends the warm-up without counting it', async () => {
      const { result, seen } = await drive({ warmUpMs: 400, phases: [phase('peak', rate(50), 400)] });
      assert.equal(total(result), 20);
      assert.ok(seen.length > 20, `${seen.length}`);
      assert.ok(seen.some(({ headers }) => String(headers['baggage']).endsWith('faultline.phase=warm-up')));
      assert.equal(result.phases[0]?.startMs, 400);
    });

    check('never waits for a reply: a slow target gets its requests on time', async () => {
      const { result, seen } = await drive({
        scenarios: [{ steps: [step({ path: '/slow/400' })] }],
        phases: [phase('peak', rate(40), 500)],
      });
      assert.equal(seen.length, 20);
      const last = (seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0);
      // One after the other they would take 8 s.
      assert.ok(last < 2_000, `sent over ${last} ms`);
      const { response } = result.groups[0]?.histograms ?? {};
      assert.ok((response?.min ?? 0) >= 395_000, `${response?.min}`);
    });

    check('counts statuses, time-outs and resets as failed', async () => {
      const paths = ['/status/503', '/hang', '/reset', '/'];
      const { result } = await drive({
        scenarios: paths.map((path, i) => ({ name: `s${i}`, steps: [step({ path, timeout: 300 })] })),
        phases: [phase('peak', rate(80), 500)],
      });
      const byName = new Map(result.groups.map((group) => [group.step, group]));
      const failures = (path: string) => byName.get(`GET ${path}`)?.failureCounts;
      for (const path of paths.slice(0, 3)) {
        const group = byName.get(`GET ${path}`);
        assert.ok(group !== undefined && group.requests > 0 && group.failed === group.requests, path);
      }
      assert.deepEqual(Object.keys(failures('/status/503') ?? {}), ['status']);
      assert.deepEqual(Object.keys(failures('/hang') ?? {}), ['timeout']);
      assert.deepEqual(Object.keys(failures('/reset') ?? {}), ['reset']);
      assert.equal(byName.get('GET /')?.failed, 0);
      for (const slice of result.groups.flatMap(({ slices }) => slices))
        assert.equal(slice.failedResponse?.count ?? 0, slice.failed);
    });

    check('never retries by itself', async () => {
      const { result, seen } = await drive({
        scenarios: [{ steps: [step({ path: '/reset' })] }],
        phases: [phase('peak', rate(20), 500)],
      });
      assert.equal(seen.length, 10);
      assert.equal(total(result), 10);
    });

    check('walks journeys: captured values, cookies and feeds reach later steps', async () => {
      const { result, seen } = await drive({
        scenarios: [
          {
            name: 'buy',
            cookies: true,
            feeds: [{ name: 'users', path: 'users.csv', order: 'sequential' }],
            steps: [
              step({ path: '/cookie' }),
              step({
                name: 'create',
                method: 'POST',
                path: '/items',
                body: { kind: 'json', template: '{"user":"${user}"}' },
                captures: [{ variable: 'n', from: { kind: 'jsonPath', path: '$.n' } }],
              }),
              step({ name: 'read', path: '/items/${n}' }),
            ],
          },
        ],
        phases: [phase('peak', rate(10), 500)],
        plan: { feeds: { users: [{ user: 'ada' }, { user: 'bob' }] } },
      });
      assert.deepEqual(
        result.groups.map(({ step, requests, good }) => [step, requests, good]),
        [
          ['GET /cookie', 5, 5],
          ['create', 5, 5],
          ['read', 5, 5],
        ],
      );
      const created = seen.filter(({ method }) => method === 'POST');
      assert.deepEqual([...new Set(created.map(({ body }) => body))].toSorted(), ['{"user":"ada"}', '{"user":"bob"}']);
      assert.ok(created.every(({ headers }) => /^s=\d+$/.test(String(headers['cookie']))));
      assert.equal(seen.filter(({ path }) => /^\/items\/\d+$/.test(path)).length, 5);
    });

    check('sends cookies without a path back below the path that set them', async () => {
      const own = (path: string) => [
        { cookies: true, steps: [step({ path: `${path}/login` }), step({ path: '/session/5/me' })] },
      ];
      const ways = {
        'a templated path': await drive({
          scenarios: own('/session/${int(5,5)}'),
          phases: [phase('peak', rate(10), 200)],
        }),
        'an absolute path': await drive({
          scenarios: own(`${target.url}/session/5`),
          phases: [phase('peak', rate(10), 200)],
        }),
        'a target with a path': await drive({
          workload: { target: `${target.url}/session` },
          scenarios: [{ cookies: true, steps: [step({ path: '/5/login' }), step({ path: '/5/me' })] }],
          phases: [phase('peak', rate(10), 200)],
        }),
      };
      for (const [what, { seen }] of Object.entries(ways)) {
        const later = seen.filter(({ path }) => path === '/session/5/me');
        assert.equal(later.length, 2, what);
        for (const { headers } of later) assert.match(String(headers['cookie']), /^s=\d+$/, what);
      }
    });

    check('captures nothing from a reply that failed, least of all what an earlier reply said', async () => {
      const captures = [{ variable: 'n', from: { kind: 'jsonPath', path: '$.n' } }] as const;
      const first = (path: string) => step({ path, captures, timeout: 5000 });
      const { result, seen } = await drive({
        scenarios: [
          { name: 'good', steps: [first('/small'), step({ path: '/items/${n}' })] },
          { name: 'large', steps: [first('/large'), step({ path: '/wrong/${n}' })] },
          { name: 'refused', steps: [first('/status/500'), step({ path: '/wrong/${n}' })] },
        ],
        phases: [phase('peak', rate(20), 900)],
        safety: { maxConnections: threads },
      });
      const failures = result.groups.map(({ failureCounts }) => Object.keys(failureCounts).join());
      assert.deepEqual(failures, ['', '', 'too-large', '', 'status', '']);
      assert.ok(seen.some(({ path }) => path.startsWith('/items/')));
      assert.deepEqual(
        seen.filter(({ path }) => path.startsWith('/wrong/')),
        [],
      );
    });

    check('waits between steps as long as users think', async () => {
      const { seen } = await drive({
        scenarios: [
          { steps: [step({ path: '/a', thinkTime: { min: millis(150), max: millis(200) } }), step({ path: '/b' })] },
        ],
        phases: [phase('peak', rate(10), 300)],
      });
      const at = (path: string): readonly number[] =>
        seen.filter((request) => request.path === path).map(({ atMs }) => atMs);
      const [first, second] = [at('/a'), at('/b')];
      assert.equal(second.length, 3);
      for (const [i, atMs] of second.entries()) assert.ok(atMs - (first[i] ?? 0) >= 145, `${atMs - (first[i] ?? 0)}`);
    });

    check('lets users think as long as was drawn for them, also where a request is always the same', async () => {
      const { result } = await drive({
        scenarios: [{ steps: [step({ path: '/a', thinkTime: { min: millis(50), max: millis(550) } })] }],
        phases: [phase('closed', users(6), 1500)],
      });
      // 300 ms on average: 30 requests. With the shortest time throughout it would be 180.
      assert.ok(total(result) > 15 && total(result) < 60, `${total(result)}`);
    });

    check('begins a user’s next journey without the cookies of the last', async () => {
      const { seen } = await drive({
        scenarios: [
          { name: 'in', cookies: true, steps: [step({ path: '/cookie' }), step({ path: '/inside' })] },
          { name: 'out', cookies: false, steps: [step({ path: '/outside' })] },
        ],
        phases: [phase('closed', users(3), 400)],
      });
      const cookiesOf = (wanted: string): readonly boolean[] =>
        seen.filter(({ path }) => path === wanted).map(({ headers }) => headers['cookie'] !== undefined);
      assert.ok(cookiesOf('/inside').length > 0 && cookiesOf('/inside').every(Boolean));
      assert.ok(cookiesOf('/outside').length > 0 && !cookiesOf('/outside').some(Boolean));
    });

    const dropped = ({ dropped }: LoadResult): number => dropped.reduce((sum, { count }) => sum + count, 0);
    const think = (ms: number) => ({ min: millis(ms), max: millis(ms) });

    check('lets journeys that began before the end finish, each request with its own time-out', async () => {
      const { result } = await drive({
        scenarios: [
          {
            steps: [
              step({ path: '/slow/100', timeout: 700, thinkTime: think(450) }),
              step({ path: '/slow/500', timeout: 700, thinkTime: think(60_000) }),
            ],
          },
        ],
        phases: [phase('peak', rate(10), 500)],
      });
      assert.deepEqual(
        result.groups.map(({ requests, good }) => [requests, good]),
        [
          [5, 5],
          [5, 5],
        ],
      );
      assert.deepEqual(result.dropped, []);
      assert.ok(result.durationMs < 3000, `${result.durationMs}`);
    });

    check('sends the step after a think time beyond the end and every time-out', async () => {
      const { result } = await drive({
        scenarios: [{ steps: [step({ path: '/a', timeout: 300, thinkTime: think(900) }), step({ timeout: 300 })] }],
        phases: [phase('closed', users(3), 300), phase('open', rate(10), 300)],
      });
      const ended = result.groups.map(({ step, requests, failed }) => [step, requests, failed] as const);
      const of = (name: string): number => ended.reduce((sum, [step, n]) => sum + (step === name ? n : 0), 0);
      assert.deepEqual([of('GET /a'), of('GET /')], [6, 6]);
      assert.ok(ended.every(([, , failed]) => failed === 0));
      assert.deepEqual(result.dropped, []);
    });

    check('counts every step of every journey as a request or as dropped, however the run ends', async () => {
      const steps = [step({ path: '/slow/250', timeout: 300 }), step({ path: '/slow/250', timeout: 300 })];
      const crowded = await drive({
        scenarios: [{ steps }],
        phases: [phase('peak', rate(20), 500)],
        safety: { maxConnections: threads },
      });
      assert.equal(total(crowded.result) + dropped(crowded.result), 20);
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 700);
      const { result } = await drive(
        {
          scenarios: [{ steps: [step({ thinkTime: think(5000) }), ...steps] }],
          phases: [phase('peak', rate(20), 30_000)],
        },
        abort.signal,
      );
      const [first] = result.groups;
      assert.ok(first !== undefined && first.requests > 3, `${first?.requests}`);
      assert.deepEqual([total(result), dropped(result)], [first.requests, 2 * first.requests]);
      assert.deepEqual([...new Set(result.dropped.map(({ reason }) => reason))], ['interrupted']);
    });

    check('leaves the rows of feeds to what is counted, whatever the warm-up sends', async () => {
      const feed = { v: Array.from({ length: 10 }, (_, i) => ({ v: `${i}` })) };
      for (const [pace, order] of [
        [rate(20), 'unique'],
        [rate(20), 'sequential'],
        [users(3), 'unique'],
      ] as const) {
        const { result, seen } = await drive({
          warmUpMs: 400,
          scenarios: [{ feeds: [{ name: 'v', path: 'v', order }], steps: [step({ path: '/slow/20?${v}' })] }],
          phases: [phase('peak', pace, 500)],
          plan: { feeds: feed },
        });
        const isCounted = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): boolean =>
          String(headers['baggage']).endsWith('phase=peak');
        const rows = seen.filter(isCounted).map(({ path }) => Number(path.split('?')[1]));
        assert.deepEqual(rows.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], `${pace.kind} ${order}`);
        if (order === 'sequential') assert.ok(seen.length > 10, 'the warm-up sent something');
        else assert.equal(seen.length, 10, `${pace.kind}: no row twice`);
        if (pace.kind === 'rate') assert.deepEqual([total(result), result.dropped], [10, []]);
      }
    });

    check('ends a journey whose next step misses a value, and says so', async () => {
      const captures = [{ variable: 'id', from: { kind: 'jsonPath', path: '$.nowhere' } }] as const;
      const { result, seen } = await drive({
        scenarios: [{ steps: [step({ path: '/a', captures }), step({ path: '/b/${id}' })] }],
        phases: [phase('peak', rate(10), 500)],
      });
      assert.deepEqual(result.dropped, [{ phase: 'peak', reason: 'journey-failed', count: 5 }]);
      assert.equal(seen.length, 5);
      const [first] = result.groups;
      assert.deepEqual([first?.failed, first?.failureCounts], [5, { expectation: 5 }]);
      assert.equal(first?.failureMessages?.['expectation'], 'the reply has nothing to capture as `id`');
    });

    check('does not count later steps of journeys that began in the warm-up', async () => {
      const thinkTime = { min: millis(200), max: millis(200) };
      const { result, seen } = await drive({
        warmUpMs: 400,
        scenarios: [{ steps: [step({ path: '/a', thinkTime }), step({ path: '/b' })] }],
        phases: [phase('peak', rate(50), 400)],
      });
      assert.deepEqual(result.groups.map(({ step: name, requests }) => [name, requests]).toSorted(), [
        ['GET /a', 20],
        ['GET /b', 20],
      ]);
      assert.ok(seen.length > 42, `${seen.length} with the warm-up's`);
      assert.deepEqual(result.dropped, []);
    });

    check('what still waits of the warm-up does not hold up what counts', async () => {
      const scenarios = [[step({ path: '/slow/100' })], [step({ path: '/slow/100' }), step({ path: '/slow/101' })]];
      for (const steps of scenarios) {
        const { result } = await drive({
          warmUpMs: 600,
          scenarios: [{ steps }],
          phases: [phase('peak', rate(100, 1), 400)],
          safety: { maxConnections: 2 },
          workload: { safety: { ...loadPlan({ target: target.url }).workload.safety, maxConnections: 2 } },
        });
        const slowest = Math.max(...result.groups.map(({ histograms }) => histograms.response?.max ?? 0)) / 1000;
        // 20 arrivals of 0.1 s each on two connections take a second; with the warm-up's 33 before them nearly three.
        assert.ok(slowest < 1000 * steps.length + 300, `${slowest} ms`);
        assert.ok(result.generator.maxInFlight >= 10, `${result.generator.maxInFlight} in flight`);
      }
    });

    check('drops and counts arrivals when a unique feed is used up', async () => {
      const { result, seen } = await drive({
        scenarios: [{ feeds: [{ name: 'f', path: 'f', order: 'unique' }], steps: [step({ path: '/${v}' })] }],
        phases: [phase('peak', rate(20), 500)],
        plan: { feeds: { f: [{ v: 'a' }, { v: 'b' }, { v: 'c' }, { v: 'd' }] } },
      });
      assert.deepEqual(seen.map(({ path }) => path).toSorted(), ['/a', '/b', '/c', '/d']);
      assert.deepEqual(result.dropped, [{ phase: 'peak', reason: 'feed-exhausted', count: 6 }]);
      assert.deepEqual([result.phases[0]?.plannedArrivals, result.phases[0]?.sentArrivals], [10, 4]);
    });

    check('keeps as many journeys at a time as a closed phase has users', async () => {
      const { result, seen } = await drive({
        scenarios: [{ steps: [step({ path: '/slow/50' })] }],
        phases: [phase('c', users(6), 600)],
      });
      assert.ok(target.maxInFlight() >= 6);
      assert.ok(seen.length >= 36 && seen.length <= 6 * 13, `${seen.length}`);
      assert.equal(total(result), seen.length);
      assert.equal(result.phases[0]?.users, 6);
    });

    check('holds users back at the safety limit on the rate', async () => {
      const { seen } = await drive({ phases: [phase('c', users(4), 1000)], safety: { maxRate: perSecond(60) } });
      assert.ok(seen.length >= 45 && seen.length <= 70, `${seen.length}`);
    });

    check('drops arrivals beyond the in-flight limit instead of piling them up', async () => {
      const { result } = await drive({
        scenarios: [{ steps: [step({ path: '/hang', timeout: 700 })] }],
        phases: [phase('peak', rate(100), 500)],
        safety: { maxInFlight: 20 },
      });
      const dropped = result.dropped.find(({ reason }) => reason === 'in-flight-limit')?.count ?? 0;
      assert.equal(dropped + total(result), 50);
      assert.ok(Math.abs(dropped - 30) <= threads, `${dropped}`);
    });

    check('counts against thresholds exactly and selects the traces that broke them', async () => {
      const watch: Watch = {
        id: 'W',
        phases: ['peak'],
        measure: 'response',
        thresholds: [millis(150)],
        slice: millis(250),
      };
      const { result, seen } = await drive({
        scenarios: [
          { name: 'slow', steps: [step({ path: '/slow/300' })] },
          { name: 'fast', steps: [step({ path: '/' })] },
        ],
        phases: [phase('peak', rate(60), 1000)],
        plan: { watches: [watch], selectionSize: 100 },
      });
      const [found] = result.watches;
      assert.equal(found?.requests, 60);
      assert.deepEqual(
        found?.slices.map(({ startMs }) => startMs),
        [0, 250, 500, 750],
      );
      // All of them fit into the selection, so it must be the whole truth.
      const { violators, compliers, worst } = found?.selection ?? { violators: [], compliers: [], worst: [] };
      assert.equal(violators.length, found?.over[0]);
      assert.equal(violators.length + compliers.length, 60);
      assert.deepEqual(idsOf(worst).toSorted(), idsOf(violators).toSorted());
      assert.ok(violators.every(({ scheduledAt, endedAt }) => endedAt - scheduledAt > 150));
      const slow = seen.filter(({ path }) => path === '/slow/300');
      const selected = new Set(idsOf(violators));
      assert.ok(slow.length > 5);
      for (const { headers } of slow) assert.ok(selected.has(String(headers['traceparent']).split('-')[1] ?? ''));
    });

    check('shows itself about once a second', async () => {
      const snapshots: LoadSnapshot[] = [];
      await drive({ phases: [phase('peak', rate(40), 2400)] }, never, (snapshot) => snapshots.push(snapshot));
      assert.ok(snapshots.length >= 2 && snapshots.length <= 3, `${snapshots.length}`);
      assert.ok((snapshots[1]?.requests ?? 0) > 50);
      assert.deepEqual([snapshots[0]?.phase, snapshots[0]?.endsMs], ['peak', 2400]);
    });

    check('ends when whoever ordered the load has seen enough, with everything measured until then', async () => {
      const looks: LoadResult[] = [];
      const plan = planOf({ phases: [phase('first', rate(40), 1500), phase('never', rate(40), 30_000)] });
      const began = performance.now();
      const driven = await engine().drive(plan, {
        signal: never,
        isEnough: (soFar) => looks.push(soFar) === 2,
      });
      assert.ok(driven.ok);
      const { endedEarly, groups, interrupted, aborted } = driven.value;
      const took = performance.now() - began;
      assert.ok(took < 8000, `${took}`);
      assert.deepEqual([looks.length, interrupted, aborted], [2, false, undefined]);
      assert.ok(endedEarly !== undefined && endedEarly.atMs > 1500 && endedEarly.atMs < took, `${endedEarly?.atMs}`);
      const [first, second] = looks.map(total);
      assert.ok(first !== undefined && first > 10 && second !== undefined && second > first, `${first} ${second}`);
      assert.ok(total(driven.value) >= second && total(driven.value) < 200, 'the looks took nothing away');
      assert.ok(groups.every(({ failed }) => failed === 0));
    });

    check('stops soon after an abort, waits for replies no longer than 2 s, and gives what it has', async () => {
      const abort = new AbortController();
      const before = target.requests.length;
      let abortedAt = 0;
      const waiting = setInterval(() => {
        if (target.requests.length < before + 15) return;
        clearInterval(waiting);
        abortedAt = performance.now();
        abort.abort();
      }, 5);
      const scenarios = [
        { name: 'fast', steps: [step()] },
        { name: 'hang', weight: 0.2, steps: [step({ path: '/hang', timeout: 30_000 })] },
      ];
      const { result, seen } = await drive({ scenarios, phases: [phase('peak', rate(50), 30_000)] }, abort.signal);
      assert.ok(performance.now() - abortedAt < 2000 + 1500, `${performance.now() - abortedAt}`);
      assert.equal(result.interrupted, true);
      assert.equal(result.aborted, undefined);
      assert.ok(seen.length >= 15 && seen.length < 60, `${seen.length}`);
      const after = target.requests.length;
      await sleep(200);
      assert.equal(target.requests.length, after, 'nothing is sent after the end');
      assert.equal(
        result.groups.reduce((sum, group) => sum + (group.failureCounts.cancelled ?? 0), 0),
        0,
        'what was cut off by us is no failure',
      );
    });

    check('ends a closed model after so many journeys, and says what rate that was', async () => {
      const began = performance.now();
      const { result, seen } = await drive({
        phases: [phase('max', users(4), 60_000)],
        plan: { journeys: 50 },
      });
      assert.ok(performance.now() - began < 20_000);
      assert.deepEqual([seen.length, total(result), result.interrupted], [50, 50, false]);
      const { achievedRate } = result.generator;
      assert.ok(achievedRate > 10 && Math.abs((achievedRate * result.durationMs) / 1000 - 50) < 10, `${achievedRate}`);
    });

    check('does not send anything when aborted before it starts', async () => {
      const { result, seen } = await drive({ phases: [phase('peak', rate(100), 10_000)] }, AbortSignal.abort());
      assert.equal(result.interrupted, true);
      assert.ok(seen.length <= 2, `${seen.length}`);
    });

    check('ends the run when a safety limit is broken, and names the limit', async () => {
      const { result } = await drive({
        scenarios: [{ steps: [step({ path: '/status/500' })] }],
        phases: [phase('peak', rate(50), 20_000)],
        safety: { errorRate: { above: 0.5, for: millis(2000) } },
      });
      assert.equal(result.aborted?.limit, 'errorRate > 50% for 2s');
      assert.ok((result.aborted?.atMs ?? 0) >= 1900 && (result.aborted?.atMs ?? 0) < 6000, `${result.aborted?.atMs}`);
      assert.equal(result.interrupted, false);
      assert.ok(result.durationMs < 8000);
    });

    check('says that nothing answers, and sends nothing', async () => {
      const gone = createServer();
      await new Promise<void>((listening) => gone.listen(0, '127.0.0.1', listening));
      const { port } = gone.address() as { port: number };
      await new Promise<void>((closed) => gone.close(() => closed()));
      const began = performance.now();
      const driven = await engine().drive(
        { ...planOf({}), workload: { ...planOf({}).workload, target: `http://127.0.0.1:${port}` } },
        { signal: never },
      );
      assert.ok(!driven.ok && driven.error.kind === 'unreachable');
      assert.match(driven.error.message, /ECONNREFUSED/);
      assert.equal(driven.error.target, `http://127.0.0.1:${port}`);
      assert.ok(performance.now() - began < 3000);
    });

    check('refuses a plan that makes no sense, with all that is wrong', async () => {
      const cases: readonly (readonly [Omit<PlanFields, 'target'>, RegExp])[] = [
        [{ phases: [] }, /no phase/],
        [{ phases: [phase('p', rate(10), 0)] }, /phase "p" must last/],
        [
          {
            phases: [phase('p', rate(10), 100)],
            safety: { maxRate: perSecond(5) },
          },
          /exceeds the safety limit maxRate/,
        ],
        [
          {
            scenarios: [
              { weight: 3, steps: Array.from({ length: 5 }, () => step()) },
              { weight: 1, steps: [step()] },
            ],
            phases: [phase('p', rate(50), 100)],
            safety: { maxRate: perSecond(100) },
          },
          /asks for 200 requests\/s, which exceeds the safety limit maxRate/,
        ],
        [{ phases: [phase('p', users(0), 100)] }, /whole number of users/],
        [
          { phases: [phase('p', users(21), 100)], safety: { maxInFlight: 20 } },
          /has 21 users, which exceeds the safety limit maxInFlight of 20/,
        ],
        [{ scenarios: [{ steps: [step({ path: '/${' })] }] }, /never closed/],
        [
          { scenarios: [{ steps: [step({ method: 'POST', body: { kind: 'file', path: '/no/such/file' } })] }] },
          /cannot be read/,
        ],
        [
          { scenarios: [{ feeds: [{ name: 'f', path: 'f', order: 'random' }], steps: [step()] }] },
          /feed "f" has no rows/,
        ],
        [{ plan: { traceIdPrefix: 'xyz' } }, /traceIdPrefix/],
      ];
      for (const [fields, message] of cases) {
        const driven = await engine().drive(planOf(fields), { signal: never });
        assert.ok(!driven.ok && driven.error.kind === 'invalid-plan', String(message));
        assert.match(driven.error.message, message);
      }
    });

    check('leaves nothing behind', async () => {
      await drive({});
      for (let i = 0; i < 50 && target.openConnections() > 0; i += 1) await sleep(20);
      assert.equal(target.openConnections(), 0);
    });
  });
}
