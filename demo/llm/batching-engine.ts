// Continuous batching: step after step, every sequence in progress gets its next token, and prompts are read in what room is left.
//
//   waiting (first come, first served) ── admitted when its prompt fits the cache ──> running ── last token ──> ended
//      ^                                                                                │
//      └──────── preempted when the cache is full: gives up its blocks, starts over ────┘
//
// There is no model: a step takes the time its work would cost. Everything a client can feel of it (waiting for the first token, a slower pace in a fuller batch,
// a stutter while prompts are read, starting over) comes from this queue and is put nowhere by hand.
import { type Block, BlockPool } from './block-pool.ts';
import type { LlmSettings } from './llm-settings.ts';
import { closeStretch, isPrefilled, neededTokens, type RequestRecord, recordOf, type Sequence } from './sequence.ts';

/** What a step will do: sequences that get a token, and how many tokens of which prompts are read. */
interface Step {
  readonly decoding: readonly Sequence[];
  readonly reading: ReadonlyMap<Sequence, number>;
}

export class BatchingEngine {
  readonly pool: BlockPool;
  readonly #settings: LlmSettings;
  readonly #waiting: Sequence[] = [];
  readonly #running: Sequence[] = [];
  #isStepping = false;
  #isStopped = false;
  /** Since the start. */
  preemptions = 0;
  prefixQueries = 0;
  prefixHits = 0;

  constructor(settings: LlmSettings) {
    this.#settings = settings;
    this.pool = new BlockPool(settings.cache.blocks);
  }

  waiting(): number {
    return this.#waiting.length;
  }

  running(): number {
    return this.#running.length;
  }

