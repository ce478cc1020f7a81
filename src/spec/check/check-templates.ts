// Templates of journeys: well formed, and every variable filled in by an earlier step or a feed. Patterns and JSON paths that can be read.
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
import { spanInside } from '../yaml/span-inside.ts';

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

/** Reports problems in the steps of every scenario. */
export function checkTemplates(root: LocatedNode, diagnose: Diagnose): void {
  const scenarios = ['spec', 'workload', 'scenarios'];
  for (const index of itemsAt(root, scenarios).keys()) {
    const path = [...scenarios, index];
    const hasFeed = nodeAt(root, [...path, 'feed']) !== undefined || nodeAt(root, [...path, 'feeds']) !== undefined;
    const captured = new Set<string>();
    for (const step of itemsAt(root, [...path, 'steps']).keys())
      checkStep(root, [...path, 'steps', step], captured, hasFeed, diagnose);
  }
}

function checkStep(
  root: LocatedNode,
  path: NodePath,
  captured: Set<string>,
  hasFeed: boolean,
  diagnose: Diagnose,
): void {
  for (const key of TEMPLATED) {
    const node = nodeAt(root, [...path, key]);
    if (node !== undefined) forEachText(node, (scalar) => checkText(scalar, captured, hasFeed, diagnose));
  }
  checkCaptures(root, [...path, 'capture'], captured, diagnose);
}

function checkText(scalar: LocatedScalar, captured: ReadonlySet<string>, hasFeed: boolean, diagnose: Diagnose): void {
  const { text } = scalar;
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const { offset, message } = parsed.error;
    const close = text.indexOf('}', offset);
    diagnose('SPEC_TEMPLATE_SYNTAX', spanInside(scalar, offset, close === -1 ? offset + 2 : close + 1), message);
    return;
  }
  if (hasFeed) return;
  for (const part of parsed.value) {
    if (part.kind !== 'variable' || captured.has(part.name)) continue;
    const written = `\${${part.name}}`;
    const at = Math.max(0, text.indexOf(written));
    const help =
      captured.size === 0
        ? 'capture it in an earlier step, give the scenario a `feed`, or write `${env:NAME}` for the environment'
        : suggest(part.name, [...captured]);
    diagnose(
      'SPEC_TEMPLATE_UNKNOWN',
      spanInside(scalar, at, at + written.length),
      `nothing fills in \`${written}\` before this step`,
      help,
    );
  }
}

function checkCaptures(root: LocatedNode, path: NodePath, captured: Set<string>, diagnose: Diagnose): void {
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
    const jsonPath = textAt(root, [...path, name]) ?? textAt(root, [...path, name, 'jsonPath']);
    if (jsonPath !== undefined && !jsonPath.startsWith('$')) {
      const at = textAt(root, [...path, name]) === undefined ? [...path, name, 'jsonPath'] : [...path, name];
      diagnose(
        'SPEC_PATTERN_SYNTAX',
        spanAt(root, at),
        `a JSON path starts with \`$\`, found \`${jsonPath}\``,
        `write \`$.${jsonPath}\`, or \`{ header: ... }\` or \`{ regex: ... }\``,
      );
    }
  }
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
