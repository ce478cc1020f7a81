// What a waterfall tells of a span beyond its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '../../../src/core/model/trace-set.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { tellingAttributes } from '../../../src/core/trace/views/telling-attributes.ts';
import { waterfall } from '../../../src/core/trace/views/waterfall.ts';
import { drawnSet } from '../../support/drawn-traces.ts';

const told = (attributes: Attributes) =>
  tellingAttributes(drawnSet([{ id: '1', name: 'entry', at: [0, 1], attributes }]), 0);

const cases: readonly (readonly [string, Attributes, ReturnType<typeof told>])[] = [
  ['nothing when it says nothing of interest', { 'thread.id': 7, 'http.route': '' }, undefined],
  [
    'legacy names under their current ones',
    { 'http.method': 'GET', 'http.status_code': 503, 'db.system': 'sqlite' },
    { 'http.request.method': 'GET', 'http.response.status_code': 503, 'db.system.name': 'sqlite' },
  ],
  [
    'a URL without its query and credentials',
    { 'url.full': 'http://me:secret@shop:80/a/b?token=1' },
    { 'url.path': 'http://shop:80/a/b' },
  ],
  [
    'a statement without its values',
    { 'db.query.text': "SELECT * FROM t WHERE name = 'Ada'" },
    { 'db.query.text': 'select * from t where name = ?' },
  ],
];
for (const [name, attributes, wanted] of cases) test(name, () => assert.deepEqual(told(attributes), wanted));

test('texts are clipped', () => {
  const { 'error.type': text } = told({ 'error.type': 'x'.repeat(1000) }) ?? {};
  assert.equal(String(text).length, 160);
});

test('at most twelve are shown', () => {
  const all = [
    ['http.request.method', 'http.route', 'url.path', 'http.response.status_code', 'http.request.resend_count'],
    ['rpc.method', 'rpc.status_code', 'db.system.name', 'db.namespace', 'db.query.text', 'server.address'],
    ['messaging.destination.name', 'gen_ai.request.model', 'server.port', 'error.type'],
  ].flat();
  assert.equal(Object.keys(told(Object.fromEntries(all.map((key) => [key, 1]))) ?? {}).length, 12);
});

test('a waterfall carries them', () => {
  const set = drawnSet([{ id: '1', name: 'entry', at: [0, 1], attributes: { 'http.route': '/cart' } }]);
  assert.deepEqual(waterfall(prepareTraces(set), 0, 'typical').spans[0]?.attributes, { 'http.route': '/cart' });
});
