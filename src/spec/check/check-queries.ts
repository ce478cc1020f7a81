// Variables of queries: those that are filled in before a query is asked.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { itemsAt, type LocatedNode, type NodePath, nodeAt } from '../yaml/located-node.ts';
import { spanInside } from '../yaml/span-inside.ts';
import type { CheckedVerification } from './checked-verification.ts';

const KNOWN = ['.window', '.windowSeconds', '.slice'];
/** Only the resources of a cost are a matter of replicas. */
const KNOWN_TO_USAGE = [...KNOWN, '.replicas'];

/** Reports `{{...}}` in `query`, `queries` and `usage` that nothing fills in: the query would never be answered. */
export function checkQueries({ root }: CheckedVerification, diagnose: Diagnose): void {
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    checkQuery(root, [...path, 'query'], KNOWN, diagnose);
    checkAll(root, [...path, 'queries'], KNOWN, diagnose);
    checkAll(root, [...path, 'usage'], KNOWN_TO_USAGE, diagnose);
  }
}

function checkAll(root: LocatedNode, path: NodePath, known: readonly string[], diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map') return;
  for (const name of node.entries.keys()) checkQuery(root, [...path, name], known, diagnose);
}

function checkQuery(root: LocatedNode, path: NodePath, known: readonly string[], diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return;
  for (const { index, 0: written, 1: name = '' } of node.text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)) {
    if (known.includes(name)) continue;
    const list = `known: ${known.map((each) => `{{${each}}}`).join(', ')}`;
    const near = didYouMean(name, known);
    const help =
      name === '.replicas'
        ? `it belongs to the \`usage\` of \`type: cost\`; ${list}`
        : [near, list].filter((each) => each !== undefined).join(' ');
    diagnose(
      'SPEC_TEMPLATE_UNKNOWN',
      spanInside(node, index, index + written.length),
      `nothing fills in \`${written}\``,
      help,
    );
  }
}
