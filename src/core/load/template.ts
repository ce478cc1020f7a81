// Parses `${...}` templates of a workload into parts, once, before the run.
import { err, ok, type Result } from '../model/result.ts';

/** A piece of a template. `int` is uniform from `min` to `max`, both included; `now` is the request's intended start in Unix milliseconds. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'now' }
  | { readonly kind: 'int'; readonly min: number; readonly max: number };

/** `offset` counts UTF-16 units from the start of the text to the `${` that is wrong. */
export interface TemplateError {
  readonly offset: number;
  readonly message: string;
}

const VARIABLE = /^[A-Za-z_][\w.-]*$/;
const ENV = /^env:([A-Za-z_]\w*)$/;
const INT = /^int\(\s*(-?\d{1,15})\s*,\s*(-?\d{1,15})\s*\)$/;

/** The parts of a template in order; neighbouring text is one part. `$${` stands for a literal `${`. */
export function parseTemplate(text: string): Result<readonly TemplatePart[], TemplateError> {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('${', at);
    if (open < 0) break;
    if (open > at && text[open - 1] === '$') {
      literal += `${text.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    const close = text.indexOf('}', open);
    if (close < 0) return err({ offset: open, message: '${ is never closed: wanted } (write $${ for a literal ${)' });
    const part = parseExpression(text.slice(open + 2, close).trim());
    if (typeof part === 'string') return err({ offset: open, message: part });
    literal += text.slice(at, open);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(part);
    at = close + 1;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return ok(parts);
}

function parseExpression(expression: string): TemplatePart | string {
  if (expression === 'uuid') return { kind: 'uuid' };
  if (expression === 'now') return { kind: 'now' };
  const env = ENV.exec(expression);
  if (env !== null) return { kind: 'env', name: env[1] as string };
  const int = INT.exec(expression);
  if (int !== null) return intRange(Number(int[1]), Number(int[2]));
  if (VARIABLE.test(expression)) return { kind: 'variable', name: expression };
  return `\${${expression}} is not known: wanted \${name}, \${env:NAME}, \${uuid}, \${now} or \${int(1,100)}`;
}

function intRange(min: number, max: number): TemplatePart | string {
  return min <= max ? { kind: 'int', min, max } : `\${int(${min},${max})}: the first number must not exceed the second`;
}
