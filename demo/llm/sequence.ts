// One request inside the server: its prompt, how far it has come, and what happened to it when.
import type { Block } from './block-pool.ts';

/** Milliseconds of the server's clock (performance.now). */
export interface Stretch {
  readonly what: 'queue' | 'prefill' | 'decode';
  readonly startMs: number;
  readonly endMs: number;
}

/** What the server knows of a request that has ended: the truth that a client's figures can be held against. */
export interface RequestRecord {
  readonly arrivedMs: number;
  readonly endedMs: number;
  /** When each token of the answer left the server. */
  readonly tokenMs: readonly number[];
  readonly promptTokens: number;
  /** Tokens of the prompt that were found in the cache. */
  readonly cachedTokens: number;
  readonly preemptions: number;
  readonly stretches: readonly Stretch[];
  readonly outcome: 'stop' | 'length' | 'cancelled';
}

export interface Sequence {
  readonly promptTokens: number;
  /** Names of the prompt's whole blocks, each of the prompt up to its end. */
  readonly blockKeys: readonly string[];
  readonly outputTokens: number;
  readonly outcome: 'stop' | 'length';
  readonly arrivedMs: number;
  /** Called when a token is there. */
  readonly onToken: (index: number) => void;
  readonly onEnd: (record: RequestRecord) => void;
  blocks: Block[];
  /** Tokens whose keys and values are in the cache: of the prompt, then of the answer. */
  computed: number;
  cachedTokens: number;
  readonly tokenMs: number[];
  preemptions: number;
  readonly stretches: Stretch[];
  stretchStartMs: number;
}

/** What is known of a request when it arrives. */
export type ArrivedRequest = Pick<
  Sequence,
  'promptTokens' | 'blockKeys' | 'outputTokens' | 'outcome' | 'arrivedMs' | 'onToken' | 'onEnd'
>;

/** A request of which nothing is computed yet. */
export function newSequence(request: ArrivedRequest): Sequence {
  return {
    ...request,
    blocks: [],
    computed: 0,
    cachedTokens: 0,
    tokenMs: [],
    preemptions: 0,
    stretches: [],
    stretchStartMs: request.arrivedMs,
  };
}

/** Tokens that must be in the cache before the next token of the answer: after a preemption those of the answer so far, too. */
export const neededTokens = ({ promptTokens, tokenMs }: Sequence): number => promptTokens + tokenMs.length;

export const isPrefilled = (sequence: Sequence): boolean => sequence.computed >= neededTokens(sequence);

/** Closes the stretch that the sequence is in. */
export function closeStretch(sequence: Sequence, what: Stretch['what'], nowMs: number): void {
  sequence.stretches.push({ what, startMs: sequence.stretchStartMs, endMs: nowMs });
  sequence.stretchStartMs = nowMs;
}

export function recordOf(sequence: Sequence, outcome: RequestRecord['outcome'], endedMs: number): RequestRecord {
  const { arrivedMs, tokenMs, promptTokens, cachedTokens, preemptions, stretches } = sequence;
  return { arrivedMs, endedMs, tokenMs, promptTokens, cachedTokens, preemptions, stretches, outcome };
}
