// Trees, clocks, calls and cohorts of prepared traces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PreparedTraces, prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet, spanNamed } from '../../support/drawn-traces.ts';

const at = (prepared: PreparedTraces, name: string): readonly [number, number] => {
  const span = spanNamed(prepared.set, name);
  return [(prepared.start[span] ?? 0) / 1e6, (prepared.end[span] ?? 0) / 1e6];
};

/** gateway calls payments, whose clock may be off by `skew` ms. */
const call = (skew: number, client: Partial<DrawnSpan> = {}): readonly DrawnSpan[] => [
  { id: '1', name: 'entry', service: 'gateway', kind: 'server', at: [0, 100] },
  { id: '2', parent: '1', name: 'call', service: 'gateway', kind: 'client', at: [10, 90], ...client },
  {
    id: '3',
    parent: '2',
    name: 'answer',
    service: 'payments',
    kind: 'server',
    at: [20 + skew, 80 + skew],
    instance: 'two',
  },
  { id: '4', parent: '3', name: 'work', service: 'payments', at: [30 + skew, 70 + skew], instance: 'two' },
];

test('a server span outside its call is centred in it, with what lies below', () => {
  const prepared = prepareTraces(drawnSet(call(500)));
  assert.deepEqual(at(prepared, 'answer'), [20, 80]);
  assert.deepEqual(at(prepared, 'work'), [30, 70]);
  assert.equal(prepared.completeness.skewCorrected, 1);
});

test('a server span within its call stays, however lopsided', () => {
  const prepared = prepareTraces(drawnSet(call(9)));
  assert.deepEqual(at(prepared, 'answer'), [29, 89]);
  assert.equal(prepared.completeness.skewCorrected, 0);
});

test('a call that failed while the server went on is no skew: the caller gave up', () => {
  const prepared = prepareTraces(drawnSet(call(60, { failed: true })));
  assert.deepEqual(at(prepared, 'answer'), [80, 140]);
});

test('nor is a call that timed out before the server took it up', () => {
  const timedOut = { failed: true, attributes: { 'error.type': 'ETIMEDOUT' } };
  const prepared = prepareTraces(drawnSet(call(115, timedOut)));
  assert.deepEqual(at(prepared, 'answer'), [135, 195]);
  assert.equal(prepared.completeness.skewCorrected, 0);
  const refused = { failed: true, attributes: { 'http.response.status_code': 503 } };
  assert.deepEqual(at(prepareTraces(drawnSet(call(115, refused))), 'answer'), [20, 80]);
});

test('a server much longer than its call is no skew either', () => {
  const spans: readonly DrawnSpan[] = [
    { id: '2', name: 'call', kind: 'client', at: [0, 10] },
    { id: '3', parent: '2', name: 'answer', service: 'payments', kind: 'server', at: [5, 95] },
  ];
  assert.deepEqual(at(prepareTraces(drawnSet(spans)), 'answer'), [5, 95]);
});

test('the gaps of a call are what its server span leaves open, and never negative', () => {
  const prepared = prepareTraces(drawnSet(call(0)));
  const span = spanNamed(prepared.set, 'call');
  assert.equal(prepared.preNs[span], 10e6);
  assert.equal(prepared.postNs[span], 10e6);
  assert.equal(prepared.serverChild[span], spanNamed(prepared.set, 'answer'));
  assert.deepEqual(prepared.edges[prepared.edge[span] ?? -1], {
    caller: 'gateway',
    callee: 'payments',
    operation: 'answer',
  });
});

test('the time of a call is billed to the callee', () => {
  const prepared = prepareTraces(drawnSet(call(0)));
  const payer = (name: string): string => prepared.services[prepared.payer[spanNamed(prepared.set, name)] ?? 0] ?? '';
  assert.deepEqual(['entry', 'call', 'answer', 'work'].map(payer), ['gateway', 'payments', 'payments', 'payments']);
});

const peers: readonly { readonly attributes: DrawnSpan['attributes']; readonly peer: string }[] = [
  { attributes: { 'service.peer.name': 'bank', 'server.address': 'x' }, peer: 'bank' },
  { attributes: { 'peer.service': 'bank' }, peer: 'bank' },
  { attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'orders' }, peer: 'orders' },
  { attributes: { 'db.system': 'mysql' }, peer: 'mysql' },
  { attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'bills' }, peer: 'bills' },
  { attributes: { 'server.address': 'bank.example', 'server.port': 443 }, peer: 'bank.example:443' },
  { attributes: { 'net.peer.name': 'bank', 'net.peer.port': 80 }, peer: 'bank:80' },
  { attributes: { 'url.full': 'https://me@bank.example:8443/pay?card=1' }, peer: 'bank.example:8443' },
  { attributes: { 'db.system': 'redis', 'db.namespace': 0, 'server.address': 'cache-1' }, peer: 'cache-1/0' },
  { attributes: { 'db.system': 'redis', 'db.namespace': '0' }, peer: 'redis/0' },
  { attributes: { 'db.namespace': 'shop', 'server.address': 'pg-1', 'server.port': 5432 }, peer: 'pg-1/shop' },
  { attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'shop' }, peer: 'kafka/shop' },
  { attributes: {}, peer: 'shop' },
];
for (const { attributes, peer } of peers) {
  test(`a call with ${JSON.stringify(attributes)} is billed to ${peer}`, () => {
    const set = drawnSet([{ id: '1', name: 'call', kind: 'client', at: [0, 10], attributes: attributes ?? {} }]);
    const prepared = prepareTraces(set);
    assert.equal(prepared.services[prepared.payer[0] ?? 0], peer);
    assert.equal(prepared.instrumented[prepared.payer[0] ?? 0], peer === 'shop' ? 1 : 0);
  });
}

