// JSON bodies as templates and back. A number may be made by `${int(1,100)}`: a text that is nothing else stands without quotes in the template.
import type { Json } from './verification-document.ts';

const MADE_NUMBER = /^\$\{int\([^}]*\)\}$/;

/** Compact JSON, with its made numbers bare: `{ n: "${int(1,9)}" }` is `{"n":${int(1,9)}}`. Keys are always texts. */
export function jsonTemplate(body: Json): string {
  if (typeof body === 'string') return MADE_NUMBER.test(body) ? body : JSON.stringify(body);
  if (body === null || typeof body !== 'object') return JSON.stringify(body);
  if (isList(body)) return `[${body.map(jsonTemplate).join(',')}]`;
  const entries = Object.entries(body).map(([key, value]) => `${JSON.stringify(key)}:${jsonTemplate(value)}`);
  return `{${entries.join(',')}}`;
}

/** What `jsonTemplate` was given. */
export function jsonOfTemplate(template: string): Json {
  const quoted = template.replaceAll(/"(?:[^"\\]|\\.)*"|\$\{int\([^}]*\)\}/g, (piece) =>
    piece.startsWith('"') ? piece : JSON.stringify(piece),
  );
  return JSON.parse(quoted) as Json;
}

const isList = (body: Exclude<Json, string | number | boolean | null>): body is readonly Json[] => Array.isArray(body);
