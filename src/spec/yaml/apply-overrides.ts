// `--set workload.phases[peak].rate=400/s`: single values of a document replaced from the command line.
import { Composer, isScalar, Parser } from 'yaml';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import type { LocatedNode, LocatedScalar } from './located-node.ts';
import { type Span, sourceText } from './source-text.ts';

/** Path and value as given: keys joined by dots, list items by index or by their `name` or `id` in brackets. */
export interface Override {
  readonly path: string;
  readonly value: string;
}

/**
 * Applies overrides below `spec` of a document (a leading `spec.` may be left out). The path up to the last key must exist. Diagnostics point into a file
 * named `--set path=value`.
 */
export function applyOverride(root: LocatedNode, override: Override, diagnose: Diagnose): LocatedNode {
  const source = sourceText(`--set ${override.path}=${override.value}`, `${override.path}=${override.value}`);
  const from = override.path.length + 1;
  const span: Span = { source, from, to: source.text.length };
  const steps = stepsOf(override.path);
  if (steps === undefined) {
    diagnose(
      'SPEC_OVERRIDE',
      { source, from: 0, to: override.path.length },
      `\`${override.path}\` is not a path`,
      'for example workload.phases[peak].rate=400/s',
    );
    return root;
  }
  return replaceAt(
    root,
    steps[0] === 'spec' || steps[0] === 'metadata' ? steps : ['spec', ...steps],
    scalarOf(override.value, span),
    (at, known) => {
      diagnose(
        'SPEC_OVERRIDE',
        { source, from: 0, to: override.path.length },
        `the document has no \`${at}\` at this path`,
        suggest(at, known),
      );
    },
  );
}

function stepsOf(path: string): readonly string[] | undefined {
  const steps = path
    .split(/\.(?![^[]*\])/)
    .flatMap((part) => [...part.matchAll(/^[^[\]]+|\[([^\]]+)\]/g)].map((match) => match[1] ?? match[0]));
  return steps.length > 0 && steps.every((step) => step !== '') && /^[^.[\]]+(\[[^\]]+\]|\.[^.[\]]+)*$/.test(path)
    ? steps
    : undefined;
}

function replaceAt(
  node: LocatedNode,
  steps: readonly string[],
  value: LocatedScalar,
  missing: (step: string, known: readonly string[]) => void,
): LocatedNode {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (node.kind === 'map') {
    const entry = node.entries.get(step);
    if (entry === undefined && rest.length > 0) {
      missing(step, [...node.entries.keys()]);
      return node;
    }
    const replaced = entry === undefined ? value : replaceAt(entry.value, rest, value, missing);
    return {
      ...node,
      entries: new Map([...node.entries, [step, { keySpan: entry?.keySpan ?? value.span, value: replaced }]]),
    };
  }
  if (node.kind === 'list') {
    const index = indexOf(node.items, step);
    if (index === -1) {
      missing(
        step,
        node.items.flatMap((item) => nameOf(item) ?? []),
      );
      return node;
    }
    return {
      ...node,
      items: node.items.map((item, i) => (i === index ? replaceAt(item, rest, value, missing) : item)),
    };
  }
  missing(step, []);
  return node;
}

function indexOf(items: readonly LocatedNode[], step: string): number {
  const named = items.findIndex((item) => nameOf(item) === step);
  if (named !== -1) return named;
  return /^\d+$/.test(step) && Number(step) < items.length ? Number(step) : -1;
}

function nameOf(item: LocatedNode): string | undefined {
  if (item.kind !== 'map') return item.kind === 'scalar' ? item.text : undefined;
  const name = item.entries.get('name')?.value ?? item.entries.get('id')?.value;
  return name?.kind === 'scalar' ? name.text : undefined;
}

/** The value as a YAML scalar would read it. */
function scalarOf(text: string, span: Span): LocatedScalar {
  const [document] = [...new Composer({ logLevel: 'silent', prettyErrors: false }).compose(new Parser().parse(text))];
  const read =
    document !== undefined && document.errors.length === 0 && isScalar(document.contents)
      ? document.contents.value
      : text;
  const value = typeof read === 'number' || typeof read === 'boolean' || typeof read === 'string' ? read : text;
  return {
    kind: 'scalar',
    span,
    value,
    text: typeof value === 'string' ? value : text,
    isPlain: true,
    offsetAt: (index) => span.from + index,
    isUnresolved: false,
  };
}
