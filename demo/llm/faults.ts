// The faults the language model server can be switched to: a closed list, each with what it is in one sentence.

const FAULT_LIST = {
  none: 'the healthy server',
  'kv-cache': 'the KV cache has room for a few conversations only: others wait, and some are preempted',
  batch: 'each sequence in a batch slows all others down far more than it should',
  'long-prompts': 'users paste long documents, and reading a prompt stops everybody else from being answered',
} as const;

export type LlmFault = keyof typeof FAULT_LIST;

/** Every fault with its one-sentence description, `none` first. */
export const LLM_FAULTS: Readonly<Record<LlmFault, string>> = Object.freeze(FAULT_LIST);

export const llmFaultNames: readonly LlmFault[] = Object.freeze(Object.keys(FAULT_LIST) as LlmFault[]);
