// Templates of journeys: well formed, and every variable filled in by an earlier step or a feed. Patterns and JSON paths that can be read.
import { parseJsonPath } from '../../core/load/json-path.ts';
import { parseTemplate } from '../../core/load/template.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import {
  itemsAt,
  type LocatedNode,
  type LocatedScalar,
  type NodePath,
  nodeAt,
  spanAt,
  textAt,
} from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import { spanInside } from '../yaml/span-inside.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Parts of a step that are filled in for each request. */
const TEMPLATED = [
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
  'path',
  'query',
  'headers',
  'body',
  'form',
];

/** What the texts of a scenario may refer to. */
interface Scope {
  /** Variables that earlier steps have captured. */
  readonly captured: Set<string>;
  /** A feed's columns are known only when its file is read: then every name may be one. */
  readonly hasFeed: boolean;
  readonly environment: (name: string) => string | undefined;
  readonly diagnose: Diagnose;
}

/** Reports problems in the steps of every scenario. */
export function checkTemplates({ root, environment }: CheckedVerification, diagnose: Diagnose): void {
  const scenarios = ['spec', 'workload', 'scenarios'];
  for (const index of itemsAt(root, scenarios).keys()) {
    const path = [...scenarios, index];
    const hasFeed = nodeAt(root, [...path, 'feed']) !== undefined || nodeAt(root, [...path, 'feeds']) !== undefined;
    const scope: Scope = { captured: new Set(), hasFeed, environment, diagnose };
    for (const step of itemsAt(root, [...path, 'steps']).keys()) checkStep(root, [...path, 'steps', step], scope);
  }
  checkHeaders(root, ['spec', 'workload', 'headers'], diagnose);
  const headers = nodeAt(root, ['spec', 'workload', 'headers']);
  if (headers !== undefined)
    forEachText(headers, (scalar) => checkText(scalar, { captured: new Set(), hasFeed: true, environment, diagnose }));
}

function checkStep(root: LocatedNode, path: NodePath, scope: Scope): void {
  for (const key of TEMPLATED) {
    const node = nodeAt(root, [...path, key]);
    if (node !== undefined) forEachText(node, (scalar) => checkText(scalar, scope));
  }
  checkHeaders(root, [...path, 'headers'], scope.diagnose);
  checkExpected(root, [...path, 'expect', 'jsonPath'], scope.diagnose);
  for (const key of ['jsonPath', 'headers']) checkFixed(root, [...path, 'expect', key], scope.diagnose);
  checkCaptures(root, [...path, 'capture'], scope);
}

/** Headers carry bytes: no character beyond U+00FF can be sent, and no control character. */
function checkHeaders(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map') return;
  for (const name of node.entries.keys()) {
    const text = textAt(root, [...path, name]);
    const [found] = text?.match(/[^\t -~\x80-\xff]/u) ?? [];
    if (found === undefined) continue;
    diagnose(
      'SPEC_VALUE_RANGE',
      spanAt(root, [...path, name]),
      `a header holds characters up to U+00FF and no control characters, found ${JSON.stringify(found)}`,
      'encode the value, for example in percent signs: `%E2%82%AC`',
    );
  }
}

function checkText(scalar: LocatedScalar, scope: Scope): void {
  const { text } = scalar;
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const { offset, message } = parsed.error;
    const close = text.indexOf('}', offset);
    scope.diagnose('SPEC_TEMPLATE_SYNTAX', spanInside(scalar, offset, close === -1 ? offset + 2 : close + 1), message);
    return;
  }
  for (const part of parsed.value) if (part.kind === 'variable' || part.kind === 'env') checkName(scalar, part, scope);
}

function checkName(
  scalar: LocatedScalar,
  { kind, name }: { readonly kind: 'variable' | 'env'; readonly name: string },
  scope: Scope,
): void {
  const { captured, hasFeed, environment, diagnose } = scope;
  const written = kind === 'env' ? `\${env:${name}}` : `\${${name}}`;
  const at = Math.max(0, scalar.text.indexOf(written));
  const span = spanInside(scalar, at, at + written.length);
  if (kind === 'env') {
    if (environment(name) === undefined)
      diagnose(
        'SPEC_VARIABLE_MISSING',
        span,
        `the environment variable \`${name}\` is not set`,
        'set it before the run',
      );
  } else if (!hasFeed && !captured.has(name)) {
    const other =
      'capture it in an earlier step, give the scenario a `feed`, or write `${env:NAME}` for the environment';
    diagnose(
      'SPEC_TEMPLATE_UNKNOWN',
      span,
      `nothing fills in \`${written}\` before this step`,
      suggest(name, [...captured], other),
    );
  }
}

function checkCaptures(root: LocatedNode, path: NodePath, { captured, diagnose }: Scope): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map') return;
  for (const name of node.entries.keys()) {
    captured.add(name);
    const regex = textAt(root, [...path, name, 'regex']);
    const cause = regex === undefined ? undefined : regexProblem(regex);
    if (cause !== undefined)
      diagnose(
        'SPEC_PATTERN_SYNTAX',
        spanAt(root, [...path, name, 'regex']),
        `the regular expression cannot be read: ${cause}`,
      );
    const at = textAt(root, [...path, name]) === undefined ? [...path, name, 'jsonPath'] : [...path, name];
    const jsonPath = textAt(root, at);
    if (jsonPath === undefined) continue;
    if (!jsonPath.startsWith('$')) {
      diagnose(
        'SPEC_PATTERN_SYNTAX',
        spanAt(root, at),
        `a JSON path starts with \`$\`, found \`${jsonPath}\``,
        `write \`$.${jsonPath}\`, or \`{ header: ... }\` or \`{ regex: ... }\``,
      );
    } else checkJsonPath(jsonPath, spanAt(root, at), diagnose);
  }
}

/** The paths that `expect` looks at. */
function checkExpected(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map') return;
  for (const text of node.entries.keys()) checkJsonPath(text, spanAt(root, [...path, text]), diagnose);
}

/** What a reply is held against is fixed: nothing is filled in. */
function checkFixed(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node === undefined) return;
  forEachText(node, (scalar) => {
    const at = scalar.text.indexOf('${');
    diagnose(
      'SPEC_TEMPLATE_SYNTAX',
      spanInside(scalar, at, scalar.text.length),
      'a reply is compared with fixed texts: nothing is filled in here',
      'expect what is the same in every reply, or only a status',
    );
  });
}

function checkJsonPath(text: string, span: Span, diagnose: Diagnose): void {
  const parsed = parseJsonPath(text);
  if (!parsed.ok) diagnose('SPEC_PATTERN_SYNTAX', span, parsed.error);
}

function regexProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    // The engine only throws for a malformed pattern; its sentence names the mistake.
    return error instanceof Error
      ? error.message.replace(/^Invalid regular expression: \/.*\/u?: /s, '')
      : String(error);
  }
}

function forEachText(node: LocatedNode, visit: (scalar: LocatedScalar) => void): void {
  if (node.kind === 'list') for (const item of node.items) forEachText(item, visit);
  else if (node.kind === 'map') for (const entry of node.entries.values()) forEachText(entry.value, visit);
  else if (typeof node.value === 'string' && node.value.includes('${')) visit(node);
}
