// Text and tables that stay what they are in GitHub-flavoured Markdown.
import { printable } from './printable.ts';

/** Escapes what would turn into markup, a mention, or the end of a table cell; line breaks become blanks. */
export function markdownText(text: string): string {
  return printable(text.replace(/[\r\n\t]+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u200b');
}

/** A table; each row has as many cells as the header. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
