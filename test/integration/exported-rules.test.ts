// Exported Prometheus rules, proven with Debian's promtool: they are well formed, their own unit test passes, and on real series they page and keep silent as the workbook says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { exportOpenSlo } from '../../src/spec/openslo-export.ts';
import { exportRules, type RulesExport } from '../../src/spec/rules-export.ts';
import { documentWith, parseYaml } from '../support/parse-yaml.ts';
import { findPeer } from '../support/peers/find-peer.ts';
import { skipWithout } from '../support/peers/skip-without.ts';

const full = readFileSync(new URL('../../slos/examples/checkout-full.yaml', import.meta.url), 'utf8');

function exported(text: string, compat?: 'sloth'): RulesExport {
  const { verifications, openslo, diagnostics } = parseYaml(text);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  return exportRules(verifications, openslo, { rulesFile: 'rules.yaml', ...(compat === undefined ? {} : { compat }) });
}

const slo = (target: string, extra = ''): string => `apiVersion: openslo/v1
kind: SLO
metadata: { name: fast }
spec:
  service: shop
  indicator:
    metadata: { name: fast-ratio }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(good_total[{{.window}}]))' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(all_total[{{.window}}]))' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${target} }]
${extra}`;

describe('promtool', { skip: skipWithout('prometheus', 'promtool') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  after(() => rmSync(folder, { recursive: true }));

  function promtool(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(findPeer('promtool') ?? '', args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, output: stdout + stderr };
  }

  function assertSound({ rules, tests }: RulesExport): void {
    writeFileSync(join(folder, 'rules.yaml'), rules);
    writeFileSync(join(folder, 'rules.test.yaml'), tests);
    const checked = promtool('check', 'rules', 'rules.yaml');
    assert.equal(checked.status, 0, checked.output);
    const tested = promtool('test', 'rules', 'rules.test.yaml');
    assert.equal(tested.status, 0, tested.output);
  }

  test('rules of the checkout example are sound', () => assertSound(exported(full)));
  test('rules in Sloth’s names are sound', () => assertSound(exported(full, 'sloth')));
  test('rules of a week and of a quarter are sound', () => {
    for (const window of ['7d', '1Q']) assertSound(exported(slo('0.999').replace('30d', window)));
  });
  test('rules of a loose target are capped and still sound', () => {
    const found = exported(slo('0.9'));
    assert.match(found.notes[0] ?? '', /14.4 can never be reached at target 0.9; the alert is capped at 95% bad/);
    assertSound(found);
  });
  test('rules of the exported OpenSLO documents are sound', () => {
    const { verifications, openslo } = parseYaml(full);
    assertSound(exported(exportOpenSlo(verifications, openslo).text));
  });

  /** Which alerts fire after two hours of raw counters, `severity/long` each. */
  function firing(text: string, series: Readonly<Record<string, string>>, at = '3h'): string {
    const { rules } = exported(text);
    writeFileSync(join(folder, 'rules.yaml'), rules);
    const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    // No alert is expected, so that promtool prints those that fire.
    const tests = {
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: input,
          alert_rule_test: [{ eval_time: at, alertname: 'SLOBudgetBurn', exp_alerts: [] }],
        },
      ],
    };
    writeFileSync(join(folder, 'raw.test.yaml'), stringify(tests));
    const { output } = promtool('test', 'rules', 'raw.test.yaml');
    const found = [...output.matchAll(/alertname="SLOBudgetBurn"[^}]*long="(\w+)"[^}]*severity="(\w+)"/g)];
    return found
      .map((match) => `${match[2]}/${match[1]}`)
      .sort()
      .join(' ');
  }

  test('30% errors: every window that has seen them burns', () => {
    assert.equal(
      firing(slo('0.99'), { all_total: '0+6000x200', good_total: '0+4200x200' }),
      'page/1h page/6h ticket/1d ticket/3d',
    );
  });
  test('no errors: silence', () =>
    assert.equal(firing(slo('0.99'), { all_total: '0+6000x200', good_total: '0+6000x200' }), ''));
  test('one bad event of ten in a quiet hour: silence', () => {
    assert.equal(firing(slo('0.99'), { all_total: '0+0x120 1+0x10 10+0x50', good_total: '0+0x120 1+0x10 9+0x50' }), '');
  });
  test('nothing but errors from the start, no good series at all: it burns', () => {
    assert.equal(firing(slo('0.99'), { all_total: '0+6000x200' }), 'page/1h page/6h ticket/1d ticket/3d');
  });
  test('a slow burn opens a ticket and pages nobody', () => {
    assert.equal(firing(slo('0.99'), { all_total: '0+6000x200', good_total: '0+5760x200' }), 'ticket/1d ticket/3d');
  });
  test('a policy’s own condition is one alert over its window', () => {
    const policy = `  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: p }
      spec:
        alertWhenNoData: false
        conditions: [{ kind: AlertCondition, metadata: { name: c }, spec: { severity: sev2, condition: { kind: burnrate, op: gte, threshold: 2, lookbackWindow: 2h, alertAfter: 5m } } }]
`;
    assert.equal(firing(slo('0.99', policy), { all_total: '0+6000x200', good_total: '0+5700x200' }), 'sev2/2h');
    assert.ok(!exported(slo('0.99', policy)).rules.includes('SLOMetricAbsent'));
  });
  const limit = (text: string): string =>
    documentWith({ requirements: `    - { id: CHK-01, type: latency, require: p99 <= ${text} }\n` });
  const labels = 'service_name="checkout",http_response_status_code="200"';
  const metric = 'http_server_request_duration_seconds';
  /** Nothing slower than 250 ms, counted in the default edges. */
  const swift = {
    [`${metric}_count{${labels}}`]: '0+6000x200',
    [`${metric}_bucket{${labels},le="0.25"}`]: '0+6000x200',
    [`${metric}_bucket{${labels},le="0.5"}`]: '0+6000x200',
    [`${metric}_bucket{${labels},le="1.0"}`]: '0+6000x200',
  };
  test('a limit without a bucket is unknown, not broken', () => {
    assert.equal(firing(limit('300ms'), swift), '');
    assert.match(exported(limit('300ms')).notes.join(), /choose 250ms or 500ms/);
    assertSound(exported(limit('300ms')));
  });
  test('a limit on an edge burns when slow, also where the edge is a whole second', () => {
    const slow = (le: string): Readonly<Record<string, string>> => ({
      ...swift,
      [`${metric}_bucket{${labels},le="${le}"}`]: '0+3000x200',
    });
    for (const [text, le] of [
      ['250ms', '0.25'],
      ['1s', '1.0'],
    ] as const) {
      assert.equal(firing(limit(text), swift), '');
      assert.match(firing(limit(text), slow(le)), /page\/1h/);
    }
  });
  test('nothing but errors from the start burns, though no bucket of good replies is there', () => {
    const broken = 'service_name="checkout",http_response_status_code="500"';
    const series = {
      [`${metric}_count{${broken}}`]: '0+6000x200',
      [`${metric}_bucket{${broken},le="0.25"}`]: '0+6000x200',
    };
    assert.match(firing(limit('250ms'), series), /page\/1h/);
  });
  const sliced = slo('0.99')
    .replace('Occurrences', 'Timeslices')
    .replace('target: 0.99', 'target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5m');
  test('by time slices: steady 3% bad keeps every slice within its target', () => {
    assert.equal(firing(sliced, { all_total: '0+6000x200', good_total: '0+5820x200' }), '');
    assertSound(exported(sliced));
    assertSound(exported(sliced, 'sloth'));
  });
  test('by time slices: steady 10% bad spoils every slice', () => {
    assert.equal(
      firing(sliced, { all_total: '0+6000x200', good_total: '0+5400x200' }),
      'page/1h page/6h ticket/1d ticket/3d',
    );
  });
  test('each objective gets rules of its own', () => {
    const two = slo('0.99').replace(
      '[{ target: 0.99 }]',
      '[{ target: 0.9 }, { displayName: Strict one, target: 0.999 }]',
    );
    const found = exported(two);
    assert.match(found.rules, /faultline-slo-alerts-fast\n/);
    assert.match(found.rules, /faultline-slo-alerts-fast-strict-one\n/);
    assertSound(found);
  });
  test('a policy that does not alert on breaches gets recordings only', () => {
    const policy = `  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: p }
      spec:
        alertWhenBreaching: false
        conditions: [{ kind: AlertCondition, metadata: { name: c }, spec: { severity: sev2, condition: { kind: burnrate, op: gte, threshold: 2, lookbackWindow: 2h, alertAfter: 0m } } }]
`;
    const found = exported(slo('0.99', policy));
    assert.ok(!found.rules.includes('alert: SLOBudgetBurn'));
    assert.match(found.notes.join(), /recorded, not alerted on/);
    assertSound(found);
  });
  test('errors are those that the requirement counts', () => {
    const text = documentWith({
      requirements: '    - { id: CHK-01, type: errors, count: [429], require: rate <= 1% }\n',
    });
    const code = (status: number): string =>
      `${metric}_count{service_name="checkout",http_response_status_code="${status}"}`;
    assert.equal(firing(text, { [code(200)]: '0+4000x200', [code(500)]: '0+2000x200' }), '');
    assert.match(firing(text, { [code(200)]: '0+4000x200', [code(429)]: '0+2000x200' }), /page\/1h/);
  });
  test('errors of the requirement itself burn the production budget too', () => {
    const text = documentWith({ requirements: '    - { id: CHK-01, type: errors, require: rate <= 1% }\n' });
    const series = {
      'http_server_request_duration_seconds_count{service_name="checkout",http_response_status_code="200"}':
        '0+4000x200',
      'http_server_request_duration_seconds_count{service_name="checkout",http_response_status_code="500"}':
        '0+2000x200',
    };
    assert.match(firing(text, series), /page\/1h/);
  });
});

