// Who may do what: bearer tokens with a role.
import { createHash, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../core/model/result.ts';

/** Each role may do what the ones before it may: look; start runs; everything else. */
const roles = ['viewer', 'runner', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Token {
  readonly role: Role;
  readonly hash: Buffer;
}

const shortest = 8;

/** `role:token,role:token` as in FAULTLINE_TOKENS; white space and line breaks separate too. The error never repeats a token. */
export function parseTokens(text: string): Result<readonly Token[], string> {
  const tokens: Token[] = [];
  for (const entry of text.split(/[,\s]+/).filter((each) => each !== '')) {
    const at = entry.indexOf(':');
    const name = entry.slice(0, Math.max(0, at));
    const role = roles.find((each) => each === name);
    if (role === undefined)
      return err(`token ${tokens.length + 1}: wanted role:token with one of the roles ${roles.join(', ')}`);
    const secret = entry.slice(at + 1);
    if (secret.length < shortest)
      return err(`token ${tokens.length + 1} (${role}): shorter than ${shortest} characters`);
    const hash = hashOf(secret);
    const same = tokens.findIndex((token) => token.role !== role && token.hash.equals(hash));
    if (same >= 0)
      return err(
        `token ${tokens.length + 1} (${role}): the same as token ${same + 1} (${tokens[same]?.role}); a token has one role`,
      );
    tokens.push({ role, hash });
  }
  return ok(tokens);
}

/** The role of a presented token; compared in constant time. */
export function roleOf(presented: string, tokens: readonly Token[]): Role | undefined {
  const hash = hashOf(presented);
  return tokens.filter((token) => timingSafeEqual(token.hash, hash)).at(0)?.role;
}

export function mayActAs(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
