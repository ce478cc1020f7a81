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

/** A code span: what stands in it is shown as it is, so nothing is escaped; a fence longer than any in the text ends it. Not for table cells with a `|`. */
export function markdownCode(text: string): string {
  const shown = printable(text.replace(/[\r\n\t]+/g, ' '));
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest === 0 ? '' : ' ';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** `text` is Markdown already. What would end the link, or the cell it stands in, is percent-encoded in the address. */
export function markdownLink(text: string, url: string): string {
  const safe = url.replace(
    /[\s()<>|\\]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `[${text}](${safe})`;
}

/** A table; each row has as many cells as the header. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
