// The demo's requirements with a real Jaeger and a real Prometheus in place of the embedded receiver and scraper: same verdicts, same first finding.
// The wiring is that of docker-compose.yml: shop -> Collector -> Jaeger, Prometheus <- shop.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Shop, startShop } from '../../demo/start-shop.ts';
import { type StartedCollector, startCollector } from '../support/peers/collector.ts';
import { type StartedJaeger, startJaeger } from '../support/peers/jaeger.ts';
import { type StartedPrometheus, startPrometheus } from '../support/peers/prometheus.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { freePorts } from '../support/peers/start-peer.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';

const skip = skipWithout('jaeger') || skipWithout('prometheus') || skipWithout('otelcol');
const folder = mkdtempSync(join(tmpdir(), 'faultline-back-ends-'));

let jaeger: StartedJaeger;
let collector: StartedCollector;
let prometheus: StartedPrometheus;
let shop: Shop;
let receiverPort: number;

before(
  async () => {
    if (skip !== false) return;
    [receiverPort = 0] = await freePorts(1);
    jaeger = await startJaeger();
    // One shop, watched both ways at the same time.
    collector = await startCollector({ forwardTo: [jaeger.otlpUrl, `http://127.0.0.1:${receiverPort}`] });
    shop = await startShop({ fault: 'slow-dependency', otlpEndpoint: collector.otlpUrl });
    prometheus = await startPrometheus({ targets: Object.values(shop.metricsUrls), job: 'shop' });
  },
  { timeout: 90_000 },
);

after(async () => {
  await Promise.all([shop?.stop(), prometheus?.stop(), collector?.stop()]);
  await jaeger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly verdict: string;
  readonly validity: { readonly reasons: readonly string[] };
  readonly requirements: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly links: Readonly<Record<string, string>>;
  }[];
  readonly attribution: {
    readonly findings: readonly {
      readonly mechanism: string;
      readonly service: string;
      readonly operation: string;
      readonly traces: readonly string[];
    }[];
  };
  readonly gaps: readonly unknown[];
}

async function verdictsOf(
  name: string,
  args: readonly string[],
): Promise<{ readonly result: CliResult; readonly report: Report }> {
  const json = join(folder, `${name}.json`);
  const metrics = Object.entries(shop.metricsUrls).map(([service, url]) => [
    `SHOP_METRICS_${service.toUpperCase()}`,
    url,
  ]);
  const result = await runCli(['run', ...args, '--json', json, '--data', join(folder, name)], {
    timeoutMs: 110_000,
    env: {
      SHOP_URL: shop.gatewayUrl,
      FAULTLINE_OTLP_PORT: String(receiverPort),
      JAEGER_URL: jaeger.url,
      JAEGER_PAGES: jaeger.url,
      PROMETHEUS_URL: prometheus.url,
      ...Object.fromEntries(metrics),
    },
  });
  return { result, report: JSON.parse(readFileSync(json, 'utf8')) as Report };
}

test('verdicts and the first finding do not depend on where telemetry is read', {
  skip,
  timeout: 240_000,
}, async () => {
  const embedded = await verdictsOf('embedded', ['slos/checkout.yaml']);
  const backEnds = await verdictsOf('back-ends', ['demo/stack/slos', '--otlp-endpoint', collector.otlpUrl]);
  const told = `${embedded.result.stdout}\n${backEnds.result.stdout}\n${backEnds.result.stderr}`;

  assert.deepEqual([embedded.result.code, backEnds.result.code], [1, 1], told);
  assert.deepEqual(verdicts(backEnds.report), verdicts(embedded.report), told);
  assert.deepEqual(backEnds.report.gaps, [], told);

  const first = firstFinding(embedded.report);
  assert.deepEqual(first, ['slow-dependency', 'fraud', 'POST /score'], told);
  assert.deepEqual(firstFinding(backEnds.report), first, told);

  await traceHasItsRoot(backEnds.report);
});

/** The violating trace can be opened in Jaeger, and begins with the request as Faultline sent it. */
async function traceHasItsRoot(report: Report): Promise<void> {
  const [trace = ''] = report.attribution.findings[0]?.traces ?? [];
  const links = report.requirements.map((each) => each.links['worstTrace'] ?? '');
  assert.ok(
    links.some((link) => link.startsWith(`${jaeger.url}/trace/`)),
    links.join(),
  );
  const reply = await fetch(`${jaeger.url}/api/v3/traces/${trace}`);
  const { result } = (await reply.json()) as { result: { resourceSpans: { resource: unknown }[] } };
  assert.match(JSON.stringify(result.resourceSpans.map(({ resource }) => resource)), /"faultline"/);
}

const verdicts = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(report.requirements.map(({ id, verdict }) => [id, verdict]).sort());

function firstFinding(report: Report): readonly unknown[] {
  const [first] = report.attribution.findings;
  return [first?.mechanism, first?.service, first?.operation];
}
