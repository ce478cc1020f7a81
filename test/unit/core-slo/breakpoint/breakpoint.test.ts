// The search for a breaking point, on a queue whose capacity is known: eight servers of 20 ms each carry 400 requests a second.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoadResult } from '../../../../src/core/model/load.ts';
import type { Requirement } from '../../../../src/core/model/requirement.ts';
import { millis, perSecond } from '../../../../src/core/model/units.ts';
import type { Verification } from '../../../../src/core/model/verification.ts';
import { isBroken } from '../../../../src/core/slo/breakpoint/find-breakpoint.ts';
import { judgeSearch } from '../../../../src/core/slo/breakpoint/judge-search.ts';
import { searchedRequirement } from '../../../../src/core/slo/breakpoint/searched-requirement.ts';
import type { JudgeInput } from '../../../../src/core/slo/judge.ts';
import { needsOf } from '../../../../src/core/slo/needs.ts';
import { loadPlan } from '../../../support/load-plan.ts';
import { loadResultOf, type SimulatedPhase, type SimulatedRequest } from '../../../support/load-result-of.ts';
import {
  clauseOf,
  evaluationOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../../support/requirement-of.ts';

const servers = 8;
const serviceMs = 20;
const capacity = 400;

const latency = requirementOf({
  id: 'LAT',
  type: 'latency',
  require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(100), text: 'p95 <= 100ms' })),
});
const carries = (rate: number): Requirement =>
  requirementOf({
    id: `CAP-${rate}`,
    type: 'concurrency',
    source: 'server',
    require: ruleOf(
      clauseOf({
        stat: named('capacity'),
        op: 'gte',
        limit: fixed(rate, '/s'),
        while: ['LAT'],
        text: `capacity >= ${rate}/s`,
      }),
    ),
  });

/** As `searchedRequirement` makes it, with slices of a step's twentieth. */
const searched: Requirement = { ...latency, id: 'LAT/rise', slice: millis(60) };

interface Rise {
  readonly phases: readonly (SimulatedPhase & { readonly to?: number })[];
  /** The load ends there. */
  readonly untilMs?: number;
}

/** Arrivals at the planned rate, each served by the server that is free first. */
function queueUnder({ phases, untilMs = Number.POSITIVE_INFINITY }: Rise): LoadResult {
  const freeAt = Array.from({ length: servers }, () => 0);
  const requests: SimulatedRequest[] = [];
  for (const { name, startMs, endMs, rate = 0, to = rate } of phases) {
    for (let atMs = startMs, owed = 0; atMs < Math.min(endMs, untilMs); atMs += 1) {
      owed += (rate + ((to - rate) * (atMs - startMs)) / (endMs - startMs)) / 1000;
      for (; owed >= 1; owed -= 1) {
        const next = freeAt.indexOf(Math.min(...freeAt));
        const endedAt = Math.max(atMs, freeAt[next] ?? 0) + serviceMs;
        freeAt[next] = endedAt;
        requests.push({ atMs, latencyMs: endedAt - atMs, phase: name });
      }
    }
  }
  const input = inputOf(
    phases.map(({ name }) => name),
    [latency],
  );
  const { watches } = needsOf([latency, searched], input);
  const result = loadResultOf({ requests, phases, watches, groupSliceMs: searched.slice });
  return {
    ...result,
    phases: result.phases.map((window, i) => {
      const { rate = 0, to = rate } = phases[i] ?? {};
      return { ...window, plannedRate: { from: perSecond(rate), to: perSecond(to) } };
    }),
    ...(Number.isFinite(untilMs) ? { endedEarly: { atMs: millis(untilMs) }, durationMs: millis(untilMs) } : {}),
  };
}

const inputOf = (phases: readonly string[], all: readonly Requirement[], load?: LoadResult): JudgeInput =>
  judgeInputOf(all, observationsOf(load === undefined ? {} : { load }), { evaluation: evaluationOf(phases), phases });

function search(rise: Rise, others: readonly Requirement[] = []) {
  const load = queueUnder(rise);
  const all = [latency, ...others];
  return judgeSearch(
    all,
    searched,
    inputOf(
      rise.phases.map(({ name }) => name),
      all,
      load,
    ),
  );
}

const ramp: Rise = { phases: [{ name: 'rise', startMs: 1000, endMs: 25_000, rate: 100, to: 700 }] };
const steps: Rise = {
  phases: [200, 300, 380, 440, 500, 600].map((rate, i) => ({
    name: `r${rate}`,
    startMs: i * 3000,
    endMs: (i + 1) * 3000,
    rate,
  })),
};

