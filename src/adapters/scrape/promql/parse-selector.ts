// `http_requests_total{code=~"5..", path!="/healthz"}[5m] offset 1h`
import { type Matcher, PromqlFault, type Selector } from './expression.ts';
import { re2Pattern } from './re2-pattern.ts';
import type { TokenReader } from './token-reader.ts';
import { durationMillis, stringValue, type Token } from './tokens.ts';

/** Reads a selector; as in Prometheus it needs one matcher that does not match the empty text. */
export function parseSelector(reader: TokenReader): Selector {
  const { offset: startsAt } = reader.peek();
  const matchers: Matcher[] = [];
  if (reader.peek().kind === 'name') matchers.push(matcher('__name__', '=', reader.next().text, startsAt));
  if (reader.take('{')) readMatchers(reader, matchers);
  if (matchers.every((each) => each.matches(''))) {
    throw new PromqlFault(
      'syntax',
      'a selector needs a metric name or a matcher that does not match the empty text',
      startsAt,
    );
  }
  const range = parseRange(reader);
  const offset = parseOffset(reader);
  if (reader.isSymbol('@')) throw new PromqlFault('unsupported', 'the @ modifier', reader.peek().offset);
  return { kind: 'selector', matchers, ...(range === undefined ? {} : { range }), offset };
}

function readMatchers(reader: TokenReader, matchers: Matcher[]): void {
  while (!reader.take('}')) {
    const name = reader.peek().kind === 'string' ? reader.next() : reader.expectKind('name', 'a label name');
    const label = name.kind === 'string' ? stringValue(name) : name.text;
    const op = reader.peek();
    // {"a.b"} names a metric whose name needs quotes.
    if (name.kind === 'string' && op.kind === 'symbol' && (op.text === ',' || op.text === '}'))
      matchers.push(matcher('__name__', '=', label, name.offset));
    else matchers.push(readMatcher(reader, label));
    if (!reader.take(',')) {
      reader.expect('}');
      return;
    }
  }
}

function readMatcher(reader: TokenReader, label: string): Matcher {
  const op = reader.expectKind('symbol', 'one of = != =~ !~');
  if (!isMatcherOp(op.text))
    throw new PromqlFault('syntax', `expected one of = != =~ !~, found ${JSON.stringify(op.text)}`, op.offset);
  const value = reader.expectKind('string', 'a text in quotes');
  return matcher(label, op.text, stringValue(value), value.offset);
}

function isMatcherOp(text: string): text is Matcher['op'] {
  return ['=', '!=', '=~', '!~'].includes(text);
}

function matcher(label: string, op: Matcher['op'], value: string, offset: number): Matcher {
  return { label, op, value, matches: matchesOf(op, value, offset) };
}

function matchesOf(op: Matcher['op'], value: string, offset: number): (found: string) => boolean {
  if (op === '=') return (found) => found === value;
  if (op === '!=') return (found) => found !== value;
  const pattern = wholeMatch(value, offset);
  return op === '=~' ? (found) => pattern.test(found) : (found) => !pattern.test(found);
}

/** RE2's leading flags, `(?i)abc`, become flags of ours. */
export function wholeMatch(text: string, offset: number): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(text) ?? [];
  const pattern = re2Pattern(rest, offset);
  try {
    return new RegExp(`^(?:${pattern})$`, `${flags}u`);
  } catch {
    throw new PromqlFault('syntax', `not a regular expression: ${text}`, offset);
  }
}

function parseRange(reader: TokenReader): number | undefined {
  const bracket = reader.peek();
  if (!reader.take('[')) return undefined;
  const range = readDuration(reader);
  if (reader.peek().text.startsWith(':')) throw new PromqlFault('unsupported', 'a subquery', bracket.offset);
  reader.expect(']');
  if (range <= 0) throw new PromqlFault('syntax', 'a range must be longer than zero', bracket.offset);
  return range;
}

function parseOffset(reader: TokenReader): number {
  if (!reader.takeWord('offset')) return 0;
  const sign = reader.take('-') ? -1 : 1;
  return sign * readDuration(reader);
}

/** `5m`, or a bare number of seconds as Prometheus 3 allows. */
function readDuration(reader: TokenReader): number {
  const token: Token = reader.next();
  if (token.kind === 'duration') return durationMillis(token.text);
  if (token.kind === 'number') return Number(token.text) * 1000;
  throw new PromqlFault(
    'syntax',
    `expected a duration such as 5m, found ${token.kind === 'end' ? 'the end' : JSON.stringify(token.text)}`,
    token.offset,
  );
}
