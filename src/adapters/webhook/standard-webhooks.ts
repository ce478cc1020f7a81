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
  const signatures: string[] = [];
  for (const secret of secrets.split(/\s+/).filter((each) => each !== '')) {
    const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
    if (key.length < shortestKey || key.length > longestKey) {
      return err(
        `the webhook secret must be ${prefix} and the base64 of ${shortestKey} to ${longestKey} bytes, it has ${key.length} bytes`,
      );
    }
    const signed = `${content.id}.${content.timestamp}.${content.body}`;
    signatures.push(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  }
  return signatures.length === 0 ? err('the webhook secret is empty') : ok(signatures.join(' '));
}
