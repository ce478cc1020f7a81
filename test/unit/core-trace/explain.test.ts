// The explanation: which candidates are causes, how they rank, how sure they are, and what is said about them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../../src/core/model/finding.ts';
import { explain } from '../../../src/core/trace/explain/explain.ts';
import type { CandidateFinding, MechanismContext } from '../../../src/core/trace/mechanisms/mechanism.ts';
import { retryStorm } from '../../../src/core/trace/mechanisms/retry-storm.ts';
import { call, contextOf, type DrawnWork, requests, server } from '../../support/request-traces.ts';

const context = contextOf({
  violating: requests(30, (jitter) => server('gateway', 'POST /checkout', [0, 400 + jitter])),
  reference: requests(30, (jitter) => server('gateway', 'POST /checkout', [0, 100 + jitter])),
});

/** Everything violating failed. */
const failing: MechanismContext = { ...context, failed: context.failed.map((_, trace) => (trace >= 30 ? 1 : 0)) };

function candidate(
  given: Partial<CandidateFinding> & Pick<CandidateFinding, 'mechanism' | 'service'>,
): CandidateFinding {
  return {
    operation: 'POST /score',
    path: ['gateway', 'checkout', 'payments', given.service],
    effectMs: 200,
    share: 0.8,
    support: 0.9,
    confidence: 'high',
    corroborated: false,
    evidence: [],
    traces: [30, 31],
    ...given,
  };
}

const edge = (caller: string, callee: string) => ({ caller, callee, operation: 'POST' });
const slowFraud = candidate({
  mechanism: 'slow-dependency',
  service: 'fraud',
  edge: edge('payments', 'fraud'),
  evidence: [
    { name: 'own time', value: 190, unit: 'ms' },
    { name: 'time around its spans', value: 10, unit: 'ms' },
  ],
});
const retries = (caller: string, callee: string, amplification: number, more: Partial<CandidateFinding> = {}) =>
  candidate({
    mechanism: 'retry-storm',
    service: callee,
    edge: edge(caller, callee),
    evidence: [
      { name: 'amplification', value: amplification, baseline: 1, unit: 'x' },
      { name: 'attempts per entry call', value: amplification, unit: 'x' },
      { name: 'timed out', value: 0.5, unit: 'ratio' },
      { name: 'exhausted', value: 0.2, unit: 'ratio' },
    ],
    ...more,
  });

const mechanisms = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ mechanism, service }) => `${mechanism} ${service}`);