describe('a breakpoint search', () => {
  it('names the last stretch of a ramp that held and the first that broke', () => {
    const { breakpoint } = search(ramp);
    const { lastHeld, firstBroken } = breakpoint;
    const held = breakpoint.steps.findLast(({ state }) => state === 'held')?.level ?? 0;
    assert.ok(held > 0.95 * capacity && held <= capacity, `held for certain up to ${held}`);
    assert.ok(lastHeld !== undefined && lastHeld.level >= held && lastHeld.level < 1.1 * capacity);
    assert.ok(firstBroken !== undefined && firstBroken.level > capacity && firstBroken.level < 1.2 * capacity);
    assert.ok((lastHeld.value ?? 0) <= 100 && (firstBroken.value ?? 0) > 100);
    assert.equal(firstBroken.limit, 100);
    assert.equal(breakpoint.steps.length, 20);
  });

  it('judges the requirement that was to break on what held, and the run by the others', () => {
    const { verdict, verdicts } = search(ramp, [carries(300)]);
    const [lat, cap] = verdicts;
    assert.equal(lat?.verdict, 'pass', lat?.explanation);
    assert.equal(lat?.requirement, 'LAT');
    assert.match(lat?.notes.join() ?? '', /judged on what held, up to \d+\/s .*; broke at \d+\/s/);
    assert.equal(cap?.verdict, 'pass', cap?.explanation);
    assert.equal(verdict, 'pass');
  });

  it('fails a capacity that was not reached', () => {
    const { verdict, verdicts } = search(ramp, [carries(600)]);
    assert.equal(verdicts[1]?.verdict, 'fail', verdicts[1]?.explanation);
    assert.equal(verdict, 'fail');
  });

  it('takes each phase of constant load as a step, and leaves out what was not reached', () => {
    const { breakpoint, verdicts } = search({ ...steps, untilMs: 14_500 }, [carries(300)]);
    assert.deepEqual(
      breakpoint.steps.map(({ level, state }) => `${level} ${state}`),
      // A queue that grows is certain only once it has lasted: the step before it missed the limit as measured.
      ['200 held', '300 held', '380 held', '440 undecided', '500 broke'],
    );
    // Only what is undecided says why.
    assert.deepEqual(
      breakpoint.steps.map(({ reason }) => reason),
      [undefined, undefined, undefined, 'autocorrelated', undefined],
    );
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['pass', 'pass'],
    );
  });

  it('keeps the step that ended the rise, though late replies leave it undecided', () => {
    const { breakpoint } = search({ ...steps, untilMs: 11_500 });
    assert.equal(breakpoint.steps.at(-1)?.level, 440);
    assert.equal(breakpoint.firstBroken?.level, 440);
    assert.equal(breakpoint.lastHeld?.level, 380);
  });

  it('fails the requirement when not even the first step held', () => {
    const { breakpoint, verdicts } = search({ phases: [{ name: 'r', startMs: 0, endMs: 5000, rate: 600 }] });
    assert.equal(breakpoint.lastHeld, undefined);
    assert.equal(breakpoint.firstBroken?.level, 600);
    assert.equal(verdicts[0]?.verdict, 'fail');
  });

  it('says that nothing broke when nothing did', () => {
    const { breakpoint, verdicts } = search({ phases: [{ name: 'r', startMs: 0, endMs: 20_000, rate: 100, to: 350 }] });
    assert.equal(breakpoint.firstBroken, undefined);
    assert.ok((breakpoint.lastHeld?.level ?? 0) > 330);
    assert.equal(verdicts[0]?.verdict, 'pass');
    assert.match(verdicts[0]?.notes.join() ?? '', /nothing broke up to 34\d\/s/);
  });
});

describe('the end of the rise', () => {
  const seenAt = (untilMs: number, healthy = true): boolean => {
    const load = queueUnder({ ...steps, untilMs });
    const generator = healthy ? load.generator : { ...load.generator, healthy: false, reasons: ['late'] };
    return isBroken(
      searched,
      inputOf(
        steps.phases.map(({ name }) => name),
        [latency],
        { ...load, generator },
      ),
    );
  };

  it('comes when the requirement is broken for certain, and not before', () => {
    assert.deepEqual(
      [3000, 6000, 9000, 10_000].map((ms) => seenAt(ms)),
      [false, false, false, false],
    );
    assert.equal(seenAt(13_000), true);
  });

  it('takes two broken steps while the load generator is in trouble', () => {
    assert.equal(seenAt(13_000, false), false);
    assert.equal(seenAt(17_500, false), true);
  });
});

describe('the requirement that is searched for', () => {
  const verificationWith = (until: string | undefined, requirements: readonly Requirement[]): Verification => {
    const pace = { kind: 'rate', from: perSecond(10), to: perSecond(500), arrivals: 'constant' } as const;
    const phases = [{ name: 'rise', pace, duration: millis(600_000), role: 'load' as const }];
    const { workload } = loadPlan({ target: 'http://127.0.0.1:1', phases });
    return {
      name: 'knee',
      service: 's',
      labels: {},
      annotations: {},
      environment: 'test',
      workload: { ...workload, testType: 'breakpoint', ...(until === undefined ? {} : { until }) },
      evaluation: evaluationOf(['rise']),
      requirements,
      sources: { traces: [], metrics: [] },
      notify: [],
      targets: [],
      slos: [],
      definedAt: latency.definedAt,
    };
  };
  const errors = { ...latency, id: 'ERR' };

  it('is the one that the document names, in slices of a twentieth of a step', () => {
    const found = searchedRequirement(verificationWith('ERR', [latency, errors]));
    assert.deepEqual([found?.id, found?.slice], ['ERR/rise', 1500]);
  });

  it('is the first must that one step can break, when none is named', () => {
    const should = { ...latency, id: 'SOFT', priority: 'should' as const };
    assert.equal(searchedRequirement(verificationWith(undefined, [should, carries(300), latency]))?.id, 'LAT/rise');
  });

  it('is none in other tests', () => {
    const verification = verificationWith('LAT', [latency]);
    const workload = { ...verification.workload, testType: 'stress' } as NonNullable<Verification['workload']>;
    assert.equal(searchedRequirement({ ...verification, workload }), undefined);
  });
});
