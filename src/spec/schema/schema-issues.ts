// The schema library's issues as diagnostics at the node they concern, in the words of this language.
import type * as z from 'zod';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { type LocatedNode, type NodePath, nodeAt, spanAt } from '../yaml/located-node.ts';
import { spanInside } from '../yaml/span-inside.ts';
import type { IssueContext } from './issue-context.ts';
import { describeNode, describeOwner, describeType, helpForType, oneOf } from './issue-words.ts';
import { keysMeantBy, reportUnknownKeys } from './unknown-keys.ts';

type Issue = z.core.$ZodIssue;

/** An issue and where it is from the document's root. */
type Placed = { readonly issue: Issue; readonly path: NodePath };

/**
 * Reports every issue once. Left out are issues at values that hold an unset variable (their content is unknown) and those that only follow from an unknown key
 * (`requre` is reported, the missing `require` is not).
 */
export function reportIssues(issues: readonly Issue[], context: IssueContext): void {
  const placed = issues.flatMap((issue) => flatten(issue, []));
  const misspelt = new Map<string, ReadonlySet<string>>();
  for (const { issue, path } of placed) {
    if (issue.code === 'unrecognized_keys') misspelt.set(keyOf(path), keysMeantBy(issue, path, context.root));
  }
  for (const each of placed) {
    if (!isConsequence(each, misspelt, context.root)) report(each, context);
  }
}

/** Of an alternative of forms, the issues of the one that the value was probably meant to have. */
function flatten(issue: Issue, prefix: NodePath): readonly Placed[] {
  const path = [...prefix, ...(issue.path as NodePath)];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
  const close = issue.errors.filter((branch) => !branch.some(isMismatch));
  const best = close.toSorted((a, b) => a.length - b.length)[0];
  return best === undefined ? [{ issue, path }] : best.flatMap((inner) => flatten(inner, path));
}

/** The value is not even of the kind that a form wants. */
function isMismatch(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  return (
    issue.code === 'invalid_type' ||
    issue.code === 'invalid_value' ||
    (issue.code === 'custom' && issue.params?.['wanted'] !== undefined)
  );
}

/** `misspelt`: for each mapping with unknown keys, what they were probably meant to be. */
function isConsequence(
  { issue, path }: Placed,
  misspelt: ReadonlyMap<string, ReadonlySet<string>>,
  root: LocatedNode,
): boolean {
  const node = nodeAt(root, path);
  if (node?.kind === 'scalar' && node.isUnresolved) return true;
  if (issue.code === 'unrecognized_keys') return false;
  if (node === undefined) return misspelt.get(keyOf(path.slice(0, -1)))?.has(String(path.at(-1))) ?? false;
  return issue.code === 'custom' && STRUCTURAL.has(issue.params?.['code']) && misspelt.has(keyOf(path));
}

function keyOf(path: NodePath): string {
  return JSON.stringify(path);
}

/** Problems of a mapping's keys, which an unknown key among them probably explains. */
const STRUCTURAL: ReadonlySet<unknown> = new Set<DiagnosticCode>([
  'SPEC_KEY_MISSING',
  'SPEC_KEYS_EXCLUSIVE',
  'SPEC_PHASES_MISSING',
]);

function report({ issue, path }: Placed, context: IssueContext): void {
  const node = nodeAt(context.root, path);
  if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue, path, context);
  else if (node === undefined && path.length > 0) reportMissing(path, context);
  else if (issue.code === 'custom') reportCustom(issue, path, node, context);
  else if (issue.code === 'invalid_union') reportUnion(issue, path, node, context);
  else reportPlain(issue, path, node, context);
}

function reportMissing(path: NodePath, { root, diagnose }: IssueContext): void {
  const parent = path.slice(0, -1);
  diagnose('SPEC_KEY_MISSING', spanAt(root, parent), `${describeOwner(root, parent)} needs the key \`${path.at(-1)}\``);
}

