// Text from the system under test, made safe to show.

/**
 * Replaces control characters, line separators and bidirectional overrides by `·`: a span name must not move the cursor, colour the
 * terminal, break a line of a CI log or turn a sentence around.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '·');
}
