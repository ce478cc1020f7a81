// Signatures as Standard Webhooks defines them, against its published test vector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signatureOf } from '../../../src/adapters/webhook/standard-webhooks.ts';

const content = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };

test("the specification's own vector is reproduced", () => {
  assert.deepEqual(signatureOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', content), {
    ok: true,
    value: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('two secrets during rotation give two signatures, in order', () => {
  const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const both = signatureOf(`whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ${other}`, content);
  assert.ok(both.ok);
  assert.match(both.value, /^v1,g0hM9SsE\+OTPJTGt\/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,\S+$/);
});

for (const [name, secret] of [
  ['an empty secret', ''],
  ['a key that is too short', `whsec_${Buffer.alloc(8).toString('base64')}`],
  ['a key that is too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
] as const) {
  test(`${name} is refused without being repeated`, () => {
    const signed = signatureOf(secret, content);
    assert.equal(signed.ok, false);
    assert.ok(signed.ok || secret === '' || !signed.error.includes(secret));
  });
}