/** None of the forms fits: by the discriminator, or by the kind of value. */
function reportUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: NodePath,
  node: LocatedNode | undefined,
  { root, diagnose }: IssueContext,
): void {
  const { options, discriminator } = issue as { options?: readonly unknown[]; discriminator?: string };
  const span = spanAt(root, path);
  if (discriminator !== undefined && options !== undefined) {
    const help = suggest(node?.kind === 'scalar' ? node.text : '', options.map(String));
    diagnose('SPEC_VALUE_UNKNOWN', span, `unknown ${discriminator} ${describeNode(node)}`, help);
    return;
  }
  const wanted = [...new Set(issue.errors.flatMap((branch) => branch.map(wantedBy)))].join(', or ');
  diagnose('SPEC_TYPE_WRONG', span, `wanted ${wanted}; found ${describeNode(node)}`, helpForType(wanted, node));
}

function wantedBy(issue: Issue): string {
  if (issue.code === 'custom') return String(issue.params?.['wanted'] ?? issue.message);
  if (issue.code === 'invalid_type') return describeType(issue.expected);
  return issue.code === 'invalid_value' ? oneOf(issue.values.map(String)) : issue.message;
}

/** What scalars.ts and the checks of the schemas put into `params`. */
interface CustomParams {
  readonly code?: DiagnosticCode;
  readonly help?: string;
  /** A stretch of the scalar's text. */
  readonly from?: number;
  readonly to?: number;
  /** The value is not of the kind that is wanted at all. */
  readonly wanted?: string;
}

function reportCustom(
  issue: Extract<Issue, { code: 'custom' }>,
  path: NodePath,
  node: LocatedNode | undefined,
  { root, diagnose }: IssueContext,
): void {
  const {
    code,
    help,
    from,
    to = Number.MAX_SAFE_INTEGER,
    wanted = issue.message,
  } = (issue.params ?? {}) as CustomParams;
  const whole = spanAt(root, path);
  if (code === undefined)
    diagnose('SPEC_TYPE_WRONG', whole, `wanted ${wanted}, found ${describeNode(node)}`, helpForType(wanted, node));
  else
    diagnose(
      code,
      node?.kind === 'scalar' && from !== undefined ? spanInside(node, from, to) : whole,
      issue.message,
      help,
    );
}

function reportPlain(
  issue: Issue,
  path: NodePath,
  node: LocatedNode | undefined,
  { root, diagnose }: IssueContext,
): void {
  const span = spanAt(root, path);
  const found = describeNode(node);
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = describeType(issue.expected);
      diagnose('SPEC_TYPE_WRONG', span, `wanted ${wanted}, found ${found}`, helpForType(wanted, node));
      break;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const help = node?.kind === 'scalar' ? suggest(node.text, values) : undefined;
      diagnose(
        'SPEC_VALUE_UNKNOWN',
        span,
        `wanted ${oneOf(values)}, found ${found}`,
        help?.startsWith('did') ? help : undefined,
      );
      break;
    }
    case 'too_small': {
      const isList = issue.origin === 'array';
      const wanted = isList
        ? `a list of at least ${issue.minimum} item${issue.minimum === 1 ? '' : 's'}`
        : issue.origin === 'string'
          ? 'a text that is not empty'
          : `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
      diagnose(
        isList ? 'SPEC_LIST_EMPTY' : 'SPEC_VALUE_RANGE',
        span,
        `wanted ${wanted}${isList ? '' : `, found ${found}`}`,
      );
      break;
    }
    case 'too_big': {
      const wanted =
        issue.origin === 'array'
          ? `at most ${issue.maximum} item${issue.maximum === 1 ? '' : 's'}`
          : issue.origin === 'string'
            ? `a text of at most ${issue.maximum} characters`
            : `a number of at most ${issue.maximum}`;
      diagnose('SPEC_VALUE_RANGE', span, `wanted ${wanted}, found ${issue.origin === 'array' ? 'more' : found}`);
      break;
    }
    default:
      diagnose('SPEC_TYPE_WRONG', span, issue.message);
  }
}
