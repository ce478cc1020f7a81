// The KV cache of the language model server: blocks are held, shared by equal prompts, kept for the next one, and never more than there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Block, BlockPool } from '../../../demo/llm/block-pool.ts';
import { chatRequest } from '../../../demo/llm/chat-request.ts';

test('blocks are taken and come back', () => {
  const pool = new BlockPool(2);
  const first = pool.take(undefined);
  assert.ok(first !== undefined && pool.take(undefined) !== undefined);
  assert.equal(pool.take(undefined), undefined);
  assert.equal(pool.used(), 2);
  pool.release([first]);
  assert.equal(pool.available(), 1);
});

test('equal prompts share blocks, and the last holder keeps them in the cache', () => {
  const pool = new BlockPool(2);
  const held = [pool.take('a'), pool.take('a')].filter((block) => block !== undefined);
  assert.equal(pool.used(), 1);
  pool.release(held);
  assert.equal(pool.used(), 0);
  assert.equal(pool.known(['a', 'b']), 1);
});

test('kept blocks give way, the one unused longest first', () => {
  const pool = new BlockPool(2);
  for (const key of ['a', 'b']) pool.release([pool.take(key)].filter((block) => block !== undefined));
  assert.ok(pool.take(undefined) !== undefined);
  assert.equal(pool.known(['a']), 0);
  assert.equal(pool.known(['b']), 1);
});

test('whatever happens, what is used and what is available make up the pool', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('take' as const),
      key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('release' as const), at: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = new BlockPool(4);
      const held: Block[] = [];
      for (const each of steps) {
        if (each.kind === 'take') {
          const block = pool.take(each.key);
          if (block !== undefined) held.push(block);
          else assert.equal(pool.available(), 0);
        } else pool.release(held.splice(each.at % Math.max(1, held.length), 1));
        assert.equal(pool.used() + pool.available(), 4);
        assert.ok(pool.used() <= held.length && pool.available() >= 0);
      }
      pool.release(held);
      assert.equal(pool.available(), 4);
    }),
  );
});

test('a chat request becomes tokens: words of its messages, and an answer that ends by itself', () => {
  const body = (fields: object): string =>
    JSON.stringify({ messages: [{ role: 'user', content: 'one two three four' }], max_tokens: 10, ...fields });
  const request = chatRequest(body({ stream: true }), 2);
  assert.ok(typeof request !== 'string');
  assert.deepEqual([request.promptTokens, request.blockKeys.length, request.isStream], [4, 2, true]);
  assert.ok(request.outputTokens >= 6 && request.outputTokens <= 10);
  const whole = chatRequest(body({ ignore_eos: true }), 2);
  assert.ok(typeof whole !== 'string' && whole.outputTokens === 10 && whole.outcome === 'length');
  for (const [wrong, words] of [
    ['{', /not JSON/],
    ['{}', /`messages` must be a list/],
    [body({ max_tokens: 0 }), /`max_tokens` must be/],
    ['{"messages":[]}', /1 to/],
  ] as const)
    assert.match(String(chatRequest(wrong, 2)), words);
});
