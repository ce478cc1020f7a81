// OpenSLO v1 documents are accepted unchanged and become what a verdict needs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exportOpenSlo } from '../../../src/spec/openslo-export.ts';
import type { ParsedDocuments, ParseOptions } from '../../../src/spec/parse-documents.ts';
import { parseVerifications } from '../../../src/spec/parse-documents.ts';
import { documentWith, places, parseYaml as read } from '../../support/parse-yaml.ts';

const allKinds = readFileSync(new URL('../../fixtures/openslo/all-kinds.yaml', import.meta.url), 'utf8');

/** That the documents' months are counted as 30 days is said once, below. */
function parseYaml(text: string, options: Partial<ParseOptions> = {}): ParsedDocuments {
  const parsed = read(text, options);
  return { ...parsed, diagnostics: parsed.diagnostics.filter(({ code }) => code !== 'LINT_SLO_CALENDAR') };
}

const slo = (name: string): string =>
  `    - { id: CHK-01, type: errorBudget, sloRef: ${name}, require: remaining >= 25% }\n`;

test('documents of all seven kinds load without a word', () => {
  const parsed = parseYaml(allKinds);
  assert.deepEqual(parsed.diagnostics, []);
  const { services, dataSources, slos, slis, alertPolicies, alertConditions, targets } = parsed.openslo;
  assert.deepEqual(
    [services, dataSources, slos, slis, alertPolicies, alertConditions, targets].map((each) => each.size),
    [1, 2, 3, 3, 2, 1, 1],
  );
});

test('a file that lists its documents is read like one that separates them', () => {
  const listed =
    '- apiVersion: openslo/v1\n  kind: Service\n  metadata: { name: a }\n  spec: {}\n- apiVersion: openslo/v1\n  kind: Service\n  metadata: { name: b }\n  spec: {}\n';
  const parsed = parseYaml(listed);
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual([...parsed.openslo.services.keys()], ['a', 'b']);
});

test('an SLO is resolved through its SLI, window and objective', () => {
  const parsed = parseYaml(`${allKinds}---\n${documentWith({ requirements: slo('search-answers') })}`);
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual(parsed.verifications[0]?.slos, [
    {
      name: 'search-answers',
      service: 'web-shop',
      target: 0.995,
      window: 30 * 86_400_000,
      method: 'Timeslices',
      timeSliceTarget: 0.95,
      timeSliceWindow: 300_000,
      indicator: {
        kind: 'bad-total',
        bad: 'rate(search_total{code=~"5.."}[{{.window}}])',
        total: 'rate(search_total[{{.window}}])',
        dataSource: 'thanos',
      },
    },
  ]);
});

test('a data source that an SLO reads from becomes a metric source', () => {
  const [verification] = parseYaml(
    `${allKinds}---\n${documentWith({ requirements: slo('search-answers') })}`,
  ).verifications;
  assert.deepEqual(verification?.sources.metrics, [
    { type: 'prometheus', name: 'thanos', url: 'http://thanos.example.com:9090', headers: {} },
  ]);
});

