import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wholeMatch } from '../../../src/adapters/scrape/promql/parse-selector.ts';
import { SampleStore } from '../../../src/adapters/scrape/sample-store.ts';

const limits = { maxSeries: 3, maxSamplesPerSeries: 20 };

describe('the sample store', () => {
  test('has one series for one set of labels, whatever their order', () => {
    const store = new SampleStore(limits);
    assert.equal(store.series({ __name__: 'a', b: '1', c: '2' }), store.series({ c: '2', b: '1', __name__: 'a' }));
  });

  test('has no room for more series than its limit', () => {
    const store = new SampleStore(limits);
    for (const name of ['a', 'b', 'c']) assert.ok(store.series({ __name__: name }));
    assert.equal(store.series({ __name__: 'd' }), undefined);
  });

  test('finds series by name and by other matchers', () => {
    const store = new SampleStore(limits);
    store.series({ __name__: 'a', x: '1' });
    store.series({ __name__: 'a', x: '2' });
    store.series({ __name__: 'b', x: '2' });
    const name = { label: '__name__', op: '=', value: 'a', matches: (value: string) => value === 'a' } as const;
    const two = {
      label: 'x',
      op: '=~',
      value: '2|3',
      matches: (value: string) => wholeMatch('2|3', 0).test(value),
    } as const;
    assert.equal(store.select([name]).length, 2);
    assert.equal(store.select([two]).length, 2);
    assert.deepEqual(store.select([name, two])[0]?.labels, { __name__: 'a', x: '2' });
  });

  test('gives the samples within a window, ends included', () => {
    const series = new SampleStore(limits).series({ __name__: 'a' });
    for (const time of [10, 20, 30, 40]) series?.append(time, time, 'value');
    const { from, to, times } = series?.between(20, 30) ?? assert.fail();
    assert.deepEqual(Array.from(times).slice(from, to), [20, 30]);
  });

  test('drops a sample that is not later than the last', () => {
    const series = new SampleStore(limits).series({ __name__: 'a' });
    for (const time of [10, 10, 5, 11]) series?.append(time, time, 'value');
    const { from, to } = series?.between(0, 100) ?? assert.fail();
    assert.equal(to - from, 2);
  });

  test('at its limit drops the oldest quarter and says up to when', () => {
    const store = new SampleStore(limits);
    const series = store.series({ __name__: 'a' });
    for (let time = 1; time <= 21; time += 1) series?.append(time, time, time === 21 ? 'stale' : 'value');
    const { from, to, times, stale } = series?.between(0, 100) ?? assert.fail();
    assert.deepEqual([to - from, times[from], times[to - 1], stale[to - 1]], [16, 6, 21, 1]);
    assert.equal(store.droppedUntil(), 5);
  });
});