describe('causes and amplifiers', () => {
  test('no candidate, no finding', () => {
    assert.deepEqual(explain([], context), []);
  });

  test('one request per row is also made in turn, which is not a second thing that goes wrong', () => {
    const loop = { service: 'orders', edge: edge('orders', 'price'), path: ['gateway', 'orders'] };
    const [found, ...others] = explain(
      [
        candidate({ mechanism: 'sequential-fanout', ...loop }),
        candidate({ mechanism: 'n-plus-one', ...loop }),
        candidate({ mechanism: 'chatty', ...loop }),
      ],
      context,
    );
    assert.equal(found?.mechanism, 'n-plus-one');
    assert.deepEqual(found?.amplifiers, []);
    assert.deepEqual(others, []);
  });

  test('pauses that a metric confirms come before the queue that they make at the door', () => {
    const search = { service: 'search', edge: edge('web', 'search'), path: ['web', 'search'] };
    const pauses = (confidence: 'high' | 'low') =>
      explain(
        [
          candidate({ mechanism: 'pool-wait', ...search, confidence: 'medium' }),
          candidate({ mechanism: 'pause', ...search, confidence }),
        ],
        context,
      )[0]?.mechanism;
    assert.equal(pauses('high'), 'pause');
    assert.equal(pauses('low'), 'pool-wait');
  });

  test('errors that account for nothing of the violation are no finding, alone or beside another', () => {
    const handled = candidate({ mechanism: 'error-origin', service: 'ads', path: ['gateway', 'ads'], share: 0 });
    assert.deepEqual(explain([{ ...handled, confidence: 'low' }], context), []);
    assert.deepEqual(mechanisms(explain([handled, slowFraud], context)), ['slow-dependency fraud']);
    assert.equal(explain([{ ...handled, share: 0.2 }], context).length, 1);
  });

  test('a retry storm comes before the slow callee it is about, at the deepest edge; the layers above amplify it', () => {
    const bank = ['gateway', 'checkout', 'payments', 'bank'];
    const findings = explain(
      [
        candidate({ mechanism: 'uninstrumented-dependency', service: 'bank', path: bank }),
        retries('gateway', 'checkout', 1.4, { path: ['gateway', 'checkout'] }),
        retries('checkout', 'payments', 1.8, { path: ['gateway', 'checkout', 'payments'] }),
        retries('payments', 'bank', 2.5, { path: bank }),
      ],
      context,
    );
    assert.deepEqual(mechanisms(findings), ['retry-storm bank']);
    assert.deepEqual(
      findings[0]?.amplifiers.map((each) => each.edge?.caller),
      ['checkout', 'gateway'],
    );
    assert.match(findings[0]?.explanation ?? '', /retried again by checkout \(x1\.8\) and gateway \(x1\.4\)/);
  });

  test('a cascade comes before retries and slowness on its path', () => {
    const findings = explain(
      [
        slowFraud,
        retries('checkout', 'payments', 2, { path: ['gateway', 'checkout', 'payments'] }),
        candidate({ mechanism: 'cascading-timeout', service: 'fraud', edge: edge('payments', 'fraud') }),
      ],
      context,
    );
    assert.deepEqual(mechanisms(findings), ['cascading-timeout fraud']);
  });

  test('callers that give up in a few cases are the consequence of slowness in all', () => {
    const lock = candidate({
      mechanism: 'lock-contention',
      service: 'stock',
      path: ['gateway', 'stock'],
      support: 0.95,
    });
    const cascade = candidate({
      mechanism: 'cascading-timeout',
      service: 'stock',
      edge: edge('gateway', 'stock'),
      path: ['gateway', 'stock'],
      support: 0.2,
    });
    const findings = explain([cascade, lock], context);
    assert.deepEqual(mechanisms(findings), ['lock-contention stock']);
    assert.deepEqual(
      findings[0]?.amplifiers.map(({ mechanism }) => mechanism),
      ['cascading-timeout'],
    );
  });

  test('callers that give up on a service whose memory clearly grows are a consequence, however many do', () => {
    const at = { service: 'stock', path: ['gateway', 'stock'] };
    const cascade = candidate({ ...at, mechanism: 'cascading-timeout', edge: edge('gateway', 'stock') });
    const first = (growth: Partial<CandidateFinding>): string | undefined =>
      mechanisms(explain([cascade, candidate({ ...at, mechanism: 'memory-growth', ...growth })], context))[0];
    assert.equal(first({}), 'memory-growth stock');
    assert.equal(first({ confidence: 'medium' }), 'cascading-timeout stock');
    assert.equal(first({ service: 'price' }), 'cascading-timeout stock');
  });

  test('a loop explains the time of its database', () => {
    const loop = candidate({
      mechanism: 'n-plus-one',
      service: 'stock',
      edge: edge('stock', 'stock.db'),
      path: ['gateway', 'stock'],
    });
    const database = candidate({
      mechanism: 'slow-dependency',
      service: 'stock.db',
      path: ['gateway', 'stock', 'stock.db'],
    });
    assert.deepEqual(mechanisms(explain([database, loop], context)), ['n-plus-one stock']);
  });

  test('a loop that makes up a fraction does not', () => {
    const loop = candidate({
      mechanism: 'n-plus-one',
      service: 'stock',
      edge: edge('stock', 'stock.db'),
      effectMs: 20,
      share: 0.2,
    });
    const database = candidate({ mechanism: 'slow-dependency', service: 'stock.db', effectMs: 200 });
    assert.deepEqual(mechanisms(explain([loop, database], context)), ['slow-dependency stock.db', 'n-plus-one stock']);
  });

  test('of several readings of one service’s time the most telling one stays', () => {
    const starved = candidate({ mechanism: 'cpu-starvation', service: 'fraud' });
    assert.deepEqual(mechanisms(explain([slowFraud, starved], context)), ['cpu-starvation fraud']);
    assert.deepEqual(explain([slowFraud, starved], context)[0]?.amplifiers, []);
  });

  test('unless it is doubtful', () => {
    const perhaps = candidate({ mechanism: 'pool-wait', service: 'fraud', confidence: 'low' });
    assert.deepEqual(mechanisms(explain([perhaps, slowFraud], context)), ['slow-dependency fraud']);
  });

  test('or explains only a fraction of that time', () => {
    const part = candidate({ mechanism: 'network-delay', service: 'fraud', effectMs: 30, share: 0.12 });
    assert.equal(mechanisms(explain([part, slowFraud], context))[0], 'slow-dependency fraud');
  });

  test('slowness in two places is two causes, the greater first', () => {
    const slowCart = candidate({
      mechanism: 'slow-dependency',
      service: 'cart',
      share: 0.3,
      effectMs: 60,
      path: ['gateway', 'cart'],
    });
    assert.deepEqual(mechanisms(explain([slowCart, slowFraud], context)), [
      'slow-dependency fraud',
      'slow-dependency cart',
    ]);
  });

  test('what explains next to nothing beside the main cause is not told', () => {
    const noise = candidate({ mechanism: 'slow-dependency', service: 'cart', share: 0.05, path: ['gateway', 'cart'] });
    assert.deepEqual(mechanisms(explain([noise, slowFraud], context)), ['slow-dependency fraud']);
  });

  test('the order of candidates does not matter', () => {
    const all = [
      slowFraud,
      retries('payments', 'fraud', 2),
      candidate({ mechanism: 'cpu-starvation', service: 'cart', path: ['gateway', 'cart'] }),
    ];
    assert.deepEqual(explain(all, context), explain([...all].reverse(), context));
  });
});

