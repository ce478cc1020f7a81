// When a change of state is told: once when it breaks, once when it recovers, never twice for the same state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { Verdict, VerdictName } from '../../../src/core/model/verdict.ts';
import type { NotifyRule, Verification } from '../../../src/core/model/verification.ts';
import { type AlertStates, nextAlerts } from '../../../src/verify/alert-state.ts';
import { clauseOf, fixed, quantile, requirementOf, ruleOf } from '../../support/requirement-of.ts';
import { examplePlan, runWith, verdictWith } from '../../support/run-builder.ts';

const hour = 3_600_000;
const rule: NotifyRule = {
  target: 'oncall',
  when: [
    { event: 'fail', times: 1 },
    { event: 'recovered', times: 1 },
    { event: 'inconclusive', times: 3 },
  ],
  after: { failures: 2, of: 3 },
  repeat: millis(4 * hour),
};

/** Status of each alert told, run by run; runs are an hour apart. Each change makes a rule of its own. */
function tell(
  verdicts: readonly VerdictName[],
  ...changes: readonly Partial<NotifyRule>[]
): readonly (readonly string[])[] {
  return tellEach(verdicts, {}, ...changes);
}

/** The same of verdicts that have something in common. */
function tellEach(
  verdicts: readonly VerdictName[],
  common: Partial<Verdict>,
  ...changes: readonly Partial<NotifyRule>[]
): readonly (readonly string[])[] {
  const verification = {
    name: 'checkout-peak',
    environment: 'staging',
    notify: changes.length === 0 ? [rule] : changes.map((change) => ({ ...rule, ...change })),
    targets: [{ name: 'oncall', url: 'http://127.0.0.1:1/', format: 'cloudevents' }],
  } as unknown as Verification;
  let states: AlertStates = {};
  return verdicts.map((verdict, i) => {
    const run: Run = runWith({
      plan: { ...examplePlan, runId: `RUN${i}` },
      verdicts: [verdictWith({ requirement: 'CHK-01', priority: 'must', verdict, ...common })],
      endedAt: unixMillis(i * hour),
    });
    const step = nextAlerts(verification, states, run, () => ({}));
    states = step.states;
    return step.alerts.map((alert) => `${alert.event} ${alert.status}`);
  });
}

const cases: readonly (readonly [string, readonly VerdictName[], readonly (readonly string[])[]])[] = [
  ['one failure of three is not told', ['pass', 'fail', 'pass'], [[], [], []]],
  ['the second failure of three is', ['fail', 'pass', 'fail'], [[], [], ['fail firing']]],
  ['a state that lasts is told once', ['fail', 'fail', 'fail', 'fail'], [[], ['fail firing'], [], []]],
  ['recovery is told once', ['fail', 'fail', 'pass', 'pass'], [[], ['fail firing'], ['recovered resolved'], []]],
  ['what never fired never recovers', ['fail', 'pass', 'pass'], [[], [], []]],
  [
    'inconclusive needs three in a row',
    ['inconclusive', 'inconclusive', 'inconclusive'],
    [[], [], ['inconclusive firing']],
  ],
  [
    'an inconclusive run does not close an open failure',
    ['fail', 'fail', 'inconclusive', 'pass'],
    [[], ['fail firing'], [], ['recovered resolved']],
  ],
];
for (const [name, verdicts, wanted] of cases) {
  test(name, () => assert.deepEqual(tell(verdicts), wanted));
}

test('an open failure is repeated after its repeat time', () => {
  const told = tell(['fail', 'fail', 'fail', 'fail', 'fail', 'fail', 'fail']);
  assert.deepEqual(
    told.map((alerts) => alerts.length),
    [0, 1, 0, 0, 0, 1, 0],
  );
});

test('with failures 1 of 1 the first failure fires', () => {
  assert.deepEqual(tell(['fail', 'pass'], { after: { failures: 1, of: 1 } }), [
    ['fail firing'],
    ['recovered resolved'],
  ]);
});

const onFail = { when: [{ event: 'fail', times: 1 }] } as const;
const onRecovery = { when: [{ event: 'recovered', times: 1 }] } as const;
const onInconclusive = { when: [{ event: 'inconclusive', times: 3 }] } as const;

