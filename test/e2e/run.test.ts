// The real command line against a real HTTP server without telemetry: verdicts, exit codes, interruption, outputs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli, startCli, until } from '../support/run-cli.ts';
import { testCertificate } from '../support/test-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-e2e-'));
let server: Server;
let target = '';

before(async () => {
  server = createServer((request, response) => {
    const delay = { '/slow': 300, '/never': 60_000 }[request.url ?? ''] ?? 0;
    setTimeout(() => response.writeHead(request.url === '/broken' ? 500 : 200).end('ok'), delay);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

interface Plan {
  readonly name: string;
  readonly path?: string;
  readonly seconds?: number;
  readonly requirements: string;
  readonly target?: string;
  readonly traces?: string;
  readonly transport?: string;
}

let count = 0;
function documentOf(plan: Plan): string {
  const { name, path = '/', seconds = 4, requirements, traces = '', transport = '{}', target: at = target } = plan;
  count += 1;
  const file = join(folder, `${name}-${count}.yaml`);
  writeFileSync(
    file,
    `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: ${name} }
spec:
  service: plain
  sources: { traces: [${traces}] }
  workload:
    target: ${at}
    transport: ${transport}
    warmUp: 200ms
    scenarios: [{ name: only, steps: [{ get: ${path} }] }]
    phases: [{ name: steady, rate: 100/s, duration: ${seconds}s }]
  # The machine that tests run on is busy with them: a late generator is not what is tested here.
  evaluation: { phases: [steady], slice: 100ms, settle: { traces: 500ms }, validity: { sendLag: p99 <= 10s } }
  requirements:
${requirements}
`,
  );
  return file;
}

const latency = '    - { id: REQ-01, type: latency, require: p75 <= 150ms, priority: must }';
/** Holds on the busiest machine. */
const errors = '    - { id: REQ-01, type: errors, require: rate <= 5%, priority: must }';
const dependency = `    - { id: REQ-03, type: dependency, where: { span: '[service.name="plain" kind=server]' }, require: p90 <= 150ms, priority: must }`;
const run = (file: string, ...args: readonly string[]) =>
  runCli(['run', file, '--data', join(folder, `data-${count}`), ...args]);

test('a kept requirement exits 0 and writes every report', async () => {
  const out = join(folder, 'out');
  const result = await run(documentOf({ name: 'kept', requirements: errors }), '--out', out);
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.match(result.stdout, /REQ-01/);
  for (const name of ['report.html', 'report.json', 'junit.xml', 'report.md', 'metrics.txt'])
    assert.ok(existsSync(join(out, name)), name);
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  assert.equal(report.verdict, 'pass');
  assert.equal(report.target, target);
  assert.ok(result.stdout.replaceAll(/\s+/g, ' ').includes(`against ${target}`), result.stdout);
  assert.equal(report.requirements[0].id, 'REQ-01');
  assert.deepEqual(report.attribution.findings, []);
});

const certificate = testCertificate();
if (certificate === undefined && process.env['CI'] !== undefined) throw new Error('openssl is needed in CI');
test('a document drives HTTP/2 and trusts certificates of its own', {
  skip: certificate === undefined ? 'openssl is not installed: TLS was not tested' : false,
}, async () => {
  const versions = new Set<string>();
  const secure = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    versions.add(request.httpVersion);
    response.end('ok');
  });
  await new Promise<void>((listening) => {
    secure.listen(0, '127.0.0.1', listening);
  });
  const at = `https://localhost:${(secure.address() as AddressInfo).port}`;
  const drive = (transport: string) => run(documentOf({ name: 'secure', target: at, transport, requirements: errors }));
  try {
    writeFileSync(join(folder, 'ca.pem'), certificate?.cert ?? '');
    const trusting = await drive('{ httpVersion: 2, caFile: ca.pem }');
    assert.equal(trusting.code, 0, trusting.stdout + trusting.stderr);
    assert.deepEqual([...versions], ['2.0']);
    const wary = await drive('{ httpVersion: 2 }');
    assert.equal(wary.code, 4, 'nothing is known of a target that no connection was made to');
    assert.match(
      wary.stdout,
      /no connection to .* could be made for any of 400 requests: tls: self-signed certificate; `workload\.transport`/,
    );
    const mistaken = await drive('{ caFile: none.pem }');
    assert.equal(mistaken.code, 2, mistaken.stdout + mistaken.stderr);
    assert.match(mistaken.stderr, /secure: certificates: .*none\.pem: no such file/);
  } finally {
    secure.close();
  }
});

test('a broken requirement exits 1 with its numbers', async () => {
  const result = await run(documentOf({ name: 'slow', path: '/slow', requirements: latency }));
  assert.equal(result.code, 1, result.stdout + result.stderr);
  assert.match(result.stdout, /REQ-01[\s\S]*150 ms/);
});

test('failing replies break an error requirement', async () => {
  const requirements = '    - { id: REQ-02, type: errors, require: rate <= 1%, priority: must }';
  const result = await run(documentOf({ name: 'broken', path: '/broken', requirements }), '--json', '-');
  const report = JSON.parse(result.stdout);
  assert.equal(report.requirements[0].verdict, 'fail', result.stdout);
  assert.ok(result.code === 1 || result.code === 5, `exit ${result.code}`);
});

for (const { what, traces, verdict, code, why } of [
  {
    what: 'that never arrive',
    traces: () => '{ type: otlp, httpPort: 0 }',
    verdict: 'inconclusive',
    code: 3,
    why: /arrived/,
  },
  {
    what: 'whose back end is down',
    traces: () => '{ type: jaeger, url: "http://127.0.0.1:2" }',
    verdict: 'error',
    code: 4,
    why: /refused/,
  },
  {
    what: 'whose receiver finds its port taken',
    traces: () => `{ type: otlp, httpPort: ${new URL(target).port} }`,
    verdict: 'error',
    code: 4,
    why: /is taken.*set httpPort/,
  },
]) {
  test(`traces ${what} are no pass, and the reason is said`, async () => {
    const requirements = `${errors}\n${dependency}`;
    const result = await run(documentOf({ name: 'untraced', requirements, traces: traces() }), '--json', '-');
    const report: { requirements: { id: string; verdict: string; explanation: string }[] } = JSON.parse(result.stdout);
    const told = new Map(report.requirements.map((each) => [each.id, each]));
    assert.equal(told.get('REQ-01')?.verdict, 'pass', result.stdout);
    assert.equal(told.get('REQ-03')?.verdict, verdict, result.stdout);
    assert.match(told.get('REQ-03')?.explanation ?? '', why);
    assert.equal(result.code, code);
  });
}

test('a run to which none of the traces came that its document promises is no pass, though its requirements are kept', async () => {
  const out = join(folder, 'out-promised');
  const traces = '{ type: otlp, httpPort: 0 }';
  const result = await run(documentOf({ name: 'promised', seconds: 2, requirements: errors, traces }), '--out', out);
  assert.equal(result.code, 3, result.stdout + result.stderr);
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  assert.equal(report.requirements[0].verdict, 'pass');
  assert.deepEqual([report.verdict, report.validity.ok, report.validity.touches], ['inconclusive', false, 'traces']);
  assert.match(result.stdout, /not one of \d+ traces arrived, and the document names where they come from/);
  assert.match(result.stdout, /the run may not judge what is measured on traces/);
  assert.match(result.stdout, /OTEL_EXPORTER_OTLP_ENDPOINT=http/);
  assert.match(readFileSync(join(out, 'junit.xml'), 'utf8'), /<error[^>]*not one of \d+ traces arrived/);
});

test('a taken port of the receiver ends a run that could judge nothing, and only that', async () => {
  const traces = `{ type: otlp, httpPort: ${new URL(target).port} }`;
  const document = (requirements: string) => documentOf({ name: 'taken', seconds: 2, requirements, traces });
  const pointless = await run(document(dependency));
  assert.equal(pointless.code, 4, pointless.stderr);
  assert.match(pointless.stderr, /^faultline: taken: OTLP receiver: port \d+ on 127\.0\.0\.1 is taken.*set httpPort/);
  assert.doesNotMatch(pointless.stderr, /phase/);
  // As with any source that a document names and that gives nothing: the run as a whole is no pass.
  const judged = await run(document(`${errors}\n${dependency}`), '--only', 'REQ-01', '--json', '-');
  assert.equal(judged.code, 3, judged.stdout + judged.stderr);
  assert.deepEqual(
    JSON.parse(judged.stdout).requirements.map((each: { id: string; verdict: string }) => [each.id, each.verdict]),
    [['REQ-01', 'pass']],
  );
  assert.match(judged.stderr, /is taken/);
});

test('a target that is down exits 4 within three seconds and names target and cause', async () => {
  const file = documentOf({ name: 'down', target: 'http://127.0.0.1:1', requirements: latency });
  const startUp = (await runCli(['check', file])).milliseconds;
  const result = await run(file);
  assert.equal(result.code, 4, result.stdout + result.stderr);
  // Beyond what the process needs to start, which a busy machine stretches.
  assert.ok(result.milliseconds - startUp < 3_000, `${result.milliseconds} ms, start-up ${startUp} ms`);
  assert.match(result.stdout + result.stderr, /127\.0\.0\.1:1/);
  assert.match(result.stdout + result.stderr, /refused/i);
});

test('a target that takes no more connections and refuses none exits 4 within three seconds, too', async (t) => {
  const deaf = spawn(process.execPath, ['-e', listenOnce], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => deaf.kill('SIGKILL'));
  const [port] = (await once(deaf.stdout, 'data')) as [Buffer];
  deaf.kill('SIGSTOP');
  const waiting = Array.from({ length: 8 }, () => connect(Number(port), '127.0.0.1').on('error', () => undefined));
  t.after(() => waiting.forEach((socket) => void socket.destroy()));
  const file = documentOf({ name: 'deaf', target: `http://127.0.0.1:${port}`, requirements: latency });
  const startUp = (await runCli(['check', file])).milliseconds;
  const result = await run(file);
  assert.equal(result.code, 4, result.stdout + result.stderr);
  assert.match(result.stdout, /no connection in time/);
  assert.ok(result.milliseconds - startUp < 3_000, `${result.milliseconds} ms, start-up ${startUp} ms`);
});

/** Prints its port; a queue this short is full at once when nobody accepts. */
const listenOnce = `const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
  console.log(server.address().port));`;

test('an output that cannot be written is refused before anything is sent', async () => {
  const file = documentOf({ name: 'unwritable', target: 'http://127.0.0.1:1', requirements: latency });
  const result = await run(file, '--out', join(file, 'out'));
  assert.equal(result.code, 2, result.stderr);
  assert.match(result.stderr, /^faultline: .*report\.html cannot be written: a part of the path is a file/);
});

test('Ctrl-C gives a partial report and exit 130', async () => {
  const file = documentOf({ name: 'stopped', seconds: 30, requirements: latency });
  const cli = startCli(['run', file, '--data', join(folder, 'data-stopped')]);
  await until(() => (/phase steady/.test(cli.stderr()) ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const stopped = performance.now();
  cli.child.kill('SIGINT');
  const result = await cli.done;
  assert.equal(result.code, 130, result.stderr);
  assert.ok(performance.now() - stopped < 8_000);
  assert.match(result.stdout, /REQ-01/);
  assert.match(result.stdout, /interrupted/);
});

test('Ctrl-C once more ends the process at once', async () => {
  // Its replies are waited for after the first.
  const file = documentOf({ name: 'ended', path: '/never', seconds: 30, requirements: latency });
  const cli = startCli(['run', file, '--data', join(folder, 'data-ended')]);
  await until(() => (/phase steady/.test(cli.stderr()) ? true : undefined));
  cli.child.kill('SIGINT');
  await until(() => (/once more ends at once/.test(cli.stderr()) ? true : undefined));
  const again = performance.now();
  cli.child.kill('SIGINT');
  const result = await cli.done;
  assert.equal(result.code, 130, result.stderr);
  assert.ok(performance.now() - again < 500);
  assert.equal(result.stdout, '');
});

test('after kill -9 the store opens, the run is interrupted, the next run works', async () => {
  const data = join(folder, 'data-killed');
  const file = documentOf({ name: 'killed', seconds: 30, requirements: latency });
  const cli = startCli(['run', file, '--data', data]);
  await until(() => (/phase steady/.test(cli.stderr()) ? true : undefined));
  cli.child.kill('SIGKILL');
  await cli.done;
  const listed = await runCli(['runs', '--json', '--data', data]);
  assert.deepEqual(
    JSON.parse(listed.stdout).map((each: { status: string }) => each.status),
    ['interrupted'],
  );
  const next = await runCli(['run', documentOf({ name: 'killed', requirements: errors }), '--data', data]);
  assert.equal(next.code, 0, next.stdout + next.stderr);
});

test('explain takes the newest run that has a result, and says so', async () => {
  const data = join(folder, 'data-explained');
  const judged = await runCli([
    'run',
    documentOf({ name: 'judged', seconds: 1, requirements: errors }),
    '--data',
    data,
  ]);
  const judgedId = /run (\w{23})/.exec(judged.stdout)?.[1] ?? '';
  const cli = startCli(['run', documentOf({ name: 'killed', seconds: 30, requirements: latency }), '--data', data]);
  await until(() => (/phase steady/.test(cli.stderr()) ? true : undefined));
  cli.child.kill('SIGKILL');
  await cli.done;
  const killedId = /run (\w{23})/.exec(cli.stderr())?.[1] ?? '';
  const newest = await runCli(['explain', '--data', data]);
  assert.equal(newest.code, 0, newest.stderr);
  assert.match(newest.stdout, new RegExp(judgedId));
  assert.match(newest.stderr, new RegExp(`run ${killedId} has no result \\(interrupted\\)`));
  const killed = await runCli(['explain', killedId, '--data', data]);
  assert.equal(killed.code, 0, killed.stderr);
  assert.match(killed.stdout, /interrupted before its end: its process was gone before anything was judged/);
});

test('an invalid document exits 2 with line, column and caret before anything is sent', async () => {
  const result = await run(
    documentOf({
      name: 'invalid',
      requirements: '    - { id: REQ-01, type: latency, require: p90 <= 30, priority: must }',
    }),
  );
  assert.equal(result.code, 2);
  assert.match(result.stderr, /invalid-\d+\.yaml:\d+:\d+/);
  assert.match(result.stderr, /\^/);
});

for (const [name, args] of [
  ['an unknown command', ['rnu']],
  ['an unknown flag', ['run', '--fast', 'x.yaml']],
  ['a missing file', ['run', 'nowhere.yaml']],
  ['an unknown verdict', ['run', 'x.yaml', '--fail-on', 'sometimes']],
] as const) {
  test(`${name} exits 2 and says what was wanted`, async () => {
    const result = await runCli(args);
    assert.equal(result.code, 2);
    assert.ok(result.stderr.length > 10);
  });
}

test('help exits 0', async () => {
  const result = await runCli(['--help']);
  assert.equal(result.code, 0);
  assert.match(result.stdout, /faultline run/);
});
