// Signs a webhook as Standard Webhooks says: https://github.com/standard-webhooks/standard-webhooks spec/standard-webhooks.md
import { createHmac } from 'node:crypto';
import { err, ok, type Result } from '../../core/model/result.ts';

const prefix = 'whsec_';
const shortestKey = 24;
const longestKey = 64;

export interface SignedContent {
  readonly id: string;
  /** Unix seconds of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/** `webhook-signature` for one or several secrets (several while keys rotate, separated by spaces). Secrets: `whsec_` + base64 of 24 to 64 bytes. */
export function signatureOf(secrets: string, content: SignedContent): Result<string, string> {
  const keys = keysOf(secrets);
  if (!keys.ok) return keys;
  const signed = `${content.id}.${content.timestamp}.${content.body}`;
  const signatures = keys.value.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return ok(signatures.join(' '));
}

/** At least one; the error never repeats a secret. */
export function keysOf(secrets: string): Result<readonly Buffer[], string> {
  const keys: Buffer[] = [];
  for (const secret of secrets.split(/\s+/).filter((each) => each !== '')) {
    const text = (secret.startsWith(prefix) ? secret.slice(prefix.length) : secret).replace(/=+$/, '');
    const key = Buffer.from(text, 'base64');
    const wanted = `the webhook secret must be ${prefix} and the base64 of ${shortestKey} to ${longestKey} bytes`;
    // Node reads over what is no base64.
    if (key.toString('base64').replace(/=+$/, '') !== text) return err(`${wanted}, it is no base64`);
    if (key.length < shortestKey || key.length > longestKey) return err(`${wanted}, it has ${key.length} bytes`);
    keys.push(key);
  }
  return keys.length === 0 ? err('the webhook secret is empty') : ok(keys);
}
