// Collects the service's tokens from the environment and its files; makes one when there is none.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ok, type Result } from '../core/model/result.ts';
import { parseTokens, type Token } from '../server/tokens.ts';

export interface ServiceTokens {
  readonly tokens: readonly Token[];
  /** The token made for this start, to be shown once. */
  readonly made?: string;
}

export async function serviceTokens(
  environment: NodeJS.ProcessEnv,
  tokensFile: string | undefined,
): Promise<Result<ServiceTokens, string>> {
  const texts = [environment['FAULTLINE_TOKENS'] ?? ''];
  for (const file of [environment['FAULTLINE_TOKENS_FILE'], tokensFile]) {
    if (file === undefined || file === '') continue;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return { ok: false, error: `the token file ${file} cannot be read` };
    texts.push(text);
  }
  const parsed = parseTokens(texts.join('\n'));
  if (!parsed.ok || parsed.value.length > 0) return parsed.ok ? ok({ tokens: parsed.value }) : parsed;
  const made = randomBytes(18).toString('base64url');
  const own = parseTokens(`admin:${made}`);
  return own.ok ? ok({ tokens: own.value, made }) : own;
}
