// Which hosts the service may attack without being told so, and which only when its settings name them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verification } from '../../../src/core/model/verification.ts';
import { targetRefusal } from '../../../src/server/allowed-targets.ts';

const driving = (target: string, ...paths: readonly string[]): Verification =>
  ({ workload: { target, scenarios: [{ steps: paths.map((path) => ({ path })) }] } }) as unknown as Verification;

const own = [
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
  'http://10.1.2.3',
  'http://172.31.0.1/base',
  'http://192.168.1.1',
  'http://[fd00::1]',
  'http://localhost:8080',
  'http://shop:8080',
  'http://shop.prod.svc',
  'https://api.staging.internal',
];
for (const target of own) {
  test(`${target} is always allowed`, () => assert.equal(targetRefusal(driving(target, '/'), []), undefined));
}

const foreign = [
  'https://api.example.com',
  'http://8.8.8.8',
  'http://172.32.0.1',
  'http://[2606:4700::1111]',
  'http://${HOST}/',
  'http://134744072/',
  'http://0x08080808',
  'http://010.8.8.8',
  'http://evil.com\\@localhost/',
  'http:evil.com/x.local',
  'http://[::ffff:8.8.8.8]',
  'shop:8080',
];
for (const target of foreign) {
  test(`${target} is refused until it is named`, () => {
    assert.match(targetRefusal(driving(target), []) ?? '', /is not a target this service may drive load against/);
  });
}

test('a listed host, and every host below a listed ending, is allowed', () => {
  assert.equal(targetRefusal(driving('https://API.example.com/v1'), ['api.example.com']), undefined);
  assert.equal(targetRefusal(driving('https://eu.api.example.com'), ['*.example.com']), undefined);
  assert.match(targetRefusal(driving('https://notexample.com'), ['*.example.com']) ?? '', /notexample\.com/);
});

test('a step that leaves the target is held to the same rule', () => {
  assert.match(targetRefusal(driving('http://shop', '/', 'https://pay.example.com/x'), []) ?? '', /pay\.example\.com/);
});

test('a proxy is driven as well, and held to the same rule', () => {
  const through = (proxy: string): string => {
    const { workload, ...rest } = driving('http://shop', '/');
    return targetRefusal({ ...rest, workload: { ...workload, transport: { proxy } } } as Verification, []) ?? '';
  };
  assert.equal(through('http://user:secret@proxy:3128'), '');
  assert.match(through('http://user:secret@proxy.example.com:3128'), /^proxy\.example\.com is not a target/);
});

for (const target of ['local', 'http://a b/', '']) {
  test(`"${target}" is refused: nobody knows where it leads`, () => {
    assert.match(targetRefusal(driving(target), []) ?? '', /not a URL/);
  });
}

test('a step cannot hide where it goes', () => {
  for (const path of ['http://134744072/x', 'http://evil.com\\@localhost/', 'HTTP://evil.com?.local', 'http://a b/'])
    assert.match(targetRefusal(driving('http://shop', path), []) ?? '', /is not a (target|URL)/, path);
});

test('a listed host may be written in letters beyond ASCII', () => {
  assert.equal(targetRefusal(driving('https://api.münchen.example'), ['*.münchen.example']), undefined);
});

test('what drives no load may look anywhere', () => {
  assert.equal(targetRefusal({} as Verification, []), undefined);
});
