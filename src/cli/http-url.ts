// Addresses that flags and settings take.
import { InvalidArgumentError } from 'commander';

const wantedHttpUrl = 'wanted a URL such as http://127.0.0.1:4318';

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** For a flag; empty is none, as in an environment variable that is set to nothing. */
export function parseHttpUrl(text: string): string | undefined {
  if (text === '') return undefined;
  if (!isHttpUrl(text)) throw new InvalidArgumentError(wantedHttpUrl);
  return text;
}
