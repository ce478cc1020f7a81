// Keys that have no meaning where they stand, and what they probably meant.
import type * as z from 'zod';
import { didYouMean, listed, nearestWord } from '../diagnostics/did-you-mean.ts';
import { keySpanAt, type LocatedNode, type NodePath, nodeAt } from '../yaml/located-node.ts';
import type { IssueContext } from './issue-context.ts';
import { describeOwner } from './issue-words.ts';

type UnknownKeys = Extract<z.core.$ZodIssue, { code: 'unrecognized_keys' }>;

/** More unknown keys in one mapping than this are one mistake. */
const MOST_KEYS = 50;

/** Reports each key at its own place. */
export function reportUnknownKeys(
  issue: UnknownKeys,
  path: NodePath,
  { root, diagnose, unknownKey }: IssueContext,
): void {
  const place = path.length === 0 ? 'at the top of the document' : `in ${describeOwner(root, path)}`;
  const free = freeKeys(issue, path, root);
  for (const key of issue.keys.slice(0, MOST_KEYS)) {
    diagnose(
      unknownKey,
      keySpanAt(root, path, key),
      `unknown key \`${key}\` ${place}`,
      helpFor(key, free, nodeAt(root, path)),
    );
  }
}

/** The keys that unknown ones were probably meant to be. */
export function keysMeantBy(issue: UnknownKeys, path: NodePath, root: LocatedNode): ReadonlySet<string> {
  const free = freeKeys(issue, path, root);
  return new Set(issue.keys.slice(0, MOST_KEYS).flatMap((key) => nearestWord(key, free) ?? []));
}

function helpFor(key: string, free: readonly string[], parent: LocatedNode | undefined): string | undefined {
  const value = parent?.kind === 'map' ? parent.entries.get(key)?.value : undefined;
  const isFlow = parent !== undefined && parent.span.source.text[parent.span.from] === '{';
  if (isFlow && value?.kind === 'scalar' && value.value === null)
    return 'a comma inside `{ }` starts a new key; quote the text before it';
  if (key === 'allowedTargets') return 'which targets may be attacked is a setting of the service, not of a document';
  return didYouMean(key, free) ?? (free.length === 0 ? undefined : `known keys: ${listed(free)}`);
}

/** Known keys that are not there yet. The issue's message carries the known ones: see mapping.ts. */
function freeKeys(issue: UnknownKeys, path: NodePath, root: LocatedNode): readonly string[] {
  const parent = nodeAt(root, path);
  return issue.message.split(' ').filter((known) => !(parent?.kind === 'map' && parent.entries.has(known)));
}
