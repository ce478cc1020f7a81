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
  test('rules of the exported OpenSLO documents are sound', () =>
    assertSound(exported(exportOpenSlo(parseYaml(full).verifications).text)));

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