describe('when requests fail', () => {
  const origin = candidate({
    mechanism: 'error-origin',
    service: 'fraud',
    effectMs: 0,
    share: 1,
    evidence: [{ name: 'requests with this error', value: 1, baseline: 0, unit: 'ratio' }],
    detail: 'ModelUnavailableError',
  });
  const retried = retries('checkout', 'payments', 1.9, { path: ['gateway', 'checkout', 'payments'] });

  test('where the error begins comes first, retries are what callers do about it', () => {
    const findings = explain([retried, origin], failing);
    assert.deepEqual(mechanisms(findings), ['error-origin fraud']);
    assert.deepEqual(
      findings[0]?.amplifiers.map(({ mechanism }) => mechanism),
      ['retry-storm'],
    );
  });

  test('when they are slow but succeed, the retries come first', () => {
    const storm = retries('payments', 'fraud', 2.5);
    assert.deepEqual(mechanisms(explain([origin, storm], context)), ['retry-storm fraud']);
  });

  test('a little slowness does not explain failures', () => {
    const slower = candidate({
      mechanism: 'slow-dependency',
      service: 'pricing',
      effectMs: 20,
      share: 0.9,
      path: ['gateway', 'pricing'],
    });
    const findings = explain([slower, origin], failing);
    assert.equal(findings[0]?.mechanism, 'error-origin');
    assert.equal(explain([slower], failing)[0]?.confidence, 'low');
  });
});

describe('confidence', () => {
  const of = (given: CandidateFinding, world: MechanismContext = context): string | undefined =>
    explain([given], world)[0]?.confidence;

  test('is the detector’s where nothing speaks against it', () => {
    assert.equal(of(slowFraud), 'high');
    assert.equal(of({ ...slowFraud, confidence: 'medium' }), 'medium');
  });

  test('falls with the part that is explained', () => {
    assert.equal(of({ ...slowFraud, share: 0.4 }), 'medium');
    assert.equal(of({ ...slowFraud, share: 0.2 }), 'low');
  });

  test('falls with too few traces', () => {
    const few = (violating: number) =>
      contextOf({
        violating: requests(violating, () => server('gateway', 'POST /checkout', [0, 400])),
        reference: requests(30, () => server('gateway', 'POST /checkout', [0, 100])),
      });
    assert.equal(of(slowFraud, few(12)), 'medium');
    assert.equal(of(slowFraud, few(3)), 'low');
  });

  test('falls with lost spans', () => {
    const { prepared } = context;
    const torn = { ...context, prepared: { ...prepared, completeness: { ...prepared.completeness, ratio: 0.8 } } };
    assert.equal(of(slowFraud, torn), 'medium');
  });

  test('is no more than medium when a second cause is about as large', () => {
    const other = candidate({ mechanism: 'slow-dependency', service: 'cart', share: 0.75, path: ['gateway', 'cart'] });
    assert.equal(explain([slowFraud, other], context)[0]?.confidence, 'medium');
    const apart = { ...slowFraud, effectInterval: [180, 220] as const };
    const below = { ...other, effectInterval: [100, 150] as const };
    assert.equal(explain([apart, below], context)[0]?.confidence, 'high');
  });
});

