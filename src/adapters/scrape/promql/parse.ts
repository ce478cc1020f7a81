// PromQL text to an expression.
//
//   expression := unary (op ["bool"] [("on" | "ignoring") "(" labels ")"] unary)*      by precedence, see `precedence`
//   unary      := ("+" | "-") unary | primary
//   primary    := number | "(" expression ")" | aggregate | call | selector
//   aggregate  := op [grouping] "(" [expression ","] expression ")" [grouping]         grouping := ("by" | "without") "(" labels ")"
//   call       := name "(" [expression ("," expression)*] ")"
//   selector   := [name] ["{" matchers "}"] ["[" duration "]"] ["offset" ["-"] duration]
import {
  type AggregateOp,
  type BinaryOp,
  type Expression,
  type ExpressionType,
  type Matching,
  PromqlFault,
} from './expression.ts';
import { functions, leftOut } from './functions.ts';
import { parseSelector } from './parse-selector.ts';
import { TokenReader } from './token-reader.ts';

const precedence: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};

const aggregates: ReadonlySet<string> = new Set<AggregateOp>([
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
]);

/** Deepest nesting of parentheses, calls and signs; real queries stay below ten. */
const maxDepth = 100;

/** Throws a PromqlFault: `syntax` for what no PromQL is, `unsupported` for what is not in the subset. */
export function parsePromql(query: string): Expression {
  const reader = new TokenReader(query);
  const expression = parseBinary(reader, 1, 0);
  if (reader.peek().kind !== 'end') throw unexpected(reader, 'an operator or the end');
  if (typeOf(expression) === 'range') {
    throw new PromqlFault('syntax', 'a range selector stands alone; put it into a function such as rate()', 0);
  }
  return expression;
}

/** What the expression yields. */
function typeOf(expression: Expression): ExpressionType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'selector':
      return expression.range === undefined ? 'vector' : 'range';
    case 'negate':
      return typeOf(expression.operand);
    case 'call':
      return functions[expression.name]?.gives ?? 'vector';
    case 'aggregate':
      return 'vector';
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

function parseBinary(reader: TokenReader, lowest: number, depth: number): Expression {
  let left = parseUnary(reader, depth + 1);
  for (;;) {
    const token = reader.peek();
    const op = token.text.toLowerCase() as BinaryOp;
    const binds = token.kind === 'string' ? undefined : precedence[op];
    if (token.text.toLowerCase() === 'atan2') throw new PromqlFault('unsupported', 'atan2', token.offset);
    if (binds === undefined || binds < lowest) return left;
    reader.next();
    const isBool = reader.takeWord('bool');
    const matching = parseMatching(reader);
    // Only ^ groups from the right.
    const right = parseBinary(reader, op === '^' ? binds : binds + 1, depth + 1);
    left = checkedBinary({ kind: 'binary', op, left, right, isBool, matching }, token.offset);
  }
}

function checkedBinary(made: Expression & { kind: 'binary' }, offset: number): Expression {
  const types = [typeOf(made.left), typeOf(made.right)];
  const isSet = made.op === 'and' || made.op === 'or' || made.op === 'unless';
  const isComparison = precedence[made.op] === 3;
  if (types.includes('range'))
    throw new PromqlFault('syntax', `${made.op} takes no range selector; use a function such as rate()`, offset);
  if (isSet && types.includes('scalar'))
    throw new PromqlFault('syntax', `${made.op} takes vectors on both sides`, offset);
  if (isComparison && !made.isBool && types.every((type) => type === 'scalar')) {
    throw new PromqlFault('syntax', `comparing two scalars needs bool after ${made.op}`, offset);
  }
  if (made.isBool && !isComparison)
    throw new PromqlFault('syntax', `bool goes with comparisons only, not with ${made.op}`, offset);
  return made;
}

function parseMatching(reader: TokenReader): Matching {
  const kind = reader.takeWord('on') ? 'on' : 'ignoring';
  const isWritten = kind === 'on' || reader.takeWord('ignoring');
  const labels = isWritten ? reader.labels() : [];
  for (const word of ['group_left', 'group_right']) {
    if (reader.isWord(word))
      throw new PromqlFault('unsupported', `many-to-one matching (${word})`, reader.peek().offset);
  }
  return { kind, labels };
}

function parseUnary(reader: TokenReader, depth: number): Expression {
  if (depth > maxDepth) throw new PromqlFault('syntax', `nested deeper than ${maxDepth}`, reader.peek().offset);
  const { offset } = reader.peek();
  if (reader.take('+')) return parseUnary(reader, depth + 1);
  if (!reader.take('-')) return parsePrimary(reader, depth);
  // A sign binds less than ^ and more than *.
  const operand = parseBinary(reader, precedence['^'], depth + 1);
  if (typeOf(operand) === 'range') throw new PromqlFault('syntax', 'a sign before a range selector', offset);
  return operand.kind === 'number' ? { kind: 'number', value: -operand.value } : { kind: 'negate', operand };
}

