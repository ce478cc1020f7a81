// Percentiles and error rates that the planned requests cannot confirm, even without a single bad one.
import { percentileName } from '../../core/model/percentile-name.ts';
import type { Clause, Requirement } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import { complement } from '../../core/slo/statistics/complement.ts';
import { smallestDecidingSample } from '../../core/slo/statistics/smallest-sample.ts';
import { printDuration } from '../print/print-quantity.ts';
import type { Remark } from './lint-context.ts';
import { judgedPhases, plannedRequests } from './planned-requests.ts';

/** Types whose samples are the requests of the plan. */
const BY_REQUEST: ReadonlySet<string> = new Set(['latency', 'errors', 'ttft', 'tpot', 'degradation']);

export function lintSamples(verification: Verification, remark: Remark): void {
  for (const [index, requirement] of verification.requirements.entries()) {
    if (!BY_REQUEST.has(requirement.type) || requirement.source === 'trace') continue;
    for (const clause of requirement.require.clauses) lintClause(verification, requirement, index, clause, remark);
  }
}

function lintClause(
  verification: Verification,
  requirement: Requirement,
  index: number,
  clause: Clause,
  remark: Remark,
): void {
  const allowed = allowedShare(clause);
  const phases = judgedPhases(verification, requirement);
  const groups = verification.evaluation.perPhase ? phases.map((phase) => [phase]) : [phases];
  if (allowed === undefined || phases.length === 0 || clause.inSlices !== undefined) return;
  const needed = smallestDecidingSample(allowed, requirement.confidence);
  if (!Number.isFinite(needed)) return;
  for (const group of groups) {
    const planned = plannedRequests(verification.workload, requirement, group);
    if (planned === undefined || planned >= needed) continue;
    const names = group.map((phase) => `\`${phase.name}\``).join(', ');
    const message = `${subject(clause)} needs ${count(needed)} requests at ${percent(requirement.confidence)} confidence, ${names} send${group.length === 1 ? 's' : ''} ${count(planned)}`;
    remark(
      'LINT_TOO_FEW_SAMPLES',
      { path: ['spec', 'requirements', index, 'require'], within: clause.text },
      message,
      advice(clause, requirement, {
        needed,
        planned,
        durationMs: group.reduce((sum, phase) => sum + phase.duration, 0),
      }),
    );
  }
}

/** The share of bad requests that a clause allows; undefined where it is not judged on such a share. */
function allowedShare({ stat, limit, op }: Clause): number | undefined {
  if (op !== 'lte' && op !== 'lt') return undefined;
  if (stat.kind === 'quantile') return complement(stat.q);
  const isRate = stat.name === 'rate' && limit.kind === 'fixed' && limit.quantity.unit === 'ratio';
  return isRate && limit.quantity.value > 0 ? limit.quantity.value : undefined;
}

function subject({ stat, text }: Clause): string {
  return stat.kind === 'quantile' ? percentileName(stat.q) : `\`${text}\``;
}

interface Plan {
  readonly needed: number;
  readonly planned: number;
  readonly durationMs: number;
}

function advice({ stat }: Clause, { confidence }: Requirement, { needed, planned, durationMs }: Plan): string {
  if (planned === 0) return 'no request of the plan matches';
  const longer = Math.ceil((durationMs * needed) / planned / 1000) * 1000;
  const laxer =
    stat.kind === 'quantile'
      ? decidablePercentile(planned, stat.q, confidence)
      : `allow ${percent(decidableShare(planned, confidence))}`;
  return `judge ${printDuration(longer)} at this rate${laxer === undefined ? '' : `, or ${laxer}`}`;
}

/** The strictest usual percentile that the plan does decide. */
function decidablePercentile(planned: number, q: number, confidence: number): string | undefined {
  const found = [0.999, 0.99, 0.95, 0.9, 0.5].find(
    (each) => each < q && smallestDecidingSample(complement(each), confidence) <= planned,
  );
  return found === undefined ? undefined : `judge ${percentileName(found)}`;
}

/** The smallest share that so many requests can confirm without a single bad one, rounded up to two digits. */
function decidableShare(planned: number, confidence: number): number {
  const share = 1 - (1 - confidence) ** (1 / planned);
  const digit = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Math.ceil(share / digit) * digit;
}

function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
