import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchQuery } from '../../../src/adapters/tempo/search-query.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';

const window = { start: unixMillis(1_700_000_000_900), end: unixMillis(1_700_000_060_100) };

test('a search without conditions finds any trace; the window is widened to whole seconds', () => {
  assert.deepEqual(Object.fromEntries(searchQuery({ window, limit: 20 })), {
    q: '{}',
    start: '1700000000',
    end: '1700000061',
    limit: '20',
  });
});

test('conditions hold for one span; texts are escaped', () => {
  const query = searchQuery({ window, service: 'a"b\\c', operation: 'GET /\n', minDuration: millis(2.5), limit: 1 });
  assert.equal(query.get('q'), '{ resource.service.name = "a\\"b\\\\c" && name = "GET /\\n" && duration >= 2500us }');
});
