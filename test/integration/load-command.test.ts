// `faultline load` as it is called: counted requests, JSON, interruption, what goes wrong.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BareLoadReport } from '../../src/adapters/load/bare-load.ts';
import { type LoadTarget, startLoadTarget } from '../support/load-target.ts';
import { runCli, startCli, until } from '../support/run-cli.ts';

describe('faultline load', { timeout: 150_000 }, () => {
  let target: LoadTarget;
  before(async () => {
    target = await startLoadTarget();
  });
  after(() => target.stop());

  it('ends after so many requests and prints them as JSON', async () => {
    const from = target.requests.length;
    const { code, stdout, stderr } = await runCli(['load', target.url, '-n', '40', '-c', '4', '--json']);
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as BareLoadReport;
    assert.deepEqual([report.requests, report.errors, report.dropped, report.rate.planned], [40, 0, 0, null]);
    assert.deepEqual(report.statusCounts, { 200: 40 });
    assert.ok(
      report.seconds > 0 &&
        report.bytesReceived > 0 &&
        report.connectMs.max > 0 &&
        report.tlsMs.max === 0 &&
        report.transferMs.max >= 0 &&
        report.firstByteMs.p50 > 0,
    );
    assert.equal(target.requests.length - from, 40);
  });

  it('sends what it is told to at a rate, as hey and oha are told', async () => {
    const from = target.requests.length;
    const flags = ['-q', '100', '-n', '30', '--warm-up', '10ms', '-b', '{"a":"${b}"}', '-H', 'X-A: ${c}'];
    const { code, stdout, stderr } = await runCli(['load', `${target.url}/echo?x=1`, ...flags]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^100\/s of 100\/s planned {3}30 requests in \d+ ms, 0 failed, 0 dropped\n/);
    const counted = target.requests.slice(from).filter(({ headers }) => String(headers['baggage']).endsWith('load'));
    assert.equal(counted.length, 30);
    const { method, body, headers, path } = counted[0] as (typeof counted)[number];
    assert.deepEqual([method, body, headers['x-a'], path], ['POST', '{"a":"${b}"}', '${c}', '/echo?x=1']);
  });

  it('shows what failures said', async () => {
    const { code, stdout } = await runCli(['load', `${target.url}/status/503`, '-n', '5', '-c', '1']);
    assert.equal(code, 0);
    assert.match(stdout, /5 failed/);
    assert.match(stdout, /first status failure: .*503/);
  });

  it('interrupted, gives the figures so far and exits with 130', async () => {
    const from = target.requests.length;
    const running = startCli(['load', target.url, '--rate', '50/s', '--duration', '60s', '--warm-up', '100ms']);
    await until(() => (target.requests.length - from > 60 ? true : undefined), 30_000);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.done;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /stopping; the figures so far follow/);
    assert.match(stdout, /^\d+(?:\.\d+)?\/s of 50\/s planned {3}\d+ requests in/);
    assert.match(stdout, /interrupted: these are the figures until then/);
  });

  it('says what is wrong, with the exit code of its kind', async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['http://127.0.0.1:1/'], 4, /nothing answers: 127\.0\.0\.1 port 1/],
      [['ftp://127.0.0.1/'], 2, /wanted http: or https:/],
      [[target.url, '--rate', 'fast'], 2, /wanted a rate above 0 such as 2000\/s, or max/],
      [[target.url, '-n', '5', '--arrivals', 'poisson'], 2, /use --duration instead/],
      [[target.url, '--body-file', '/no/such/file'], 2, /cannot be read/],
      [[target.url, '-H', 'X-Price: 5 €'], 2, /wanted "name: value" on one line, in characters up to U\+00FF/],
      [[target.url, '-x', 'socks5://me:secret@127.0.0.1:1'], 2, /"socks5:" proxies are not supported: wanted/],
      [[target.url, '-x', '127.0.0.1:1', '--http2'], 2, /HTTP\/2 through a proxy needs an https:\/\/ target/],
      [[target.url, '--scheduler', 'soon'], 2, /Allowed choices are tick, timer, spin/],
    ];
    for (const [args, wanted, message] of cases) {
      const { code, stderr } = await runCli(['load', ...args]);
      assert.equal(code, wanted, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /secret/);
    }
  });
});
