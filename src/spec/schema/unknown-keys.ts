// Keys that have no meaning where they stand, and what they probably meant.
import type * as z from 'zod';
import { didYouMean, listed, nearestWord } from '../diagnostics/did-you-mean.ts';
import { keySpanAt, type LocatedNode, type NodePath, nodeAt } from '../yaml/located-node.ts';
import type { IssueContext } from './issue-context.ts';
import { describeOwner } from './issue-words.ts';

type UnknownKeys = Extract<z.core.$ZodIssue, { code: 'unrecognized_keys' }>;

/** Reports each key at its own place. */
export function reportUnknownKeys(
  issue: UnknownKeys,
  path: NodePath,
  { root, diagnose, unknownKey }: IssueContext,
): void {
  const place = path.length === 0 ? 'at the top of the document' : `in ${describeOwner(root, path)}`;
  for (const key of issue.keys) {
    diagnose(
      unknownKey,
      keySpanAt(root, path, key),
      `unknown key \`${key}\` ${place}`,
      helpFor(key, issue, path, root),
    );
  }
}

/** The key that an unknown one was probably meant to be. */
export function wordMeantBy(
  key: string,
  issue: z.core.$ZodIssue,
  path: NodePath,
  root: LocatedNode,
): string | undefined {
  return nearestWord(key, freeKeys(issue, path, root));
}

function helpFor(key: string, issue: UnknownKeys, path: NodePath, root: LocatedNode): string | undefined {
  const parent = nodeAt(root, path);
  const value = parent?.kind === 'map' ? parent.entries.get(key)?.value : undefined;
  const isFlow = parent !== undefined && parent.span.source.text[parent.span.from] === '{';
  if (isFlow && value?.kind === 'scalar' && value.value === null)
    return 'a comma inside `{ }` starts a new key; quote the text before it';
  if (key === 'allowedTargets') return 'which targets may be attacked is a setting of the service, not of a document';
  const free = freeKeys(issue, path, root);
  return didYouMean(key, free) ?? (free.length === 0 ? undefined : `known keys: ${listed(free)}`);
}

/** Known keys that are not there yet. The issue's message carries the known ones: see mapping.ts. */
function freeKeys(issue: z.core.$ZodIssue, path: NodePath, root: LocatedNode): readonly string[] {
  const parent = nodeAt(root, path);
  const present = parent?.kind === 'map' ? new Set(parent.entries.keys()) : new Set<string>();
  return issue.message.split(' ').filter((known) => !present.has(known));
}