  /** False when the queue is full, or when the conversation could never fit the cache. */
  accept(sequence: Sequence): boolean {
    const most = sequence.promptTokens + sequence.outputTokens;
    if (this.#waiting.length >= this.#settings.maxWaiting || this.#blocksFor(most) > this.pool.blocks) return false;
    this.#waiting.push(sequence);
    if (!this.#isStepping) void this.#run();
    return true;
  }

  /** The client has gone: its blocks are free at once. */
  cancel(sequence: Sequence): void {
    const isKnown = remove(this.#waiting, sequence) || remove(this.#running, sequence);
    if (isKnown) this.#end(sequence, 'cancelled', performance.now());
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Steps while there is work; each begins when the one before was to end, so that late timers do not add up. */
  async #run(): Promise<void> {
    this.#isStepping = true;
    let dueMs = performance.now();
    while (!this.#isStopped) {
      const step = this.#plan();
      if (step.decoding.length + step.reading.size === 0) break;
      dueMs = Math.max(dueMs + this.#costOf(step), performance.now());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      this.#finish(step);
    }
    this.#isStepping = false;
  }

  #costOf({ decoding, reading }: Step): number {
    const { baseMs, perSequenceMs, perPromptTokenMs } = this.#settings.step;
    const read = [...reading.values()].reduce((sum, tokens) => sum + tokens, 0);
    return baseMs + perSequenceMs * decoding.length + perPromptTokenMs * read;
  }

  #plan(): Step {
    const decoding = this.#reserve();
    this.#admit();
    const prompts = this.#running.filter((sequence) => !isPrefilled(sequence));
    if (this.#settings.prefill === 'whole' && prompts.length > 0)
      return { decoding: [], reading: new Map(prompts.map((each) => [each, neededTokens(each) - each.computed])) };
    let room = this.#settings.tokensPerStep - decoding.length;
    const reading = new Map<Sequence, number>();
    for (const sequence of prompts) {
      const tokens = Math.min(room, neededTokens(sequence) - sequence.computed);
      if (tokens <= 0) break;
      reading.set(sequence, tokens);
      room -= tokens;
    }
    return { decoding, reading };
  }

  /** Room in the cache for the next token of every answer in progress, oldest first; whoever came last gives way. */
  #reserve(): readonly Sequence[] {
    const decoding: Sequence[] = [];
    for (let i = 0; i < this.#running.length; i += 1) {
      const sequence = this.#running[i] as Sequence;
      if (!isPrefilled(sequence)) continue;
      while (!this.#grow(sequence) && this.#running.includes(sequence)) this.#preempt(this.#running.at(-1) as Sequence);
      if (this.#running.includes(sequence)) decoding.push(sequence);
    }
    return decoding;
  }

  #grow(sequence: Sequence): boolean {
    if (sequence.blocks.length >= this.#blocksFor(neededTokens(sequence) + 1)) return true;
    const block = this.pool.take();
    if (block === undefined) return false;
    sequence.blocks.push(block);
    return true;
  }

  #preempt(sequence: Sequence): void {
    const nowMs = performance.now();
    closeStretch(sequence, isPrefilled(sequence) ? 'decode' : 'prefill', nowMs);
    remove(this.#running, sequence);
    this.pool.release(sequence.blocks);
    sequence.blocks = [];
    sequence.computed = 0;
    sequence.preemptions += 1;
    this.preemptions += 1;
    this.#waiting.unshift(sequence);
  }

  /** In the order of arrival, and nobody overtakes: as long as the first that waits does not fit, all wait. */
  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#running.length >= this.#settings.maxSequences) return;
      const wanted = this.#blocksFor(neededTokens(next) + 1);
      const known = this.pool.known(next.blockKeys);
      if (wanted - this.pool.shared(next.blockKeys) > this.pool.available()) return;
      for (let i = 0; i < wanted; i += 1) {
        const block = this.pool.take(next.blockKeys[i]);
        if (block !== undefined) next.blocks.push(block);
      }
      this.#waiting.shift();
      this.#running.push(next);
      this.#begin(next, known);
    }
  }

  #begin(sequence: Sequence, knownBlocks: number): void {
    // The last token of a prompt is always computed: the first of the answer comes out of it.
    const known = Math.min(knownBlocks * this.#settings.cache.tokensPerBlock, sequence.promptTokens - 1);
    sequence.computed = known;
    if (sequence.preemptions === 0) {
      sequence.cachedTokens = known;
      this.prefixQueries += sequence.promptTokens;
      this.prefixHits += known;
    }
    closeStretch(sequence, 'queue', performance.now());
  }

  /** The step is over: tokens leave, sequences that have all of theirs end. */
  #finish({ decoding, reading }: Step): void {
    const nowMs = performance.now();
    for (const [sequence, tokens] of reading) {
      if (!this.#running.includes(sequence)) continue;
      sequence.computed += tokens;
      if (!isPrefilled(sequence)) continue;
      closeStretch(sequence, 'prefill', nowMs);
      for (const [i, key] of sequence.blockKeys.entries()) this.pool.publish(sequence.blocks[i] as Block, key);
      this.#emit(sequence, nowMs);
    }
    for (const sequence of decoding) if (this.#running.includes(sequence)) this.#emit(sequence, nowMs);
  }

  #emit(sequence: Sequence, nowMs: number): void {
    // The token's own keys and values are computed in the step that gives the next one.
    sequence.computed = neededTokens(sequence) + 1;
    sequence.tokenMs.push(nowMs);
    sequence.onToken(sequence.tokenMs.length - 1);
    if (sequence.tokenMs.length < sequence.outputTokens) return;
    remove(this.#running, sequence);
    closeStretch(sequence, 'decode', nowMs);
    this.#end(sequence, sequence.outcome, nowMs);
  }

  #end(sequence: Sequence, outcome: RequestRecord['outcome'], nowMs: number): void {
    this.pool.release(sequence.blocks);
    sequence.blocks = [];
    sequence.onEnd(recordOf(sequence, outcome, nowMs));
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#settings.cache.tokensPerBlock);
  }
}

/** Whether it was there. */
function remove(list: Sequence[], sequence: Sequence): boolean {
  const at = list.indexOf(sequence);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}
