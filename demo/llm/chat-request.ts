// An OpenAI-compatible chat request: what of it the server understands, and how it becomes a sequence of tokens. Tokens are words.
import { createHash } from 'node:crypto';

export interface ChatRequest {
  readonly model: string;
  readonly promptTokens: number;
  readonly blockKeys: readonly string[];
  readonly outputTokens: number;
  readonly outcome: 'stop' | 'length';
  readonly isStream: boolean;
  readonly includesUsage: boolean;
}

const USUAL_TOKENS = 256;
const MOST_TOKENS = 100_000;
/** Answers end by themselves after this share of the allowed tokens at the earliest. */
const SHORTEST_SHARE = 0.6;

/** A sentence on what is wrong with the body, or the request. */
export function chatRequest(body: string, tokensPerBlock: number): ChatRequest | string {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  if (!isRecord(fields) || !Array.isArray(fields['messages'])) return '`messages` must be a list';
  const text = fields['messages']
    .map((message) => (isRecord(message) ? String(message['content'] ?? '') : ''))
    .join('\n');
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0 || words.length > MOST_TOKENS)
    return `a prompt has 1 to ${MOST_TOKENS} words, found ${words.length}`;
  const allowed = Number(fields['max_completion_tokens'] ?? fields['max_tokens'] ?? USUAL_TOKENS);
  if (!Number.isInteger(allowed) || allowed < 1 || allowed > MOST_TOKENS)
    return `\`max_tokens\` must be a whole number from 1 to ${MOST_TOKENS}`;
  const length = fields['ignore_eos'] === true ? allowed : answerLength(text, allowed);
  return {
    model: String(fields['model'] ?? 'demo'),
    promptTokens: words.length,
    blockKeys: blockKeys(words, tokensPerBlock),
    outputTokens: length,
    outcome: length < allowed ? 'stop' : 'length',
    isStream: fields['stream'] === true,
    includesUsage: isRecord(fields['stream_options']) && fields['stream_options']['include_usage'] === true,
  };
}

/** Each whole block of a prompt is named for everything up to its end: two prompts share blocks as long as they are the same. */
function blockKeys(words: readonly string[], tokensPerBlock: number): readonly string[] {
  const hash = createHash('sha1');
  return Array.from({ length: Math.floor(words.length / tokensPerBlock) }, (_, block) => {
    hash.update(words.slice(block * tokensPerBlock, (block + 1) * tokensPerBlock).join(' '));
    return hash.copy().digest('base64');
  });
}

/** The same prompt gets an answer of the same length. */
function answerLength(text: string, allowed: number): number {
  const draw = createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
  return Math.max(1, Math.round(allowed * (SHORTEST_SHARE + (1 - SHORTEST_SHARE) * draw)));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
