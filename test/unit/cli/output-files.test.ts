// What a command was asked to write: problems are found before the work, and told in words.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { unwritableOutputs, writeOutputFile } from '../../../src/cli/output-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-output-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'file.txt');
writeFileSync(file, 'as it was');
mkdirSync(join(folder, 'taken'));

const unwritable: readonly (readonly [string, string, RegExp])[] = [
  [
    'below a file',
    join(file, 'report.json'),
    /file\.txt\/report\.json cannot be written: a part of the path is a file/,
  ],
  ['two below a file', join(file, 'out', 'report.json'), /a part of the path is a file/],
  ['that is a folder', join(folder, 'taken'), /taken cannot be written: it is a folder/],
  ['in /proc', '/proc/report.json', /\/proc\/report\.json cannot be written: /],
  ['below a folder that cannot be made', '/proc/out/deep/report.json', /there is no such folder, and none can be made/],
];

describe('an output', () => {
  for (const [what, path, message] of unwritable) {
    it(`${what} is known to be unwritable before, and said to be so after`, async () => {
      const [problem = '', ...more] = await unwritableOutputs([path]);
      assert.match(problem, message);
      assert.deepEqual(more, []);
      const written = await writeOutputFile(path, 'text');
      assert.match(written.ok ? '' : written.error, message);
    });
  }

  it('of a folder with several is told once', async () => {
    assert.equal((await unwritableOutputs([join(file, 'a'), join(file, 'b')])).length, 1);
  });

  it('that can be written is not touched by looking', async () => {
    const fresh = join(folder, 'new', 'deep', 'report.json');
    assert.deepEqual(await unwritableOutputs([fresh, file, '/dev/null']), []);
    assert.equal(existsSync(fresh), false);
    assert.equal(readFileSync(file, 'utf8'), 'as it was');
    assert.deepEqual(readdirSync(folder).sort(), ['file.txt', 'new', 'taken']);
  });

  it('that fits nowhere says so', { skip: !existsSync('/dev/full') }, async () => {
    const written = await writeOutputFile('/dev/full', 'text');
    assert.deepEqual(written, { ok: false, error: '/dev/full cannot be written: no space is left on the device' });
  });
});
