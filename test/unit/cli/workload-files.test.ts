// Files that a workload sends or trusts: relative to the document, and missed by `check` when they are not there.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { missingWorkloadFiles } from '../../../src/cli/workload-files.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import { expandVerification } from '../../../src/spec/expand.ts';
import { parseVerifications } from '../../../src/spec/parse-documents.ts';
import { runCli } from '../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-bodies-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'order.bin'), 'x');

const documentOf = (path: string, transport = ''): string => `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: bodies }
spec:
  service: gateway
  workload:
    target: http://127.0.0.1:9
    scenarios: [{ name: buy, steps: [{ get: / }, { post: /orders, file: "${path}" }] }]
    phases: [{ name: steady, rate: 10/s, duration: 5m }]${transport}
  requirements: [{ id: A, title: fast, type: latency, require: p90 <= 1s }]
`;

function verificationIn(file: string, path: string, transport?: string): Verification {
  const { verifications, diagnostics } = parseVerifications([{ file, text: documentOf(path, transport) }], {
    environment: () => undefined,
  });
  assert.ok(verifications[0] !== undefined, JSON.stringify(diagnostics));
  return verifications[0];
}

const pathIn = (verification: Verification): unknown => verification.workload?.scenarios[0]?.steps[1]?.body;

test('the path of a body is relative to the document', () => {
  assert.deepEqual(pathIn(verificationIn('slos/a.yaml', 'order.bin')), { kind: 'file', path: 'slos/order.bin' });
  assert.deepEqual(pathIn(verificationIn('a.yaml', 'order.bin')), { kind: 'file', path: 'order.bin' });
  assert.deepEqual(pathIn(verificationIn('slos/a.yaml', '/data/order.bin')), { kind: 'file', path: '/data/order.bin' });
});

test('written out it is what the document says', () => {
  for (const path of ['order.bin', '../order.bin', '/data/order.bin'])
    assert.match(expandVerification(verificationIn('slos/a.yaml', path)), new RegExp(`file: ${path}\\n`));
});

test('a file that is there is no problem', async () => {
  assert.deepEqual(await missingWorkloadFiles(verificationIn(join(folder, 'doc.yaml'), 'order.bin')), []);
});

test('a file that is not there is one, by scenario and step', async () => {
  const problems = await missingWorkloadFiles(verificationIn(join(folder, 'doc.yaml'), 'nope.bin'));
  assert.deepEqual(problems, [
    {
      message: `step POST /orders: ${join(folder, 'nope.bin')}: no such file`,
      place: ['scenarios', 0, 'steps', 1, 'file'],
    },
  ]);
});

test('check names the place', async () => {
  writeFileSync(join(folder, 'doc.yaml'), documentOf('nope.bin'));
  const { code, stdout } = await runCli(['check', join(folder, 'doc.yaml'), '--json']);
  const [found] = JSON.parse(stdout).diagnostics;
  assert.equal(code, 2);
  assert.deepEqual([found.code, found.line, found.column], ['SPEC_FILE_MISSING', 8, 73]);
});

const trusting = '\n    transport: { caFile: certs/ca.pem, unixSocket: /run/app.sock }';

test('certificates and sockets are relative to the document, too, and written out as it says', () => {
  const verification = verificationIn('slos/a.yaml', 'order.bin', trusting);
  assert.deepEqual(verification.workload?.transport, { caFile: 'slos/certs/ca.pem', unixSocket: '/run/app.sock' });
  assert.match(
    expandVerification(verification),
    / {4}transport:\n {6}unixSocket: \/run\/app\.sock\n {6}caFile: certs\/ca\.pem\n/,
  );
});

test('certificates that are none are no file to trust', async () => {
  mkdirSync(join(folder, 'certs'), { recursive: true });
  const problem = async (): Promise<string> =>
    (await missingWorkloadFiles(verificationIn(join(folder, 'doc.yaml'), 'order.bin', trusting)))[0]?.message ?? '';
  writeFileSync(join(folder, 'certs/ca.pem'), '-----BEGIN PRIVATE KEY-----\n');
  assert.equal(await problem(), `certificates: ${join(folder, 'certs/ca.pem')}: holds no PEM certificate`);
  writeFileSync(join(folder, 'certs/ca.pem'), '-----BEGIN CERTIFICATE-----\n');
  assert.equal(await problem(), '');
  rmSync(join(folder, 'certs'), { recursive: true });
});

test('check names certificates that are not there', async () => {
  writeFileSync(join(folder, 'doc.yaml'), documentOf('order.bin', trusting));
  const { code, stdout } = await runCli(['check', join(folder, 'doc.yaml'), '--json']);
  const [found] = JSON.parse(stdout).diagnostics;
  assert.equal(code, 2);
  assert.match(found.message, /^certificates: .*\/certs\/ca\.pem: no such file$/);
  assert.deepEqual([found.code, found.line, found.column], ['SPEC_FILE_MISSING', 10, 26]);
});

test('written out, a proxy keeps its password to itself', () => {
  const verification = verificationIn(
    'a.yaml',
    'order.bin',
    '\n    transport: { proxy: "http://u:secret@127.0.0.1:3128" }',
  );
  assert.equal(verification.workload?.transport?.proxy, 'http://u:secret@127.0.0.1:3128');
  assert.match(expandVerification(verification), /proxy: http:\/\/REDACTED@127\.0\.0\.1:3128\n/);
});
