// YAML text -> located documents. Whatever the text, the answer is documents and diagnostics; nothing throws.
import { Composer, CST, Lexer, Parser } from 'yaml';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { locateDocument, MOST_VALUES } from './locate-document.ts';
import type { LocatedNode } from './located-node.ts';
import type { SourceText } from './source-text.ts';
import { explainYamlError } from './yaml-errors.ts';

/** Largest file. A document of 1,000 requirements has about 200 KB. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** All documents of a file that could be read. Empty documents (`---` alone) are left out; a file of nothing else is remarked on. */
export function readYaml(source: SourceText, diagnose: Diagnose): readonly LocatedNode[] {
  const start = { source, from: 0, to: 0 };
  if (source.text.length > LARGEST_FILE) {
    const size = (source.text.length / 1048576).toFixed(1);
    diagnose(
      'SPEC_YAML_LIMIT',
      start,
      `a document file holds at most 4 MiB, this one has ${size} MiB`,
      'split it: a folder of files is read as one set',
    );
    return [];
  }
  if (holdsTooMuch(source.text)) {
    diagnose('SPEC_YAML_LIMIT', start, `the file has more than ${MOST_VALUES} values`, 'split the file');
    return [];
  }
  // Uniqueness of keys is checked while locating: the library compares every key with every other, which takes minutes on a hostile file.
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
    schema: 'core',
  });
  const composed = [...composer.compose(new Parser().parse(source.text))];
  const documents = composed.filter((document) => document.errors.length > 0 || !isBlank(document.contents));
  if (documents.length === 0) diagnose('SPEC_DOCUMENT_EMPTY', start, 'the file holds no document');
  return documents.flatMap((document) => {
    const [first] = document.errors;
    if (first === undefined) return locateDocument(document, source, diagnose) ?? [];
    // What follows the first error mostly follows from it.
    explainYamlError(source, first, diagnose);
    return [];
  });
}

/** Counted on the lexemes, before a tree is built of them: a value takes some 1.5 KB of memory there. Keys are not counted. */
function holdsTooMuch(text: string): boolean {
  let [values, keys, items] = [0, 0, 0];
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme);
    if (type === 'map-value-ind') keys += 1;
    else if (type === 'seq-item-ind') items += 1;
    else if (type !== null && COUNTED.has(type)) values += 1;
    if (Math.max(values - keys, keys, items) > MOST_VALUES) return true;
  }
  return false;
}

const COUNTED: ReadonlySet<string> = new Set([
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'alias',
  'flow-map-start',
  'flow-seq-start',
]);

function isBlank(contents: unknown): boolean {
  return contents === null || (typeof contents === 'object' && 'source' in contents && contents.source === '');
}