test('an SLO whose queries take no window gets no rules, and a note says so', () => {
  const { notes, rules } = exported(slo('0.99').replaceAll('rate(', '(').replaceAll('[{{.window}}]', ''));
  assert.deepEqual(notes, ['fast: its queries do not take a {{.window}}: no rules']);
  assert.ok(!rules.includes('SLOBudgetBurn'));
});

test('what cannot be said on the service’s metrics is named', () => {
  const requirements =
    '    - { id: CHK-01, type: latency, where: { scenario: buy }, require: p99 <= 250ms }\n    - { id: CHK-02, type: errors, count: [timeout], require: rate <= 1% }\n    - { id: CHK-03, type: errors, source: server, query: x, require: rate <= 1% }\n';
  const { verifications, openslo } = parseYaml(documentWith({ requirements }));
  for (const notes of [
    exportOpenSlo(verifications, openslo).notes,
    exportRules(verifications, openslo, { rulesFile: 'r' }).notes,
  ]) {
    assert.match(notes.join('\n'), /checkout-chk-01: .*`buy` is left out/);
    assert.match(notes.join('\n'), /CHK-02: `count: \[timeout\]` is not seen/);
    assert.match(notes.join('\n'), /CHK-03: .*`query` of its own/);
  }
});

test('an SLO document is exported as it was written, with its policies', () => {
  const { verifications, openslo } = parseYaml(full);
  const { text } = exportOpenSlo(verifications, openslo);
  assert.match(text, /displayName: 99% of checkouts answer within 250 ms/);
  assert.match(text, /alertPolicyRef: checkout-burn/);
  assert.match(text, /kind: AlertPolicy/);
  const again = parseYaml(text);
  assert.deepEqual(
    again.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.equal(again.openslo.slos.get('checkout-fast')?.metadata.labels['tier'], '1');
});
