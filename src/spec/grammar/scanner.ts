// A position in a one-line text, moved forward by what is recognised there.

export interface Scanner {
  readonly text: string;
  /** Offset of the next unread character; blanks are skipped before each look. */
  at: number;
}

/** A piece of the text and where it stands. */
export interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export function scan(text: string): Scanner {
  return { text, at: 0 };
}

/** The piece at the position that matches a sticky pattern, without moving. */
export function look(scanner: Scanner, pattern: RegExp): Token | undefined {
  skipBlanks(scanner);
  const sticky = new RegExp(pattern.source, 'uy');
  sticky.lastIndex = scanner.at;
  const match = sticky.exec(scanner.text);
  if (match === null || match[0] === '') return undefined;
  return { text: match[0], from: scanner.at, to: scanner.at + match[0].length };
}

/** As `look`, and moves behind it. */
export function take(scanner: Scanner, pattern: RegExp): Token | undefined {
  const token = look(scanner, pattern);
  if (token !== undefined) scanner.at = token.to;
  return token;
}

/** The next word, or the place behind the end, for messages about what was found. */
export function nextWord(scanner: Scanner): Token {
  return look(scanner, /[^\s]+/) ?? { text: '', from: scanner.text.length, to: scanner.text.length + 1 };
}

export function isAtEnd(scanner: Scanner): boolean {
  skipBlanks(scanner);
  return scanner.at >= scanner.text.length;
}

function skipBlanks(scanner: Scanner): void {
  while (scanner.at < scanner.text.length && /\s/.test(scanner.text[scanner.at]!)) scanner.at += 1;
}
