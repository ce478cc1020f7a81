// The KV cache: a fixed number of blocks that sequences hold while they are in progress, and whole blocks of prompts that are kept for the next one like them.
//
//   free ── take ──> held ── release ──> kept (published blocks, the one unused longest first to go) ── claim ──> free
//                      └────────────────> free (all others)

/** One block of one sequence. `key`, once it is published, names the prompt up to the block's end. */
export interface Block {
  key: string | undefined;
}

interface SharedBlock {
  holders: number;
}

export class BlockPool {
  readonly blocks: number;
  /** Published blocks, held or kept; in the order in which they were last used. */
  readonly #shared = new Map<string, SharedBlock>();
  #kept = 0;
  #free: number;

  constructor(blocks: number) {
    this.blocks = blocks;
    this.#free = blocks;
  }

  /** Blocks that a sequence holds; kept ones are as good as free. */
  used(): number {
    return this.blocks - this.available();
  }

  available(): number {
    return this.#free + this.#kept;
  }

  /** How many of the blocks, from the first on, are in the cache already. */
  known(keys: readonly string[]): number {
    const missing = keys.findIndex((key) => !this.#shared.has(key));
    return missing < 0 ? keys.length : missing;
  }

  /** How many of the known ones others hold: to share these takes nothing from what is available. */
  shared(keys: readonly string[]): number {
    return keys.slice(0, this.known(keys)).filter((key) => (this.#shared.get(key)?.holders ?? 0) > 0).length;
  }

  /** The block of that key when it is in the cache, else a fresh one; undefined when all are held. */
  take(key?: string): Block | undefined {
    const shared = key === undefined ? undefined : this.#shared.get(key);
    if (key !== undefined && shared !== undefined) {
      if (shared.holders === 0) this.#kept -= 1;
      shared.holders += 1;
      return { key };
    }
    return this.#claim() ? { key: undefined } : undefined;
  }

  /** The block has been computed: prompts that begin alike may use it from now on. A second block of the same key stays private. */
  publish(block: Block, key: string): void {
    if (block.key !== undefined || this.#shared.has(key)) return;
    block.key = key;
    this.#shared.set(key, { holders: 1 });
  }

  release(held: readonly Block[]): void {
    for (const { key } of held) {
      const shared = key === undefined ? undefined : this.#shared.get(key);
      if (key === undefined || shared === undefined) {
        this.#free += 1;
        continue;
      }
      shared.holders -= 1;
      if (shared.holders > 0) continue;
      this.#kept += 1;
      // Last used, last to go.
      this.#shared.delete(key);
      this.#shared.set(key, shared);
    }
  }

  #claim(): boolean {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    for (const [key, { holders }] of this.#shared) {
      if (holders > 0) continue;
      this.#shared.delete(key);
      this.#kept -= 1;
      return true;
    }
    return false;
  }
}
