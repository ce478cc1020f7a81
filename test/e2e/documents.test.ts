// The commands about documents, as people type them: check, fmt, export.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { repository, runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'documents-'));
after(() => rmSync(folder, { recursive: true }));

interface Checked {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endColumn: number;
  }[];
}

test('check --json names every problem of a folder by code, file, line and column, and exits 2', async () => {
  const { code, stdout } = await runCli(['check', 'test/fixtures/broken', '--json'], { env: { UNIT: 'furlongs' } });
  assert.equal(code, 2);
  const { diagnostics } = JSON.parse(stdout) as Checked;
  const names = readdirSync(join(repository, 'test/fixtures/broken')).filter((name) => name.endsWith('.yaml'));
  const files = new Set(diagnostics.map(({ file }) => file));
  for (const name of names) assert.ok(files.has(`test/fixtures/broken/${name}`), name);
  for (const { line, column, endColumn } of diagnostics) assert.ok(line >= 1 && column >= 1 && endColumn >= 1);
});

test('check of the demo and the examples exits 0 without any variable set', async () => {
  for (const path of ['slos/checkout.yaml', 'slos/examples']) {
    const { code, stderr } = await runCli(['check', path]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /: 0 errors/);
  }
});

test('check shows the line, a caret and what to write', async () => {
  const { stderr } = await runCli(['check', 'test/fixtures/broken/unit-missing-time.yaml']);
  assert.match(
    stderr,
    /error\[SPEC_UNIT_MISSING\]: `300` needs a unit.*\n.*unit-missing-time\.yaml:25:23\n.*\n25 \| .*p99 <= 300\n.*\^\^\^\n.*help.*300ms/,
  );
});

test('check --expand prints a document that checks', async () => {
  const { stdout } = await runCli(['check', 'slos/checkout.yaml', '--expand']);
  writeFileSync(join(folder, 'expanded.yaml'), stdout);
  const { code, stderr } = await runCli(['check', join(folder, 'expanded.yaml')]);
  assert.equal(code, 0, stderr);
});

test('output that finds no room is one line on standard error and exit 4, not the code of a broken requirement', {
  skip: !existsSync('/dev/full'),
}, () => {
  const command = `"${process.execPath}" src/cli/main.ts check slos/checkout.yaml --expand > /dev/full`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: repository, encoding: 'utf8' });
  assert.equal(status, 4, stderr);
  const lines = stderr.split('\n').filter((line) => line.startsWith('faultline') || /^\s+at /.test(line));
  assert.deepEqual(lines, ['faultline: the output cannot be written: no space is left on the device']);
});

test('commands that read the run store make none', async () => {
  const data = join(folder, 'nowhere');
  for (const args of [['runs'], ['runs', '--json'], ['explain']]) {
    const { code, stderr } = await runCli([...args, '--data', data]);
    assert.equal(code, 2);
    assert.match(stderr, /there is no run store in .*nowhere/);
  }
  assert.equal(existsSync(data), false);
});

test('runs refuses a limit that is no number', async () => {
  const { code, stderr } = await runCli(['runs', '--limit', 'x']);
  assert.equal(code, 2);
  assert.match(stderr, /--limit.*wanted a whole number/);
});

test('observe says its default as it is written', async () => {
  assert.match((await runCli(['observe', '--help'])).stdout, /\(default:\s+1h\)/);
});

test('fmt changes the form of rules and back again', async () => {
  const file = join(folder, 'checkout.yaml');
  copyFileSync(join(repository, 'slos/checkout.yaml'), file);
  const before = readFileSync(file, 'utf8');
  assert.equal((await runCli(['fmt', file, '--check'])).code, 0);
  assert.equal((await runCli(['fmt', file, '--rules', 'object'])).code, 0);
  assert.match(readFileSync(file, 'utf8'), /require: \{ stat: p90, op: lte, value: \d+, unit: ms, target: 0.9 \}/);
  assert.equal((await runCli(['fmt', file, '--check'])).code, 1);
  assert.equal((await runCli(['fmt', file])).code, 0);
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a TypeScript module is a document like any other', async () => {
  const file = join(folder, 'checkout.ts');
  const define = join(repository, 'src/spec/define-verification.ts');
  const spec = `{ service: 's', workload: { target: 'http://127.0.0.1:1', scenarios: [{ name: 'a', steps: [{ get: '/' }] }], phases: [{ name: 'p', rate: '50/s', duration: '5m' }] }, requirements: [{ id: 'A-1', type: 'latency', require: 'p99 <= 300ms' }] }`;
  writeFileSync(
    file,
    `import { defineVerification } from ${JSON.stringify(define)};\nexport default defineVerification({ metadata: { name: 'module' }, spec: ${spec} });\n`,
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { code, stdout, stderr } = await runCli(['check', file, '--expand']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /name: module/);
  const before = readFileSync(file, 'utf8');
  const formatted = await runCli(['fmt', file, '--rules', 'object']);
  assert.equal(formatted.code, 2);
  assert.match(formatted.stderr, /checkout\.ts: fmt writes YAML/);
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a value may stand in a file beside the document', async () => {
  writeFileSync(join(folder, 'service.txt'), 'from-file\n');
  const text = readFileSync(join(repository, 'slos/checkout.yaml'), 'utf8').replace(
    'service: gateway',
    'service: ${file:service.txt}',
  );
  writeFileSync(join(folder, 'referring.yaml'), text);
  const { code, stdout, stderr } = await runCli(['check', join(folder, 'referring.yaml'), '--expand']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /service: from-file/);
});

test('export writes rules with their test, OpenSLO, the schema and the dashboards', async () => {
  const rules = join(folder, 'out', 'slo.yaml');
  assert.equal((await runCli(['export', 'rules', 'slos/checkout.yaml', '--out', rules])).code, 0);
  assert.match(readFileSync(rules, 'utf8'), /alert: SLOBudgetBurn/);
  assert.match(readFileSync(join(folder, 'out', 'slo.test.yaml'), 'utf8'), /rule_files:\n\s+- slo\.yaml/);
  const openslo = await runCli(['export', 'openslo', 'slos/checkout.yaml']);
  writeFileSync(join(folder, 'openslo.yaml'), openslo.stdout);
  assert.equal((await runCli(['check', join(folder, 'openslo.yaml')])).code, 0);
  const schema = JSON.parse((await runCli(['export', 'schema'])).stdout) as { readonly $schema: string };
  assert.match(schema.$schema, /draft-07/);
  assert.equal((await runCli(['export', 'dashboards', '--out', join(folder, 'boards')])).code, 0);
  assert.ok(readdirSync(join(folder, 'boards')).length >= 2);
});

test('export needs no variable of the environment, and wrong usage of it exits 2', async () => {
  assert.equal((await runCli(['export', 'rules', 'slos/examples/checkout-full.yaml'])).code, 0);
  const { code, stderr } = await runCli(['export', 'dashboards']);
  assert.equal(code, 2);
  assert.match(stderr, /required option '--out <folder>'/);
});

test('export of a broken document says why and exits 2', async () => {
  const { code, stderr } = await runCli(['export', 'rules', 'test/fixtures/broken/rule-comma.yaml']);
  assert.equal(code, 2);
  assert.match(stderr, /SPEC_RULE_SYNTAX/);
});
