// A run recorded and judged again by the real command line: the same verdicts without the system, a diff when they are others.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { repository, runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-replay-'));
const recording = join(folder, 'recordings', 'plain');
const replayFile = join(recording, 'replay.yaml');

before(async () => {
  const server = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const file = join(folder, 'plain.yaml');
  writeFileSync(
    file,
    `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: plain }
spec:
  service: plain
  sources: { traces: [] }
  workload:
    target: "\${PLAIN_URL}"
    warmUp: 200ms
    scenarios: [{ name: only, steps: [{ get: / }] }]
    phases: [{ name: steady, rate: 50/s, duration: 4s }]
  # The machine that tests run on is busy with them: a late generator is not what is tested here.
  evaluation:
    phases: [steady]
    slice: 100ms
    settle: { traces: 200ms }
    validity: { sendLag: p99 <= 10s, droppedIterations: <= 50% }
  requirements:
    - { id: REQ-01, title: Answers are quick, type: latency, require: p75 <= 5s }
    - { id: REQ-02, type: errors, require: rate <= 5% }
`,
  );
  const { port } = server.address() as AddressInfo;
  const { code, stdout, stderr } = await runCli(
    ['run', file, '--data', join(folder, 'data'), '--record', recording, '--set', 'spec.environment=ci'],
    { env: { PLAIN_URL: `http://127.0.0.1:${port}` } },
  );
  server.close();
  server.closeAllConnections();
  assert.equal(code, 0, stdout + stderr);
  assert.match(stderr, /recorded; `faultline replay .*plain` judges it again/);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a recording holds observations, the document and what to expect', () => {
  for (const name of ['observations.json.gz', 'documents/01-plain.yaml', 'replay.yaml'])
    assert.ok(existsSync(join(recording, name)), name);
  const text = readFileSync(replayFile, 'utf8');
  assert.match(text, /\nverification: plain\nset:\n {2}- spec\.environment=ci\nexpect:\n {2}verdict: pass\n/);
  assert.match(text, / {4}REQ-01: pass\n {4}REQ-02: pass\n/);
});

test('a folder of documents may hold recordings: their copies are no documents of its own', async () => {
  const { code, stderr } = await runCli(['check', folder], { env: { PLAIN_URL: 'http://127.0.0.1:1' } });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /1 file, 1 verification: 0 errors/);
});

test('replayed without the system and its variables it gives the same, and exits 0', async () => {
  for (const path of [recording, join(folder, 'recordings'), replayFile]) {
    const { code, stdout, stderr } = await runCli(['replay', path]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /✓ .*plain: 3 verdicts as expected \(plain, run /);
  }
});

test('another expectation is a diff and exit 1; --update accepts what is given', async () => {
  const text = readFileSync(replayFile, 'utf8');
  writeFileSync(replayFile, text.replace('REQ-01: pass', 'REQ-01: { verdict: fail, service: db }'));
  const different = await runCli(['replay', recording]);
  assert.equal(different.code, 1);
  assert.match(
    different.stdout,
    /REQ-01 Answers are quick \(p75 <= 5s\)\n {4}- fail: in db\n {4}\+ pass\n.*p75 .*01-plain\.yaml:19/s,
  );
  const json = await runCli(['replay', recording, '--json']);
  assert.equal(json.code, 1);
  const [replay] = JSON.parse(json.stdout).replays;
  assert.equal(replay.isAsExpected, false);
  assert.deepEqual(replay.differences, [
    { id: 'REQ-01', wanted: { verdict: 'fail', service: 'db' }, found: { verdict: 'pass' } },
  ]);
  assert.equal((await runCli(['replay', recording, '--update'])).code, 0);
  assert.equal(readFileSync(replayFile, 'utf8'), text);
});

test('a document in use may be judged by a recording: a tighter limit shows what it would have meant', async () => {
  const document = join(folder, 'tighter.yaml');
  const copy = readFileSync(join(recording, 'documents/01-plain.yaml'), 'utf8');
  writeFileSync(document, copy.replace('p75 <= 5s', 'p75 <= 1us'));
  const text = readFileSync(replayFile, 'utf8');
  writeFileSync(replayFile, text.replace('documents: documents', 'documents: ../../tighter.yaml'));
  const { code, stdout } = await runCli(['replay', recording]);
  writeFileSync(replayFile, text);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /note: REQ-01 has other limits than when the run was recorded/);
  assert.match(stdout, /REQ-01 .*\n {4}- pass\n {4}\+ fail\n/);
});

test('what cannot be replayed says why and exits 2', async () => {
  const nothing = await runCli(['replay', join(folder, 'nowhere')]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /nowhere: no such folder/);
  const none = await runCli(['replay', join(folder, 'data')]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no replay\.yaml in it or below; `faultline run --record/);
  const text = readFileSync(replayFile, 'utf8');
  writeFileSync(replayFile, text.replace('REQ-01: pass', 'REQ-01: passed'));
  const broken = await runCli(['replay', recording]);
  writeFileSync(replayFile, text);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /replay\.yaml: expect\.requirements\.REQ-01: /);
});

test('whoever stops reading the output does not make a command crash', () => {
  const command = `"${process.execPath}" src/cli/main.ts export schema | head -1`;
  const printed = execFileSync('sh', ['-c', `${command}; exit 0`], {
    cwd: repository,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.equal(printed, '{\n');
});