const dialling = (service: string, host: string | undefined, port?: number): readonly DrawnSpan[] => [
  {
    id: '1',
    name: 'SELECT',
    service,
    kind: 'client',
    at: [0, 10],
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': 'postgres',
      ...(host === undefined ? {} : { 'server.address': host }),
      ...(port === undefined ? {} : { 'server.port': port }),
    },
  },
];
for (const [what, calls, callees] of [
  [
    'dialled by different services are two',
    [
      ['a', 'pg-1'],
      ['b', 'pg-2'],
    ],
    ['pg-1/postgres', 'pg-2/postgres'],
  ],
  [
    'dialled by one service are its cluster',
    [
      ['a', 'pg-1'],
      ['a', 'pg-2'],
      ['b', 'pg-2'],
    ],
    ['postgres', 'postgres', 'postgres'],
  ],
  [
    'told with and without its own port is one',
    [
      ['a', 'pg-1'],
      ['b', 'pg-1', 5432],
    ],
    ['postgres', 'postgres'],
  ],
  [
    'with and without an address is taken for one',
    [
      ['a', 'pg-1'],
      ['b', undefined],
    ],
    ['postgres', 'postgres'],
  ],
] as const) {
  test(`a database name ${what}`, () => {
    const prepared = prepareTraces(drawnSet(...calls.map(([service, host, port]) => dialling(service, host, port))));
    assert.deepEqual(
      Array.from(prepared.edge, (edge) => prepared.edges[edge]?.callee),
      callees,
    );
  });
}

test('calls of a database are never taken for those of the service of its name, nor billed to it', () => {
  const prepared = prepareTraces(
    drawnSet([
      ...call(0, { attributes: { 'url.full': 'http://payments/1' } }),
      {
        id: '9',
        parent: '1',
        name: 'SELECT',
        service: 'gateway',
        kind: 'client',
        at: [1, 5],
        attributes: { 'db.namespace': 'payments' },
      },
    ]),
  );
  const span = spanNamed(prepared.set, 'SELECT');
  assert.equal(prepared.services[prepared.payer[span] ?? 0], 'database/payments');
});

test('a call whose server span was lost belongs to the service that others reach at that address', () => {
  const attributes = { 'server.address': '10.0.0.7', 'server.port': 4002 };
  const prepared = prepareTraces(drawnSet(call(0, { attributes }), call(0, { attributes }).slice(0, 2)));
  const lost = prepared.set.name.findLastIndex((text) => prepared.set.strings[text] === 'call');
  assert.equal(prepared.services[prepared.payer[lost] ?? 0], 'payments');
  assert.deepEqual(prepared.edges[prepared.edge[lost] ?? -1], {
    caller: 'gateway',
    callee: 'payments',
    operation: 'answer',
  });
});

test('the entry is the root that names no parent; of several the longest', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', name: 'short', at: [0, 10] },
      { id: '2', name: 'long', at: [5, 90] },
    ]),
  );
  assert.equal(prepared.entry[0], spanNamed(prepared.set, 'long'));
});

test('a server span below an unrecorded client is the entry, and no gap in the trace', () => {
  const prepared = prepareTraces(drawnSet(call(0).map((span) => (span.id === '1' ? { ...span, parent: 'ff' } : span))));
  assert.equal(prepared.entry[0], spanNamed(prepared.set, 'entry'));
  assert.equal(prepared.completeness.ratio, 1);
});

test('of several spans without a parent the request is the entry, however long work beside it takes', () => {
  const request: DrawnSpan = { id: '1', name: 'GET /o', kind: 'server', at: [0, 50] };
  const refresh: DrawnSpan = { id: '2', name: 'refresh', at: [1, 900] };
  for (const beside of [refresh, { ...refresh, at: [-5, 900] } as const]) {
    const { entry, set } = prepareTraces(drawnSet([request, beside]));
    assert.equal(entry[0], spanNamed(set, 'GET /o'));
  }
  const { entry, set } = prepareTraces(
    drawnSet([request, { ...request, id: '3', name: 'GET /p', at: [5, 90] }, refresh]),
  );
  assert.equal(entry[0], spanNamed(set, 'GET /p'));
});

test('a trace that begins with a call has lost its entry', () => {
  const prepared = prepareTraces(drawnSet(call(0).slice(1)));
  assert.equal(prepared.entry[0], -1);
  assert.equal(prepared.completeness.withoutEntry, 1);
});

