// The YAML library's errors in the words of somebody who helps: what the text probably meant, and how to write it.
import type { YAMLError } from 'yaml';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { SourceText } from './source-text.ts';

/** Reports one error of the YAML parser at its place. */
export function explainYamlError(source: SourceText, error: YAMLError, diagnose: Diagnose): void {
  const from = skipBlanks(source.text, error.pos[0]);
  const span = { source, from, to: Math.max(from, error.pos[1]) };
  if (error.code === 'RESOURCE_EXHAUSTION') {
    diagnose('SPEC_YAML_LIMIT', span, 'values are nested too deeply to be read');
    return;
  }
  const line = lineAround(source.text, from);
  const isVariable = source.text.slice(from - 1, from + 1) === '${';
  const message = isVariable ? '`{` starts a mapping inside `{ }` and `[ ]`' : plainMessage(error.message);
  diagnose(
    'SPEC_YAML_SYNTAX',
    span,
    message,
    isVariable ? 'quote texts that hold `${...}`' : adviceFor(error, line, source.text[from]),
  );
}

function adviceFor(error: YAMLError, line: string, found: string | undefined): string | undefined {
  if (/^\s*(-\s+)?[\w.]+:\s+>/.test(line) && !/:\s+>[-+0-9]*\s*$/.test(line))
    return 'a value that starts with `>` must be quoted: ">= 95%"';
  if (error.code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (/\{\{/.test(line)) return "quote a value that starts with `{{`: '{{.replicas}} * 2'";
  if (error.code === 'BAD_SCALAR_START' || found === '@' || found === '`')
    return 'quote a value that starts with @, `, % or another sign of YAML';
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'a value that holds `: ` must be quoted, or the line is indented too far';
  if (error.code === 'MULTILINE_IMPLICIT_KEY') return 'is there a `:` missing, or a line indented too far?';
  if (error.code === 'BAD_INDENT') return 'items of one mapping or list start in the same column';
  if (error.code === 'MISSING_CHAR') return 'is a quote, a bracket or a comma missing?';
  if (error.code === 'UNEXPECTED_TOKEN') return 'is a closing bracket too many, or a quote missing?';
  return undefined;
}

/** An error at a line's indentation is shown at its first word. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return text[at] === undefined || text[at] === '\n' ? from : at;
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, Math.min(end === -1 ? text.length : end, start + 500));
}

/** The parser's token names in words. */
function plainMessage(message: string): string {
  const words: readonly (readonly [RegExp, string])[] = [
    [/flow-map-start/, '`{`'],
    [/flow-map-end/, '`}`'],
    [/flow-seq-start/, '`[`'],
    [/flow-seq-end/, '`]`'],
    [/map-value-ind/, '`:`'],
    [/seq-item-ind/, '`-`'],
    [/block-scalar-header|block-scalar/, 'block text'],
    [/flow-collection/, '`{ }` or `[ ]`'],
    [/ token in YAML stream.*/s, ' here'],
    [/closing "quote/, 'closing quote "'],
    [/closing 'quote/, "closing quote '"],
    [/ at node end/, ' behind a complete value'],
  ];
  const plain = words.reduce((text, [pattern, word]) => text.replace(pattern, word), message);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
