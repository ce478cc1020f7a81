// docker-compose.yml and what it mounts, held against the real programs as far as they are here: no container is started.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { findPeer } from '../support/peers/find-peer.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { repository, runCli } from '../support/run-cli.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'faultline-stack-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string): string => join(repository, path);
const read = (path: string): string => readFileSync(at(path), 'utf8');

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image?: string;
        readonly build?: { readonly target: string };
        readonly volumes?: readonly string[];
        readonly depends_on?: readonly string[];
      }
    >
  >;
}
const compose: Compose = parse(read('docker-compose.yml'));

test('every file that is mounted is there, and every dependency is a service', () => {
  for (const [name, { volumes = [], depends_on = [] }] of Object.entries(compose.services)) {
    for (const path of volumes.flatMap((volume) => /^(\.\/[^:]+):/.exec(volume)?.[1] ?? []))
      assert.ok(existsSync(at(path)), `${name} mounts ${path}`);
    for (const other of depends_on) assert.ok(compose.services[other] !== undefined, `${name} depends on ${other}`);
  }
});

test('every host that a file of the stack names is a service of the stack', () => {
  const files = ['prometheus.yaml', 'collector.yaml', 'grafana/datasources/faultline.yaml'].map((name) =>
    read(`demo/stack/${name}`),
  );
  const named = [read('docker-compose.yml'), ...files]
    .flatMap((text) => [...text.matchAll(/(?:https?:\/\/|[\s[])([a-z][a-z-]*):\d{4,5}\b/g)])
    .map(([, host = '']) => host)
    .filter((host) => host !== 'localhost');
  assert.ok(named.length > 10);
  for (const host of named) assert.ok(compose.services[host] !== undefined, host);
});

// docker-compose is in Debian, but only for those who want it: it brings a container engine's tools along.
const dockerCompose = findPeer('docker-compose');
const noCompose = dockerCompose === undefined ? 'docker-compose is not installed: only YAML was parsed' : false;
test('docker-compose takes the file', { skip: noCompose }, async () => {
  const { stdout } = await run(dockerCompose ?? '', ['-f', at('docker-compose.yml'), 'config'], { cwd: repository });
  assert.deepEqual(Object.keys(parse(stdout).services).sort(), Object.keys(compose.services).sort());
});

test('Prometheus takes its configuration and its rules', { skip: skipWithout('prometheus', 'promtool') }, async () => {
  const promtool = findPeer('promtool') ?? '';
  cpSync(at('demo/stack/alerts.yaml'), join(folder, 'alerts.yaml'));
  const config = join(folder, 'prometheus.yaml');
  writeFileSync(config, read('demo/stack/prometheus.yaml').replace('/etc/prometheus', folder));
  await run(promtool, ['check', 'config', config]);
});

test('the alerts fire for what they name, and for nothing else', {
  skip: skipWithout('prometheus', 'promtool'),
}, async () => {
  cpSync(at('demo/stack/alerts.yaml'), join(folder, 'alerts.yaml'));
  const series = (verdict: string, values: string): object => ({
    series: `faultline_requirement_verdict{verification="checkout",requirement="CHK-01",service="gateway",priority="must",verdict="${verdict}"}`,
    values,
  });
  const labels = { verification: 'checkout', requirement: 'CHK-01', service: 'gateway', priority: 'must' };
  const tests = {
    rule_files: ['alerts.yaml'],
    tests: [
      {
        interval: '1m',
        input_series: [
          series('fail', '0x10 1x10 0x80'),
          series('error', '0x100'),
          { series: 'faultline_last_run_timestamp_seconds{verification="checkout"}', values: '0+60x20 1200x100' },
        ],
        alert_rule_test: [
          { eval_time: '5m', alertname: 'RequirementFailed', exp_alerts: [] },
          {
            eval_time: '15m',
            alertname: 'RequirementFailed',
            exp_alerts: [
              {
                exp_labels: { ...labels, verdict: 'fail', severity: 'page' },
                exp_annotations: { summary: 'CHK-01 of checkout fails' },
              },
            ],
          },
          { eval_time: '30m', alertname: 'VerifierSilent', exp_alerts: [] },
          {
            eval_time: '90m',
            alertname: 'VerifierSilent',
            exp_alerts: [
              {
                exp_labels: { verification: 'checkout', severity: 'ticket' },
                exp_annotations: { summary: 'checkout has not been verified for an hour' },
              },
            ],
          },
        ],
      },
    ],
  };
  const file = join(folder, 'alerts.test.yaml');
  writeFileSync(file, JSON.stringify(tests));
  await run(findPeer('promtool') ?? '', ['test', 'rules', file], { cwd: folder }).catch(({ stdout, stderr }) =>
    assert.fail(`${stdout}${stderr}`),
  );
});

test('Alertmanager takes its configuration', { skip: skipWithout('prometheus-alertmanager', 'amtool') }, async () => {
  await run(findPeer('amtool') ?? '', ['check-config', at('demo/stack/alertmanager.yaml')]);
});

test('the Collector takes its configuration', { skip: skipWithout('otelcol') }, async () => {
  await run(findPeer('otelcol') ?? '', ['validate', `--config=${at('demo/stack/collector.yaml')}`]);
});

test('Grafana is given the boards and the sources that the boards ask', () => {
  const { providers } = parse(read('demo/stack/grafana/dashboards/faultline.yaml'));
  const mounts = compose.services['grafana']?.volumes ?? [];
  assert.ok(mounts.includes(`./dashboards:${providers[0].options.path}:ro`), mounts.join());
  const { datasources } = parse(read('demo/stack/grafana/datasources/faultline.yaml'));
  assert.deepEqual(
    datasources.map(({ type, isDefault }: { type: string; isDefault?: boolean }) => [type, isDefault === true]),
    [
      ['prometheus', true],
      ['jaeger', false],
    ],
  );
});

test('the documents of the stack have no error', async () => {
  const { code, stderr } = await runCli(['check', 'demo/stack/slos']);
  assert.equal(code, 0, stderr);
});

test('the Dockerfile copies what is there and has the targets that are built', () => {
  const text = read('Dockerfile');
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));
  assert.ok(copied.length > 6);
  for (const path of copied) assert.ok(statSync(at(path), { throwIfNoEntry: false }) !== undefined, path);
  const targets = [...text.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, name]) => name);
  for (const { build } of Object.values(compose.services))
    if (build !== undefined) assert.ok(targets.includes(build.target), build.target);
});