test('orphans lower the completeness', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', at: [0, 9] },
      { id: '2', parent: 'f', at: [1, 2] },
    ]),
  );
  assert.equal(prepared.completeness.ratio, 0.5);
});

test('spans left out for an id that another one has are told', () => {
  const twice = drawnSet([
    { id: '1', at: [0, 9] },
    { id: '2', parent: '1', at: [1, 5] },
    { id: '2', parent: '1', at: [1, 3] },
  ]);
  assert.equal(prepareTraces(twice).completeness.repeated, 1);
});

test('an orphan is adopted by the nearest known ancestor that covers it', () => {
  const prepared = prepareTraces(
    drawnSet(
      call(0),
      call(0).filter(({ id }) => id !== '2'),
    ),
  );
  const orphan = prepared.set.name.findLastIndex((text) => prepared.set.strings[text] === 'answer');
  assert.equal(prepared.parent[orphan], prepared.entry[1]);
  assert.equal(prepared.root[orphan], prepared.entry[1]);
  assert.ok(prepared.completeness.ratio < 1);
});

test('an orphan that nothing of its kind ever stood below stays a root', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', at: [0, 9] },
      { id: '2', parent: 'f', at: [1, 2] },
    ]),
  );
  assert.equal(prepared.parent[1], -1);
});

test('work that outlives a call that failed is put below it all the same', () => {
  const spans = (failed: boolean): readonly DrawnSpan[] => [
    { id: '1', name: 'entry', service: 'gateway', kind: 'server', at: [0, 60], failed: true },
    { id: '2', parent: '1', name: 'call', service: 'gateway', kind: 'client', at: [5, 55], failed },
    { id: '3', parent: 'ff', name: 'behind', service: 'stock', kind: 'server', at: [10, 90] },
  ];
  const parentOf = (failed: boolean): number => {
    const prepared = prepareTraces(drawnSet(spans(failed)));
    return prepared.parent[spanNamed(prepared.set, 'behind')] ?? -2;
  };
  assert.equal(parentOf(true), 1);
  assert.equal(parentOf(false), -1);
});

test('what lies behind a service without spans is put below the call that nobody answered', () => {
  const spans: readonly DrawnSpan[] = [
    { id: '1', name: 'entry', service: 'gateway', kind: 'server', at: [0, 100] },
    {
      id: '2',
      parent: '1',
      name: 'query',
      service: 'gateway',
      kind: 'client',
      at: [15, 95],
      attributes: { 'db.system': 'x' },
    },
    {
      id: '3',
      parent: '1',
      name: 'call',
      service: 'gateway',
      kind: 'client',
      at: [10, 99],
      attributes: { 'server.address': 'mute' },
    },
    { id: '5', parent: 'f', name: 'behind', service: 'fraud', kind: 'server', at: [20, 90] },
  ];
  const prepared = prepareTraces(drawnSet(spans));
  const call = spanNamed(prepared.set, 'call');
  assert.equal(prepared.parent[spanNamed(prepared.set, 'behind')], call);
  assert.equal(prepared.adopted[spanNamed(prepared.set, 'behind')], 1);
  assert.equal(prepared.serverChild[call], -1);
  assert.equal(prepared.services[prepared.payer[call] ?? 0], 'mute');
});

test('a cycle of parents is cut and everything is visited', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', parent: '3', at: [0, 9] },
      { id: '2', parent: '1', at: [1, 8] },
      { id: '3', parent: '2', at: [2, 7] },
    ]),
  );
  assert.deepEqual([...prepared.parent], [-1, 0, 1]);
  assert.deepEqual([...prepared.order], [0, 1, 2]);
});

test('the cohort is the entry; behind a catch-all name also what it leads to', () => {
  const through = (entry: string, inner: string): readonly DrawnSpan[] => [
    { id: '1', name: entry, service: 'gateway', kind: 'server', at: [0, 9] },
    { id: '2', parent: '1', name: 'GET', service: 'gateway', kind: 'client', at: [1, 8] },
    { id: '3', parent: '2', name: inner, service: 'orders', kind: 'server', at: [2, 7] },
  ];
  const prepared = prepareTraces(
    drawnSet(through('/*', 'GET /orders'), through('/*', 'POST /orders'), through('GET /cart', 'GET /orders')),
  );
  assert.deepEqual(
    [...prepared.cohort].map((cohort) => prepared.cohorts[cohort]),
    ['gateway /* > orders GET /orders', 'gateway /* > orders POST /orders', 'gateway GET /cart'],
  );
});

test('self time leaves out the union of children, not their sum', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', name: 'parent', at: [0, 100] },
      { id: '2', parent: '1', at: [10, 60] },
      { id: '3', parent: '1', at: [40, 80] },
      { id: '4', parent: '1', at: [90, 140] },
    ]),
  );
  assert.equal(prepared.selfNs[spanNamed(prepared.set, 'parent')], 20e6);
});

test('an empty set is prepared without complaint', () => {
  const prepared = prepareTraces(drawnSet());
  assert.deepEqual(prepared.completeness, { traces: 0, spans: 0, ratio: 1, withoutEntry: 0, skewCorrected: 0 });
});
