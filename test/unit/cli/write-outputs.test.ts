// Where the reports of a run go.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunFlags } from '../../../src/cli/run-options.ts';
import { outputPaths, writeOutputs } from '../../../src/cli/write-outputs.ts';
import { defaultFailOn } from '../../../src/report/default-fail-on.ts';
import { heardConsole } from '../../support/heard-console.ts';
import { brokenCheckoutRun } from '../../support/run-builder.ts';

const run = brokenCheckoutRun();
const flags: RunFlags = { only: [], set: [], failOn: defaultFailOn, quiet: false, data: '.faultline' };

test('on GitHub annotations go to standard output, beside JSON there to standard error', async () => {
  for (const [json, isJson] of [
    ['-', true],
    ['/dev/null', false],
  ] as const) {
    const heard = heardConsole();
    const environment = { GITHUB_ACTIONS: 'true' };
    await writeOutputs(run, { ...flags, json }, heard.console, { isOnly: true, environment, links: {} });
    const annotated = isJson ? heard.error : heard.out;
    assert.match(annotated.join('\n'), /^::error file=slos\/checkout\.yaml/);
    if (isJson) assert.equal(JSON.parse(heard.out.join('')).verdict, run.verdict);
    else assert.deepEqual(heard.error, []);
  }
});

test('JUnit and annotations are red for the verdicts that fail the call, and for no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-outputs-'));
  try {
    for (const [failOn, failures, errors, annotations] of [
      [defaultFailOn, 1, 1, 2],
      [['fail'], 1, 0, 1],
      [['fail', 'warn'], 2, 0, 2],
      [[], 0, 0, 0],
    ] as const) {
      const junit = join(folder, 'junit.xml');
      const heard = heardConsole();
      const environment = { GITHUB_ACTIONS: 'true' };
      await writeOutputs(run, { ...flags, junit, failOn }, heard.console, { isOnly: true, environment, links: {} });
      const counts = new RegExp(`<testsuites [^>]*failures="${failures}" errors="${errors}"`);
      assert.match(readFileSync(junit, 'utf8'), counts, failOn.join());
      assert.equal(heard.out.filter((line) => line.startsWith('::error ')).length, annotations, failOn.join());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what cannot be written is told, and keeps nothing else from being written', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const heard = heardConsole();
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/dev/full' };
  const wanted = { ...flags, json: '/dev/full', junit: '/dev/null' };
  const { files, problems } = await writeOutputs(run, wanted, heard.console, { isOnly: true, environment, links: {} });
  assert.deepEqual(files, ['/dev/null']);
  assert.deepEqual(problems, ['/dev/full cannot be written: no space is left on the device']);
  assert.match(heard.error.join('\n'), /the job summary \/dev\/full cannot be written/);
});

test('files of several verifications carry their names', () => {
  const wanted = { ...flags, json: 'a/report.json', html: 'page', out: 'out' };
  assert.deepEqual(outputPaths({ ...flags, json: '-' }, 'peak', true), []);
  assert.deepEqual(
    outputPaths(wanted, 'peak', false).filter((path) => /json|page/.test(path)),
    ['out/peak/report.json', 'page-peak', 'a/report-peak.json'],
  );
});