describe('words', () => {
  test('a person would say it like this', () => {
    const [found] = explain([slowFraud], context);
    assert.equal(found?.explanation, "80% of the excess is fraud's own time on POST /score, reached through payments.");
    assert.match(found?.advice ?? '', /^Profile fraud POST \/score/);
    assert.deepEqual(found?.traces, [context.prepared.set.traceIds[30], context.prepared.set.traceIds[31]]);
    assert.equal(found?.rank, 1);
  });

  test('what is reached through a service without a name is reached through nobody', () => {
    const [found] = explain([{ ...slowFraud, path: ['gateway', '', 'fraud'], edge: edge('', 'fraud') }], context);
    assert.equal(found?.explanation, "80% of the excess is fraud's own time on POST /score.");
    const [slow] = explain(
      [candidate({ mechanism: 'network-delay', service: 'fraud', edge: edge('', 'fraud') })],
      context,
    );
    assert.match(slow?.explanation ?? '', /^calls from its caller to fraud/);
    assert.match(slow?.advice ?? '', /between its caller and fraud/);
  });

  /** Mechanisms that are never told without a reference. */
  const onlyCompared = new Set(['slow-dependency', 'uninstrumented-dependency']);
  const everyMechanism = [
    'slow-dependency',
    'network-delay',
    'pool-wait',
    'lock-contention',
    'cpu-starvation',
    'pause',
    'saturation',
    'memory-growth',
    'cold-start',
    'retry-storm',
    'hidden-retries',
    'metastable',
    'cascading-timeout',
    'n-plus-one',
    'chatty',
    'sequential-fanout',
    'uninstrumented-dependency',
    'error-origin',
  ] as const;
  for (const mechanism of everyMechanism) {
    test(`${mechanism} is said in one sentence that names the service, with one line of advice`, () => {
      const [found] = explain([candidate({ mechanism, service: 'fraud', edge: edge('payments', 'fraud') })], context);
      assert.match(found?.explanation ?? '', /fraud/);
      assert.match(found?.explanation ?? '', /\.$/);
      assert.doesNotMatch(found?.explanation ?? '', /undefined|null/);
      assert.ok((found?.advice.length ?? 0) > 20 && !found?.advice.includes('\n'));
    });
  }

  describe('with nothing to compare with', () => {
    const alone = contextOf({ violating: requests(30, () => server('gateway', 'POST /', [0, 400])), reference: [] });
    for (const mechanism of everyMechanism.filter((each) => !onlyCompared.has(each))) {
      test(`${mechanism} has no excess, and nothing is normal`, () => {
        const [found] = explain([candidate({ mechanism, service: 'fraud', edge: edge('payments', 'fraud') })], alone);
        assert.doesNotMatch(found?.explanation ?? '', /excess|normally/);
      });
    }

    test('calls in turn have their number and their time', () => {
      const calls = candidate({
        mechanism: 'sequential-fanout',
        service: 'web',
        edge: edge('web', 'stock'),
        evidence: [
          { name: 'calls per request', value: 4, unit: 'calls' },
          { name: 'time in them', value: 300, unit: 'ms' },
        ],
      });
      assert.equal(
        explain([calls], alone)[0]?.explanation,
        'web makes 4 calls in POST /score one after another, most of them to stock, 300 ms in all.',
      );
    });

    test('evidence has no baseline', () => {
      const failed = { failed: true, attributes: { 'http.response.status_code': 503 } };
      const stormy = (): DrawnWork =>
        server('web', 'GET /', [0, 60], {
          below: [2, 20, 40].map((from) => call(['web', 'pay', 'POST /pay'], [from, from + 15], failed)),
        });
      const storm = contextOf({ violating: requests(30, stormy), reference: [] });
      const [found] = explain(retryStorm.detect(storm), storm);
      assert.ok(found?.evidence.every(({ baseline }) => baseline === undefined));
      assert.match(found?.explanation ?? '', /tries POST \/pay at pay 3 times per call, 3 times with the layers above/);
    });
  });

  test('scaling advice says whether replicas help or only hide it', () => {
    const advice = (mechanism: CandidateFinding['mechanism']): string =>
      explain([candidate({ mechanism, service: 'fraud', edge: edge('payments', 'fraud') })], context)[0]?.advice ?? '';
    assert.match(advice('cpu-starvation'), /replicas, that helps/);
    assert.match(advice('lock-contention'), /replicas only mask it/);
    assert.match(advice('sequential-fanout'), /replicas would not help/);
    assert.match(advice('retry-storm'), /More replicas feed the storm/);
  });
});
