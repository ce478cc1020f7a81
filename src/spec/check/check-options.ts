// Words inside a type's own fields that the schema cannot know: what counts as failed, phases, names of resources.

import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { isQuantile } from '../grammar/parse-stat.ts';
import {
  itemsAt,
  keySpanAt,
  type LocatedNode,
  type NodePath,
  nodeAt,
  plainValue,
  spanAt,
  textAt,
} from '../yaml/located-node.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports words in `count`, `levels`, `recoveryPhases`, `prices`, `usage` and `queries` that nothing would ever match. */
export function checkOptions({ root }: CheckedVerification, names: KnownNames, diagnose: Diagnose): void {
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    switch (textAt(root, [...path, 'type'])) {
      case 'errors':
        checkCounted(root, path, diagnose);
        break;
      case 'scalability':
        checkLevels(root, [...path, 'levels'], names, diagnose);
        break;
      case 'recovery':
        checkRecoveryPhases(root, [...path, 'recoveryPhases'], names, diagnose);
        break;
      case 'cost':
        checkResources(root, path, diagnose);
        break;
      case 'stability':
        checkQueryNames(root, [...path, 'queries'], diagnose);
        break;
    }
  }
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'];
/** Failures without a usable reply, by kind, and `failures` for all of them. */
const FAILURES = [
  'failures',
  'timeout',
  'connect',
  'dns',
  'tls',
  'reset',
  'protocol',
  'too-large',
  'expectation',
  'status',
  'cancelled',
];

function checkCounted(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const count = [...path, 'count'];
  const source = textAt(root, [...path, 'source']) ?? 'client';
  if (nodeAt(root, count) === undefined) return;
  if (source === 'trace') {
    diagnose(
      'SPEC_SOURCE_UNSUPPORTED',
      keySpanAt(root, path, 'count'),
      'a trace has no reply to count: entry spans failed by their own status',
      'remove `count`, or judge from `client` or `server`',
    );
    return;
  }
  const places =
    nodeAt(root, count)?.kind === 'list' ? itemsAt(root, count).map((_, index) => [...count, index]) : [count];
  for (const place of places) checkWord(root, place, source, diagnose);
  checkCountedTwice(root, places, diagnose);
}

/** `status` is every reply with a bad status: beside it, a status of one's own would be counted again. */
function checkCountedTwice(root: LocatedNode, places: readonly NodePath[], diagnose: Diagnose): void {
  const words = places.map((place) => String(plainValue(nodeAt(root, place)!)));
  const own = words.find((word) => /^[1-5](\d\d|xx)$/.test(word));
  const all = places[words.indexOf('status')];
  if (own === undefined || all === undefined) return;
  diagnose(
    'SPEC_KEYS_EXCLUSIVE',
    spanAt(root, all),
    `\`status\` counts every reply with a bad status: beside it those with \`${own}\` would be counted twice`,
    'keep one of them',
  );
}

function checkWord(root: LocatedNode, place: NodePath, source: string, diagnose: Diagnose): void {
  const node = nodeAt(root, place);
  if (
    node?.kind !== 'scalar' ||
    node.isUnresolved ||
    (typeof node.value !== 'string' && typeof node.value !== 'number')
  )
    return;
  const word = String(node.value);
  const words = source === 'server' ? CLASSES : [...CLASSES, ...FAILURES];
  if (/^[1-5]\d\d$/.test(word) || words.includes(word)) return;
  const isUnseen = FAILURES.includes(word);
  const message = isUnseen
    ? `a server's metrics know replies by status only, found \`${word}\``
    : `a status (429), a class (5xx) or a kind of failure is wanted, found \`${word}\``;
  diagnose(
    'SPEC_VALUE_UNKNOWN',
    spanAt(root, place),
    message,
    isUnseen ? `known: ${CLASSES.join(', ')}` : suggest(word, words),
  );
}

/** Levels are named by phase. */
function checkLevels(root: LocatedNode, path: NodePath, { phases }: KnownNames, diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map' || phases === undefined) return;
  for (const name of node.entries.keys()) {
    if (!phases.includes(name))
      diagnose(
        'SPEC_REF_PHASE',
        keySpanAt(root, path, name),
        `there is no phase named \`${name}\``,
        suggest(name, phases),
      );
  }
}

function checkRecoveryPhases(root: LocatedNode, path: NodePath, { phases }: KnownNames, diagnose: Diagnose): void {
  if (phases === undefined) return;
  const places = nodeAt(root, path)?.kind === 'list' ? itemsAt(root, path).map((_, index) => [...path, index]) : [path];
  for (const place of places) {
    const name = textAt(root, place);
    if (name !== undefined && !phases.includes(name))
      diagnose('SPEC_REF_PHASE', spanAt(root, place), `there is no phase named \`${name}\``, suggest(name, phases));
  }
}

/** `slope(rate)` is that of the load: a query of such a name would be mistaken for it, or it for the query. */
function checkQueryNames(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const node = nodeAt(root, path);
  if (node?.kind !== 'map') return;
  for (const name of node.entries.keys()) {
    if (name !== 'mean' && name !== 'rate' && !isQuantile(name)) continue;
    diagnose(
      'SPEC_NAME_DUPLICATE',
      keySpanAt(root, path, name),
      `\`${name}\` is a statistic of the load, too: \`slope(${name})\` does not say which of the two it means`,
      `give the query another name, such as \`server_${name}\``,
    );
  }
}

/** Every resource that is used has a price, and every price is of something that is used. */
function checkResources(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const [prices, usage] = ['prices', 'usage'].map((key) => nodeAt(root, [...path, key]));
  if (prices?.kind !== 'map' || usage?.kind !== 'map') return;
  for (const name of usage.entries.keys()) checkUsage(root, [...path, 'usage', name], diagnose);
  const pairs = [
    { key: 'usage', own: usage, other: prices, lacks: 'has no price' },
    { key: 'prices', own: prices, other: usage, lacks: 'has a price, and no `usage`' },
  ] as const;
  for (const { key, own, other, lacks } of pairs) {
    for (const name of own.entries.keys()) {
      if (!other.entries.has(name))
        diagnose(
          'SPEC_VALUE_UNKNOWN',
          keySpanAt(root, [...path, key], name),
          `\`${name}\` ${lacks}`,
          suggest(name, [...other.entries.keys()]),
        );
    }
  }
}

/** A number in place of a query: whatever uses none of a resource is free. */
function checkUsage(root: LocatedNode, path: NodePath, diagnose: Diagnose): void {
  const query = textAt(root, path) ?? '';
  if (!/^\s*[+-]?\d+(\.\d+)?\s*$/.test(query) || Number(query) > 0) return;
  diagnose('SPEC_VALUE_RANGE', spanAt(root, path), `a use above zero is wanted, found \`${query.trim()}\``);
}