function parsePrimary(reader: TokenReader, depth: number): Expression {
  const token = reader.peek();
  if (token.kind === 'number') return { kind: 'number', value: Number(reader.next().text) };
  if (token.kind === 'string') throw new PromqlFault('unsupported', 'a text as an expression', token.offset);
  if (reader.take('(')) {
    const inner = parseBinary(reader, 1, depth + 1);
    reader.expect(')');
    if (reader.isSymbol('[')) throw new PromqlFault('unsupported', 'a subquery', reader.peek().offset);
    return inner;
  }
  if (token.kind === 'name') {
    const following = reader.peek(1);
    const isOpened = following.text === '(' && following.kind === 'symbol';
    const word = token.text.toLowerCase();
    const isGrouped = following.kind === 'name' && ['by', 'without'].includes(following.text.toLowerCase());
    if (aggregates.has(word) && (isOpened || isGrouped)) return parseAggregate(reader, depth);
    if (isOpened || (isGrouped && leftOut.has(word))) return parseCall(reader, depth);
    if (word === 'inf' || word === 'nan') {
      reader.next();
      return { kind: 'number', value: word === 'inf' ? Number.POSITIVE_INFINITY : Number.NaN };
    }
  }
  if (token.kind === 'name' || reader.isSymbol('{')) return parseSelector(reader);
  throw unexpected(reader, 'a selector, a number, a function or "("');
}

function parseAggregate(reader: TokenReader, depth: number): Expression {
  const { text, offset } = reader.next();
  const op = text.toLowerCase() as AggregateOp;
  const before = parseGrouping(reader);
  const args = parseArguments(reader, depth);
  const grouping = before ?? parseGrouping(reader) ?? { kind: 'by', labels: [] };
  const expected: readonly ExpressionType[] = op === 'quantile' ? ['scalar', 'vector'] : ['vector'];
  checkArguments(op, args, expected, offset);
  const argument = args.at(-1) as Expression;
  return {
    kind: 'aggregate',
    op,
    grouping,
    argument,
    ...(args.length === 2 ? { parameter: args[0] as Expression } : {}),
  };
}

function parseGrouping(reader: TokenReader): (Expression & { kind: 'aggregate' })['grouping'] | undefined {
  if (reader.takeWord('by')) return { kind: 'by', labels: reader.labels() };
  return reader.takeWord('without') ? { kind: 'without', labels: reader.labels() } : undefined;
}

function parseCall(reader: TokenReader, depth: number): Expression {
  const { text: name, offset } = reader.next();
  const signature = functions[name];
  if (signature === undefined) {
    throw leftOut.has(name.toLowerCase())
      ? new PromqlFault('unsupported', `the function ${name}`, offset)
      : new PromqlFault('syntax', `there is no function ${name}`, offset);
  }
  const args = parseArguments(reader, depth);
  checkArguments(name, args, signature.args, offset);
  if (reader.isSymbol('[')) throw new PromqlFault('unsupported', 'a subquery', reader.peek().offset);
  return { kind: 'call', name, args };
}

function parseArguments(reader: TokenReader, depth: number): readonly Expression[] {
  const args: Expression[] = [];
  reader.expect('(');
  if (reader.take(')')) return args;
  do args.push(parseBinary(reader, 1, depth + 1));
  while (reader.take(','));
  reader.expect(')');
  return args;
}

const typeNames: Readonly<Record<ExpressionType, string>> = {
  scalar: 'a scalar',
  vector: 'an instant vector',
  range: 'a range selector such as metric[1m]',
};

function checkArguments(
  name: string,
  args: readonly Expression[],
  expected: readonly ExpressionType[],
  offset: number,
): void {
  if (args.length !== expected.length) {
    throw new PromqlFault(
      'syntax',
      `${name} takes ${expected.length} argument${expected.length === 1 ? '' : 's'}, found ${args.length}`,
      offset,
    );
  }
  expected.forEach((type, index) => {
    const found = typeOf(args[index] as Expression);
    if (found !== type)
      throw new PromqlFault(
        'syntax',
        `${name} takes ${typeNames[type]} as argument ${index + 1}, found ${typeNames[found]}`,
        offset,
      );
  });
}

function unexpected(reader: TokenReader, wanted: string): PromqlFault {
  const { kind, text, offset } = reader.peek();
  return new PromqlFault(
    'syntax',
    `expected ${wanted}, found ${kind === 'end' ? 'the end' : JSON.stringify(text)}`,
    offset,
  );
}