test('two rules for one target count each run once', () => {
  const wanted = [[], ['fail firing'], []];
  assert.deepEqual(tell(['fail', 'fail', 'fail'], onInconclusive, onFail), wanted);
  assert.deepEqual(tell(['fail', 'fail', 'fail'], onFail, onInconclusive), wanted);
  assert.deepEqual(tell(['inconclusive', 'inconclusive', 'inconclusive'], onInconclusive, onFail), [
    [],
    [],
    ['inconclusive firing'],
  ]);
});

test('recovery is told when any rule of the target asks for it, in any order', () => {
  const wanted = [[], ['fail firing'], ['recovered resolved'], []];
  assert.deepEqual(tell(['fail', 'fail', 'pass', 'pass'], onFail, onRecovery), wanted);
  assert.deepEqual(tell(['fail', 'fail', 'pass', 'pass'], onRecovery, onFail), wanted);
  assert.deepEqual(tell(['fail', 'fail', 'pass'], onInconclusive, onFail), [[], ['fail firing'], []]);
});

test('what two rules of a target would tell is told once, and repeated by the shorter repeat time', () => {
  const quick = { ...onFail, after: { failures: 1, of: 1 }, repeat: millis(2 * hour) };
  assert.deepEqual(tell(['fail', 'fail', 'fail'], quick, onFail), [['fail firing'], [], ['fail firing']]);
});

test('an interrupted run changes nothing', () => {
  const verification = { notify: [rule], targets: [] } as unknown as Verification;
  const states: AlertStates = { 'oncall/CHK-01': { verdicts: ['fail'] } };
  const step = nextAlerts(verification, states, runWith({ status: 'interrupted' }), () => ({}));
  assert.deepEqual(step, { states, alerts: [] });
});

test('a run that could not be made puts every requirement in error, with the reason', () => {
  const requirements = ['CHK-01', 'CHK-02'].map((id) =>
    requirementOf({
      id,
      type: 'latency',
      require: ruleOf(clauseOf({ stat: quantile(0.99), op: 'lte', limit: fixed(300) })),
    }),
  );
  const verification = {
    name: 'checkout-peak',
    environment: 'staging',
    requirements,
    notify: [{ ...rule, when: [{ event: 'error', times: 1 }] }],
    targets: [{ name: 'oncall', url: 'http://127.0.0.1:1/', format: 'cloudevents' }],
  } as unknown as Verification;
  const run = runWith({ status: 'failed', verdict: 'error', verdicts: [], message: 'nothing answers at shop:8080' });
  const { alerts } = nextAlerts(verification, {}, run, () => ({}));
  assert.deepEqual(
    alerts.map(({ event, verdict }) => `${verdict.requirement} ${event}: ${verdict.explanation}`),
    ['CHK-01 error: nothing answers at shop:8080', 'CHK-02 error: nothing answers at shop:8080'],
  );
});

test('as many runs are remembered as a rule looks back', () => {
  const many = Array.from({ length: 14 }, () => 'inconclusive' as const);
  const told = tell(many, { when: [{ event: 'inconclusive', times: 12 }] });
  assert.deepEqual(
    told.flatMap((alerts, i) => alerts.map((alert) => `${i} ${alert}`)),
    ['11 inconclusive firing'],
  );
  const failing = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? ('fail' as const) : ('pass' as const)));
  const slow = tell([...failing, 'fail', 'fail'], { after: { failures: 11, of: 20 } });
  assert.deepEqual(
    slow.flatMap((alerts, i) => alerts.map((alert) => `${i} ${alert}`)),
    ['21 fail firing'],
  );
});

test('fail x 3 waits for three in a row', () => {
  const patient = { when: [{ event: 'fail' as const, times: 3 }], after: { failures: 1, of: 1 } };
  assert.deepEqual(tell(['fail', 'fail', 'pass', 'fail', 'fail', 'fail', 'fail'], patient), [
    [],
    [],
    [],
    [],
    [],
    ['fail firing'],
    [],
  ]);
});

test('a requirement that is skipped tells nothing', () => {
  const skipped = tellEach(['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive'], { skipped: true });
  assert.deepEqual(skipped.flat(), []);
});
