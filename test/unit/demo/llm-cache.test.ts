// The KV cache of the language model server: blocks are held, shared by equal prompts, kept for the next one, and never more than there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Block, BlockPool } from '../../../demo/llm/block-pool.ts';
import { chatRequest } from '../../../demo/llm/chat-request.ts';

test('blocks are taken and come back', () => {
  const pool = new BlockPool(2);
  const first = pool.take();
  assert.ok(first !== undefined && pool.take() !== undefined);
  assert.equal(pool.take(), undefined);
  assert.equal(pool.used(), 2);
  pool.release([first]);
  assert.equal(pool.available(), 1);
});

/** A block that other prompts may use. */
function published(pool: BlockPool, key: string): Block {
  const block = pool.take();
  assert.ok(block !== undefined);
  pool.publish(block, key);
  return block;
}

test('equal prompts share blocks once these are computed, and the last holder keeps them in the cache', () => {
  const pool = new BlockPool(3);
  const early = pool.take('a');
  const first = published(pool, 'a');
  const second = pool.take('a');
  assert.ok(early !== undefined && second !== undefined);
  assert.equal(pool.used(), 2, 'one that came before it was computed, one that two hold');
  pool.release([early, first, second]);
  assert.equal(pool.used(), 0);
  assert.equal(pool.known(['a', 'b']), 1);
});

test('kept blocks give way, the one unused longest first', () => {
  const pool = new BlockPool(2);
  for (const key of ['a', 'b']) pool.release([published(pool, key)]);
  assert.ok(pool.take() !== undefined);
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
          if (block === undefined) assert.equal(pool.available(), 0);
          else held.push(block);
          if (block !== undefined && each.key !== undefined) pool.publish(block, each.key);
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
