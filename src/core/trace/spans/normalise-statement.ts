// Makes statements comparable: two that differ only in values read the same.

/**
 * `SELECT * FROM t WHERE id = 17 AND name = 'x'` becomes `select * from t where id = ? and name = ?`; lists of any length become `(?)`. Cost: linear
 * in the text, which is cut at 2,000 characters.
 */
export function normaliseStatement(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ')
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/(?<![\w$`".])[+-]?\d+(?:\.\d+)?\b/g, '?')
    .replace(/%\(\w+\)s|%s|\$\d+|(?<![\w:]):\w+|@\w+/g, '?')
    .replace(/\(\s*\?(?:\s*,\s*\?)*\s*\)(?:\s*,\s*\(\s*\?(?:\s*,\s*\?)*\s*\))*/g, '(?)')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Whether a statement depends on a value: a literal or a place holder for one. */
export function hasParameter(text: string): boolean {
  return /'[^']*'|(?<![\w$`".])\d+\b|%s|%\(\w+\)s|\$\d+|\?|(?<![\w:]):\w+/.test(text);
}

const value = String.raw`(?:'(?:[^']|'')*'|[+-]?\d+(?:\.\d+)?|\?|%s|%\(\w+\)s|\$\d+|:\w+|@\w+)`;
const listOfValues = new RegExp(String.raw`\bin\s*\(\s*${value}\s*,|=\s*any\s*\(`, 'i');
const listOfRows = /\bvalues\s*\((?:[^()']|'[^']*'|\([^()]*\))*\)\s*,\s*\(/i;

/** Whether one statement asks for, or writes, several rows at once: a list of values or of rows, or an array. The text is cut at 2,000 characters. */
export function hasValueList(text: string): boolean {
  const start = text.slice(0, 2000);
  return listOfValues.test(start) || listOfRows.test(start);
}

/** Whether it reads, and was recorded whole (instrumentations cut long texts and mark the place). */
export function isCompleteSelect(text: string): boolean {
  return /^\s*select\b/i.test(text) && !/(?:\.\.\.|…)\s*$/.test(text);
}
