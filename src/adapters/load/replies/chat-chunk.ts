// One event of an OpenAI-compatible chat stream.

export type ChatChunk =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly message: string }
  | {
      readonly kind: 'delta';
      /** Whether it carries any text (or part of a tool call): an empty first delta, which names only the role, does not. */
      readonly hasContent: boolean;
      readonly outputTokens: number | undefined;
      readonly inputTokens: number | undefined;
    };

/** Reads the data of an event; anything that is no chunk of a chat is an error. */
export function chatChunk(data: string): ChatChunk {
  if (data === '[DONE]') return { kind: 'done' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return { kind: 'error', message: `a chunk of the answer is not JSON: ${data.slice(0, 60)}` };
  }
  if (!isRecord(parsed)) return { kind: 'error', message: 'a chunk of the answer is not an object' };
  if (parsed['error'] !== undefined && parsed['error'] !== null) {
    const { error } = parsed;
    const said = isRecord(error) ? error['message'] : error;
    const message = typeof said === 'string' ? said : 'no message';
    return { kind: 'error', message: `the answer ended in an error: ${message.slice(0, 120)}` };
  }
  const usage = isRecord(parsed['usage']) ? parsed['usage'] : {};
  const choices = Array.isArray(parsed['choices']) ? parsed['choices'] : [];
  return {
    kind: 'delta',
    hasContent: choices.some(hasContent),
    outputTokens: numberOf(usage['completion_tokens']),
    inputTokens: numberOf(usage['prompt_tokens']),
  };
}

const TEXTS = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;

function hasContent(choice: unknown): boolean {
  if (!isRecord(choice)) return false;
  if (typeof choice['text'] === 'string' && choice['text'] !== '') return true;
  const { delta } = choice;
  if (!isRecord(delta)) return false;
  if (Array.isArray(delta['tool_calls']) && delta['tool_calls'].length > 0) return true;
  return TEXTS.some((key) => typeof delta[key] === 'string' && delta[key] !== '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
