// The values of `faultline load`'s flags.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  collectHeader,
  parseCount,
  parseMethod,
  parseMillis,
  parseMillisOrNone,
  parseRate,
  parseUrl,
} from '../../../src/cli/load-flags.ts';

describe('flags of load', () => {
  it('are read', () => {
    assert.deepEqual(['2000', '2000/s', '2.5/s', '600/min', '600/m', '7200/h', 'max'].map(parseRate), [
      2000,
      2000,
      2.5,
      10,
      10,
      2,
      'max',
    ]);
    assert.deepEqual(['500ms', '10s', '1m30s'].map(parseMillis), [500, 10_000, 90_000]);
    assert.deepEqual(['1', '64'].map(parseCount), [1, 64]);
    assert.deepEqual(['0', '0s', '00ms', '5s'].map(parseMillisOrNone), [0, 0, 0, 5000]);
    assert.deepEqual(['get', 'PATCH'].map(parseMethod), ['GET', 'PATCH']);
    assert.deepEqual(['localhost:8080/a', 'https://x', 'ftp://x'].map(parseUrl), [
      'http://localhost:8080/a',
      'https://x',
      'ftp://x',
    ]);
  });

  it('collect headers, of one name a list', () => {
    const headers = ['A: 1', 'b:2 ', 'a: 3:4', 'c: é', 'Cookie: x=1', 'cookie: y=2'].reduce(
      (before, text) => collectHeader(text, before),
      {} as Readonly<Record<string, string>>,
    );
    assert.deepEqual(headers, { A: '1, 3:4', b: '2', c: 'é', Cookie: 'x=1; y=2' });
  });

  const refused: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
    ['a rate', parseRate, ['0', '-1', '10/d', 'fast', '', '1e3']],
    ['a duration', parseMillis, ['10', '0s', '-1s', 'soon']],
    ['a duration or none', parseMillisOrNone, ['0foo', '-1s', 'x']],
    ['a count', parseCount, ['0', '-3', '1.5', '1e3', 'x', '']],
    ['a method', parseMethod, ['', 'G T', 'GET\r\n']],
    [
      'a header',
      (text) => collectHeader(text, {}),
      ['', 'x', ': y', 'a b: c', 'a: b\r\nc: d', 'a: 5 €', 'a: \x01', 'Connection: close', 'Content-Length: 3'],
    ],
  ];
  for (const [what, parse, texts] of refused) {
    it(`refuse what is not ${what}, saying what was wanted`, () => {
      for (const text of texts) assert.throws(() => parse(text), { message: /^wanted / }, text);
    });
  }
});
