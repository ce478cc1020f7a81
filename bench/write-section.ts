// One page, several benches: each writes its own section and leaves the others alone.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Section {
  /** Between `<!-- name -->` and `<!-- /name -->`; at the end of the page when it is not there yet. */
  readonly name: string;
  readonly text: string;
}

/** `title` heads a page that is new. */
export function writeSection(path: string, title: string, { name, text }: Section): void {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : `# ${title}\n`;
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${from}\n\n${text.trim()}\n\n${to}`;
  const start = page.indexOf(from);
  const end = page.indexOf(to);
  const isThere = start >= 0 && end > start;
  writeFileSync(
    path,
    isThere ? page.slice(0, start) + section + page.slice(end + to.length) : `${page.trimEnd()}\n\n${section}\n`,
  );
}
