// Every knob of the language model server, its healthy value, and which of them each fault turns: the one place where faults are defined.
// What a fault does to the first token, the pace and the cache emerges from the batching and the cache.
import type { LlmFault } from './faults.ts';

export interface LlmSettings {
  /** What one step of the model costs: so much whatever happens, so much for each sequence that gets a token, so much for each token of a prompt. */
  readonly step: { readonly baseMs: number; readonly perSequenceMs: number; readonly perPromptTokenMs: number };
  /** `chunked`: prompts are read in pieces between the tokens of others. `whole`: a step reads prompts to their end, and nothing else. */
  readonly prefill: 'chunked' | 'whole';
  /** Tokens (of prompts and answers) that one step may work on; with `whole` it does not bound a prompt. */
  readonly tokensPerStep: number;
  /** Sequences in progress at most. */
  readonly maxSequences: number;
  /** Requests that may wait; more are refused with 503. */
  readonly maxWaiting: number;
  /** Blocks of the KV cache and tokens in each. */
  readonly cache: { readonly blocks: number; readonly tokensPerBlock: number };
}

/** What the users of the demo do: in tokens, as `prompts` of the requirement document. */
export interface LlmTraffic {
  readonly inputP50: number;
  readonly inputP95: number;
}

const HEALTHY: LlmSettings = {
  step: { baseMs: 12, perSequenceMs: 0.25, perPromptTokenMs: 0.05 },
  prefill: 'chunked',
  tokensPerStep: 256,
  maxSequences: 64,
  maxWaiting: 2_000,
  cache: { blocks: 2_400, tokensPerBlock: 16 },
};

const CHANGES: Readonly<Record<LlmFault, Partial<LlmSettings>>> = {
  none: {},
  // About five conversations of the demo's usual length, where six or seven are in progress at any time.
  'kv-cache': { cache: { ...HEALTHY.cache, blocks: 95 } },
  batch: { step: { ...HEALTHY.step, perSequenceMs: 1.5 } },
  'long-prompts': { prefill: 'whole' },
};

const USUAL_TRAFFIC: LlmTraffic = { inputP50: 180, inputP95: 500 };

/** The state of the whole server under a fault. */
export function llmSettingsFor(fault: LlmFault): LlmSettings {
  return { ...HEALTHY, ...CHANGES[fault] };
}

export function llmTrafficFor(fault: LlmFault): LlmTraffic {
  return fault === 'long-prompts' ? { inputP50: 300, inputP95: 2_400 } : USUAL_TRAFFIC;
}
