// Settings of the service: flags and file go through the same checks.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseHttpUrl } from '../../../src/cli/http-url.ts';
import { type ServeFlags, serveDefaults, serveSettings } from '../../../src/cli/serve-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-settings-'));
after(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'serve.yaml');

const refused: readonly (readonly [ServeFlags, string, string])[] = [
  [{ port: 'abc' }, 'port: abc', 'wanted a whole number from 0 to 65535, found "abc"'],
  [{ port: '99999' }, 'port: 99999', 'wanted a whole number from 0 to 65535, found 99999'],
  [{ port: '-1' }, 'port: -1', 'wanted a whole number from 0 to 65535, found -1'],
  [{ port: '80.5' }, 'port: 80.5', 'wanted a whole number from 0 to 65535, found'],
  [{ publicUrl: 'here' }, 'publicUrl: here', 'wanted a URL with http:// or https://, found "here"'],
  [{ otlpEndpoint: 'localhost:4318' }, 'otlpEndpoint: "localhost:4318"', 'wanted a URL with http:// or https://'],
];

describe('settings of the service', () => {
  for (const [flags, line, message] of refused) {
    const [[name = '', value = '']] = Object.entries(flags) as [[string, string]];
    const flag = { port: '--port', publicUrl: '--public-url', otlpEndpoint: '--otlp-endpoint' }[name];
    it(`refuse ${flag} ${value}, as a flag and in the file`, async () => {
      const asFlag = await serveSettings(flags);
      assert.ok(!asFlag.ok && asFlag.error.startsWith(`${flag}: ${message}`), JSON.stringify(asFlag));
      writeFileSync(config, line);
      const inFile = await serveSettings({ config });
      assert.ok(!inFile.ok && inFile.error.startsWith(`${config}: ${name}: ${message}`), JSON.stringify(inFile));
    });
  }

  it('take flags before the file before the defaults; what is empty is not given', async () => {
    writeFileSync(config, 'port: 9000\nhost: 127.0.0.2\notlpEndpoint: http://127.0.0.1:4318\n');
    const settings = await serveSettings({ config, port: '0', data: '', otlpEndpoint: '' });
    assert.deepEqual(settings, {
      ok: true,
      value: { ...serveDefaults, port: 0, host: '127.0.0.2', otlpEndpoint: 'http://127.0.0.1:4318' },
    });
  });
});

describe('the address of an OTLP endpoint', () => {
  it('is a URL of HTTP, or nothing', () => {
    assert.equal(parseHttpUrl('https://otlp.example.com/base'), 'https://otlp.example.com/base');
    assert.equal(parseHttpUrl(''), undefined);
    for (const text of ['notaurl', 'localhost:4318', 'http://', 'ftp://x'])
      assert.throws(() => parseHttpUrl(text), /wanted a URL/);
  });
});
