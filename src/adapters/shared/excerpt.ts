// A short piece of an answer for an error message.

/** The first 120 characters on one line; a web page is called one. */
export function excerpt(text: string): string {
  if (/^\s*<(!doctype|html)/i.test(text)) return 'a web page';
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return 'nothing';
  return line.length > 120 ? `"${line.slice(0, 120)}..."` : `"${line}"`;
}