test('connection details may be a list of mappings, as in the examples of the specification', () => {
  const source = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: listed }
spec: { type: Prometheus, connectionDetails: [{ url: "http://prometheus.example.com" }, { headers: { x-scope: a } }] }
---
`;
  assert.deepEqual(parseYaml(source + documentWith()).verifications[0]?.sources.metrics, [
    { type: 'prometheus', name: 'listed', url: 'http://prometheus.example.com', headers: { 'x-scope': 'a' } },
  ]);
});

test('a window and a budgeting method that are not given are 28 days of occurrences', () => {
  const [verification] = parseYaml(
    `${allKinds}---\n${documentWith({ requirements: slo('search-latency') })}`,
  ).verifications;
  assert.equal(verification?.slos[0]?.window, 28 * 86_400_000);
  assert.equal(verification?.slos[0]?.method, 'Occurrences');
  assert.deepEqual(verification?.slos[0]?.indicator, {
    kind: 'threshold',
    query: 'search:latency:p99',
    op: 'lte',
    value: 0.5,
    dataSource: '',
  });
});

test('SLOs of the verified service come along without being named', () => {
  const text = `${allKinds}---\n${documentWith().replace('service: checkout', 'service: web-shop')}`;
  assert.deepEqual(
    parseYaml(text).verifications[0]?.slos.map((each) => each.name),
    ['search-answers', 'search-minutes', 'search-latency'],
  );
});

test('an SLO whose indicator is not PromQL cannot be required', () => {
  const sql = allKinds.replace('indicatorRef: stored-ratio', 'indicatorRef: queue-lag');
  const parsed = parseYaml(`${sql}---\n${documentWith({ requirements: slo('search-minutes') })}`);
  assert.equal(parsed.diagnostics[0]?.code, 'SPEC_REF_SLO');
  assert.match(parsed.diagnostics[0]?.message ?? '', /not a Prometheus query/);
});

test('a webhook target has its address, format and the name of its secret', () => {
  const [verification] = parseYaml(
    `${allKinds}---\n${documentWith({ spec: '  notify: [{ target: pager, when: [fail] }]\n' })}`,
  ).verifications;
  assert.deepEqual(verification?.targets, [
    { name: 'pager', url: 'https://hooks.example.com/x', secretEnv: 'PAGER_SECRET', format: 'pagerduty' },
  ]);
  assert.deepEqual(verification?.notify, [
    { target: 'pager', when: [{ event: 'fail', times: 1 }], after: { failures: 1, of: 1 }, repeat: 14_400_000 },
  ]);
});

test('traces are read from the documents’ Tempo or Jaeger when no source is listed', () => {
  const tempo =
    'apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: t }\nspec: { type: Jaeger, connectionDetails: { url: "http://j:16686" } }\n---\n';
  assert.deepEqual(parseYaml(`${tempo}${documentWith()}`).verifications[0]?.sources.traces, [
    { type: 'jaeger', url: 'http://j:16686', headers: {} },
  ]);
});

test('data sources of other files are used by name only', () => {
  const files = [
    { file: 'sources.yaml', text: allKinds },
    { file: 'slo.yaml', text: documentWith() },
  ];
  const { verifications } = parseVerifications(files, { environment: () => undefined });
  assert.deepEqual(verifications[0]?.sources, {
    traces: [{ type: 'otlp', host: '127.0.0.1', httpPort: 4318 }],
    tracesByDefault: true,
    metrics: [],
  });
});

test('the same document in two files is one; a different one of its name is refused', () => {
  const source = (url: string): string =>
    `apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: prom }\nspec: { type: Prometheus, connectionDetails: { url: "${url}" } }\n---\n`;
  const read = (other: string): ReturnType<typeof parseVerifications> =>
    parseVerifications(
      [
        { file: 'a.yaml', text: source('http://p:1') + documentWith() },
        { file: 'b.yaml', text: source(other) + documentWith().replace('name: checkout }', 'name: other }') },
      ],
      { environment: () => undefined },
    );
  const same = read('http://p:1');
  assert.deepEqual(same.diagnostics, []);
  assert.deepEqual(
    same.verifications.map((each) => each.sources.metrics.length),
    [1, 1],
  );
  assert.deepEqual(places(read('http://p:2')), ['SPEC_NAME_DUPLICATE 3:19']);
});

test('sources may name data source documents, and an unfit one is refused', () => {
  const text = `${allKinds}---\n${documentWith({ spec: '  sources: { metrics: [thanos, cloud-metrics] }\n' })}`;
  assert.deepEqual(
    places(parseYaml(text)).map((place) => place.split(' ')[0]),
    ['SPEC_REF_DATA_SOURCE'],
  );
});

const alerts: readonly (readonly [string, string, readonly string[]])[] = [
  ['a burn rate that no error rate reaches', 'targetPercent: 90', ['LINT_ALERT_IMPOSSIBLE']],
  ['a burn rate that can be reached', 'targetPercent: 99', []],
];
for (const [name, target, codes] of alerts) {
  test(`alert conditions: ${name}`, () => {
    const parsed = parseYaml(allKinds.replace('targetPercent: 99.5', target));
    assert.deepEqual(
      parsed.diagnostics.map(({ code }) => code),
      codes,
    );
  });
}

/** An SLO whose alert stands inside it; the second objective asks for less than the first. */
const alertInside = (op: string, threshold: number): string => `apiVersion: openslo/v1
kind: SLO
metadata: { name: speed }
spec:
  service: elsewhere
  budgetingMethod: Occurrences
  indicator: { metadata: { name: i }, spec: { ratioMetric: { good: { metricSource: { spec: { query: a } } }, total: { metricSource: { spec: { query: b } } } } } }
  objectives:
    - { displayName: fast, target: 0.999 }
    - { displayName: at all, target: 0.9 }
  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: p }
      spec:
        conditions:
          - kind: AlertCondition
            metadata: { name: c }
            spec: { severity: page, condition: { kind: burnrate, op: ${op}, threshold: ${threshold}, lookbackWindow: 1h, alertAfter: 5m } }
