// Walks the tokens of a query.
import { PromqlFault } from './expression.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Never moves past the `end` token. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(query: string) {
    this.tokens = tokensOf(query);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.peek().kind === 'symbol' && this.peek().text === text;
  }

  isWord(word: string): boolean {
    return this.peek().kind === 'name' && this.peek().text.toLowerCase() === word;
  }

  /** Steps over the symbol when it comes next. */
  take(symbol: string): boolean {
    const isNext = this.isSymbol(symbol);
    if (isNext) this.at += 1;
    return isNext;
  }

  takeWord(word: string): boolean {
    const isNext = this.isWord(word);
    if (isNext) this.at += 1;
    return isNext;
  }

  expect(symbol: string): void {
    if (this.take(symbol)) return;
    const { kind, text, offset } = this.peek();
    throw new PromqlFault(
      'syntax',
      `expected "${symbol}", found ${kind === 'end' ? 'the end' : JSON.stringify(text)}`,
      offset,
    );
  }

  expectKind(kind: Token['kind'], wanted: string): Token {
    const token = this.peek();
    if (token.kind === kind) return this.next();
    throw new PromqlFault(
      'syntax',
      `expected ${wanted}, found ${token.kind === 'end' ? 'the end' : JSON.stringify(token.text)}`,
      token.offset,
    );
  }

  /** `(a, b)`; a comma may follow the last one. */
  labels(): readonly string[] {
    const labels: string[] = [];
    this.expect('(');
    while (!this.take(')')) {
      labels.push(this.expectKind('name', 'a label name').text);
      if (!this.take(',')) {
        this.expect(')');
        break;
      }
    }
    return labels;
  }
}
