// Paths that a document gives are relative to it, wherever it is read from.

/** As the working directory sees it. Absolute paths stay as they are. */
export function besideDocument(path: string, document: string): string {
  return isAbsolute(path) ? path : `${folderOf(document)}${path}`;
}

/** As the document gives it: the other way round. */
export function asDocumentSays(path: string, document: string): string {
  const folder = folderOf(document);
  return folder !== '' && path.startsWith(folder) ? path.slice(folder.length) : path;
}

const isAbsolute = (path: string): boolean => /^([/\\]|[A-Za-z]:)/.test(path);

/** With the slash behind it; empty for a document of the working directory. */
const folderOf = (document: string): string => /^.*[/\\]/.exec(document)?.[0] ?? '';
