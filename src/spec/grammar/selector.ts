// What a requirement points at inside traces: spans by their attributes, edges by caller and callee.
import type { EdgeSelector, SpanCondition, SpanSelector } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import { isAtEnd, nextWord, type Scanner, scan, take } from './scanner.ts';
import { type Parsed, problem } from './text-problem.ts';

const EXAMPLE = '[service.name="payments" kind=server]';
const KINDS = ['server', 'client', 'internal', 'producer', 'consumer'];
const STATUSES = ['ok', 'error', 'unset'];

/**
 *     selector  := "[" condition { [ "and" | "," ] condition } "]"
 *     condition := key ( "=" | "!=" | "contains" ) value
 *     value     := '"' text '"' | word
 */
export function parseSpanSelector(text: string): Parsed<SpanSelector> {
  const scanner = scan(text);
  const open = take(scanner, /(?:span)?\[/);
  if (open === undefined) return wanted(scanner, '`[`');
  const conditions: SpanCondition[] = [];
  while (take(scanner, /\]/) === undefined) {
    if (conditions.length > 0) take(scanner, /,|and\b/);
    const condition = parseCondition(scanner);
    if (!condition.ok) return condition;
    conditions.push(condition.value);
    if (conditions.length > 32) return problem('SPEC_SELECTOR_SYNTAX', 'a selector has at most 32 conditions');
  }
  if (!isAtEnd(scanner)) return wanted(scanner, 'the end of the selector');
  if (conditions.length === 0)
    return problem('SPEC_SELECTOR_SYNTAX', 'a selector without conditions would choose every span', {
      help: `write \`${EXAMPLE}\``,
    });
  return ok({ conditions, text: text.trim() });
}

function parseCondition(scanner: Scanner): Parsed<SpanCondition> {
  const key = take(scanner, /[A-Za-z_][\w.:/-]*/);
  if (key === undefined) return wanted(scanner, 'an attribute such as service.name, or `]`');
  const op = take(scanner, /!=|==|=~|=|contains\b/);
  if (op === undefined || op.text === '=~')
    return wanted(scanner, `=, != or contains behind \`${key.text}\``, op?.from);
  const value = take(scanner, /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s\],"']+/);
  if (value === undefined) return wanted(scanner, `a value behind \`${key.text}${op.text}\``);
  const plain = unquoted(value.text);
  const closed = key.text === 'kind' ? KINDS : key.text === 'status' ? STATUSES : undefined;
  if (closed !== undefined && !closed.includes(plain)) {
    return problem('SPEC_VALUE_UNKNOWN', `\`${key.text}\` is one of ${closed.join(', ')}; found \`${plain}\``, {
      from: value.from,
      to: value.to,
    });
  }
  return ok({ key: key.text, op: op.text === '!=' ? 'ne' : op.text === 'contains' ? 'contains' : 'eq', value: plain });
}

/** `checkout -> payments`, optionally `checkout -> payments POST /charge`. */
export function parseEdgeSelector(text: string): Parsed<EdgeSelector> {
  const arrow = /->|→/.exec(text);
  if (arrow === null)
    return problem('SPEC_EDGE_SYNTAX', `an edge joins caller and callee by \`->\`, found \`${text}\``, {
      help: 'write `checkout -> payments`',
    });
  const caller = text.slice(0, arrow.index).trim();
  const [callee = '', ...operation] = text
    .slice(arrow.index + arrow[0].length)
    .trim()
    .split(/\s+/);
  const noCaller = caller === '' || /\s/.test(caller);
  if (noCaller)
    return problem('SPEC_EDGE_SYNTAX', `one service name is wanted before \`->\`, found \`${caller}\``, {
      from: 0,
      to: Math.max(1, arrow.index),
    });
  if (callee === '')
    return problem('SPEC_EDGE_SYNTAX', 'a service name is wanted behind `->`, found nothing', {
      from: text.length,
      to: text.length + 1,
    });
  return ok({ caller, callee, ...(operation.length === 0 ? {} : { operation: operation.join(' ') }) });
}

function unquoted(text: string): string {
  return /^["']/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}

function wanted(scanner: Scanner, what: string, from?: number): Parsed<never> {
  const found = nextWord(scanner);
  const start = from ?? found.from;
  return problem(
    'SPEC_SELECTOR_SYNTAX',
    `${what} is wanted here, found ${found.text === '' ? 'the end of the selector' : `\`${found.text}\``}`,
    { help: `for example \`${EXAMPLE}\``, from: start, to: found.to },
  );
}
