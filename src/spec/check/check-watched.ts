// Requirements that others look at while the load goes on: those that a recovery times, a capacity needs, a breakpoint search breaks.
import type { RequirementTypeName } from '../../core/model/requirement.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { RequirementFields } from '../schema/requirement-schema.ts';
import { nodeAt, spanAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';
import { judgedLoad } from './judged-load.ts';
import { namesOfRule } from './names-of-rule.ts';

/** Reports requirements that cannot be judged on the stretches of time that they are watched in. */
export function checkWatched(checked: CheckedVerification, diagnose: Diagnose): void {
  const { root, fields, languages } = checked;
  if (fields === undefined) return;
  const byId = new Map(fields.spec.requirements.map((requirement) => [requirement.id, requirement]));
  for (const [index, requirement] of fields.spec.requirements.entries()) {
    const problemOf = watcherOf(requirement, checked);
    for (const key of problemOf === undefined ? [] : ['require', 'warn']) {
      const names = namesOfRule(root, ['spec', 'requirements', index, key], languages[requirement.type]);
      for (const { text, kind, span } of names) {
        const watched = kind === 'requirement' && text !== requirement.id ? byId.get(text) : undefined;
        const found = watched && problemOf?.(watched);
        if (found !== undefined) diagnose('SPEC_RULE_ARGUMENT', span, found.message, found.help);
      }
    }
  }
  checkSearched(checked, diagnose);
}

interface Problem {
  readonly message: string;
  readonly help: string;
}

/** What a requirement asks of those that it watches; undefined when it watches none by time. */
function watcherOf(
  requirement: RequirementFields,
  checked: CheckedVerification,
): ((watched: RequirementFields) => Problem | undefined) | undefined {
  if (requirement.type === 'recovery') return (watched) => untimed(watched) ?? uncounted(watched);
  if (requirement.type !== 'concurrency') return undefined;
  // A phase of constant load is judged as a whole.
  return judgedLoad(requirement, checked).some(({ pace }) => pace.kind === 'rate' && pace.from !== pace.to)
    ? uncounted
    : undefined;
}

/** Types that are judged request by request, so that one slice says whether they are met. */
const TIMED: ReadonlySet<RequirementTypeName> = new Set([
  'latency',
  'errors',
  'apdex',
  'goodput',
  'ttft',
  'tpot',
  'itl',
  'tokens',
  'dependency',
  'retries',
  'fanout',
]);

function untimed({ id, type, require }: RequirementFields): Problem | undefined {
  const rate = require.clauses.find(
    ({ stat }) => stat.kind === 'named' && (stat.name === 'system' || (type === 'goodput' && stat.name === 'rate')),
  );
  if (TIMED.has(type) && rate === undefined) return undefined;
  const what = TIMED.has(type) ? `\`${rate?.text}\` of \`${id}\`` : `\`${id}\`, a requirement of type \`${type}\`,`;
  return {
    message: `${what} is not known of a single slice, so nothing tells when it was met again`,
    help: 'time a requirement on requests: latency, errors, ttft, ...',
  };
}

/** The load keeps its statuses by phase, not by time. */
function uncounted({ id, source, options }: RequirementFields): Problem | undefined {
  if (source !== 'client' || options['count'] === undefined) return undefined;
  return {
    message: `\`${id}\` has a \`count\`, and statuses are known of whole phases only, not of the slices that are looked at here`,
    help: 'name one without `count`',
  };
}

/** The requirement that ends a breakpoint search: of `until`, else the first `must` that the load itself can see broken. */
function checkSearched({ root, fields, languages }: CheckedVerification, diagnose: Diagnose): void {
  const workload = fields?.spec.workload?.workload;
  if (fields === undefined || workload?.testType !== 'breakpoint') return;
  const { requirements } = fields.spec;
  const searched =
    workload.until === undefined
      ? requirements.find(
          ({ priority = 'must', source, type }) =>
            priority === 'must' && source === 'client' && languages[type].acrossPhases !== true,
        )
      : requirements.find(({ id }) => id === workload.until);
  const found = searched && uncounted(searched);
  if (found === undefined) return;
  const until = ['spec', 'workload', 'until'];
  const path = nodeAt(root, until) === undefined ? ['spec', 'workload', 'testType'] : until;
  const help = workload.until === undefined ? 'name another by `until`' : found.help;
  diagnose('SPEC_RULE_ARGUMENT', spanAt(root, path), found.message, help);
}
