// Costs: what has a price has a usage, and the other way round. Half of a pair would be money that nobody counts.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { itemsAt, keySpanAt, type LocatedNode, type NodePath, nodeAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Reports each name that stands on one side alone. */
export function checkPrices({ root }: CheckedVerification, diagnose: Diagnose): void {
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    if (textAt(root, [...path, 'type']) !== 'cost') continue;
    checkSide(root, path, ['prices', 'usage'], diagnose);
    checkSide(root, path, ['usage', 'prices'], diagnose);
  }
}

function checkSide(
  root: LocatedNode,
  path: NodePath,
  [side, other]: readonly [string, string],
  diagnose: Diagnose,
): void {
  const here = keysAt(root, [...path, side]);
  const there = keysAt(root, [...path, other]);
  if (here === undefined || there === undefined) return;
  for (const name of here.filter((each) => !there.includes(each))) {
    diagnose(
      'SPEC_KEY_MISSING',
      keySpanAt(root, [...path, side], name),
      `\`${name}\` stands in \`${side}\` but not in \`${other}\`: the names of both must be the same`,
      `add \`${name}\` to \`${other}\`, or remove it here`,
    );
  }
}

/** Undefined when it is missing or no mapping, which is reported elsewhere. */
function keysAt(root: LocatedNode, path: NodePath): readonly string[] | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'map' ? [...node.entries.keys()] : undefined;
}