`;

test('alerts inside an SLO are looked at, for each of its objectives', () => {
  assert.deepEqual(parseYaml(alertInside('gte', 2)).diagnostics, []);
  assert.deepEqual(places(parseYaml(alertInside('lte', 2))), ['LINT_ALERT_DIRECTION 18:70']);
  const tooHigh = parseYaml(alertInside('gte', 14.4));
  assert.deepEqual(places(tooHigh), ['LINT_ALERT_IMPOSSIBLE 18:86']);
  assert.match(tooHigh.diagnostics[0]?.message ?? '', /for the objective at all: at target 0.9 .* at most 10/);
});

test('a webhook target without an address is remarked on and not sent to', () => {
  const parsed = parseYaml(allKinds.replace('faultline/url: "https://hooks.example.com/x", ', ''));
  assert.deepEqual(
    parsed.diagnostics.map(({ code }) => code),
    ['LINT_TARGET_WITHOUT_URL'],
  );
});

const withoutPolicies = `apiVersion: openslo/v1
kind: SLO
metadata: { name: search-slo, labels: }
spec:
  service: web-shop
  indicator:
    metadata: { name: search-latency }
    spec:
      thresholdMetric:
        metricSource:
          type: Any
          spec:
  objectives: [{ op: lt, value: 500, target: 0.99 }]
  alertPolicies:
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: c }
spec: { severity: page, condition: { kind: burnrate, threshold: 2, lookbackWindow: 1h, alertAfter: 0m } }
---
apiVersion: openslo/v1
kind: Service
metadata: { name: foo }
`;

/** 99% within 500 ms and, by its name, 99.9% within 2 s. */
const twoObjectives = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: prom }
spec: { type: Prometheus, connectionDetails: { url: "http://127.0.0.1:9090" } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: speed }
spec:
  service: elsewhere
  budgetingMethod: Occurrences
  indicator:
    metadata: { name: latency }
    spec: { thresholdMetric: { metricSource: { type: Prometheus, metricSourceRef: prom, spec: { query: latency } } } }
  objectives:
    - { displayName: Usual, op: lt, value: 0.5, target: 0.99 }
    - { displayName: At worst, op: lt, value: 2, target: 0.999 }
`;

test('each objective of an SLO is judged under its own name', () => {
  const both = slo('speed') + slo('speed-at-worst').replace('CHK-01', 'CHK-02');
  const parsed = parseYaml(`${twoObjectives}---\n${documentWith({ requirements: both })}`);
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual(
    parsed.verifications[0]?.slos.map(({ name, target, indicator }) => [
      name,
      target,
      'value' in indicator && indicator.value,
    ]),
    [
      ['speed', 0.99, 0.5],
      ['speed-at-worst', 0.999, 2],
    ],
  );
  const exported = parseVerifications(
    [{ file: 'out.yaml', text: exportOpenSlo(parsed.verifications, parsed.openslo).text }],
    {
      environment: () => undefined,
    },
  );
  assert.deepEqual(
    exported.openslo.slos.get('speed')?.spec.objectives,
    parsed.openslo.slos.get('speed')?.spec.objectives,
  );
});

test('an SLO knows no `over`, and a note says so', () => {
  const requirements = '    - { id: CHK-01, type: latency, require: p99 <= 250ms over 1m }\n';
  const { verifications, openslo } = parseYaml(documentWith({ requirements }));
  assert.match(exportOpenSlo(verifications, openslo).notes.join('\n'), /checkout-chk-01: .*`over 1m` is left out/);
});

test('an objective that no requirement names is remarked on where another one is judged', () => {
  assert.deepEqual(parseYaml(twoObjectives).diagnostics, []);
  const parsed = parseYaml(`${twoObjectives}---\n${documentWith({ requirements: slo('speed-at-worst') })}`);
  assert.deepEqual(places(parsed), ['LINT_SLO_OBJECTIVES 16:7']);
  assert.equal(parsed.diagnostics[0]?.help, 'write a requirement with `sloRef: speed`');
  assert.deepEqual(
    parsed.verifications[0]?.slos.map(({ name }) => name),
    ['speed-at-worst'],
  );
});

test('a name that no objective has is refused with the nearest', () => {
  const parsed = parseYaml(`${twoObjectives}---\n${documentWith({ requirements: slo('speed-at-wurst') })}`);
  assert.deepEqual(
    places(parsed).map((place) => place.split(' ')[0]),
    ['SPEC_REF_SLO'],
  );
  assert.match(parsed.diagnostics[0]?.help ?? '', /speed-at-worst/);
});

test('keys with nothing behind them and waits of nothing load, as in the specification’s own examples', () => {
  const parsed = parseYaml(withoutPolicies);
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual(parsed.openslo.slos.get('search-slo')?.spec.alertPolicies, []);
  assert.equal(parsed.openslo.alertConditions.get('c')?.spec.condition.alertAfter, 0);
});

test('calendar windows are remarked on', () => {
  const text = withoutPolicies.replace(
    '  alertPolicies:',
    '  timeWindow: [{ duration: 1M, isRolling: false, calendar: { startTime: "2022-01-01", timeZone: UTC } }]',
  );
  assert.deepEqual(places(read(text)), ['LINT_SLO_CALENDAR 14:16']);
});
