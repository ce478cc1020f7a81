// Requirements that the plan cannot decide whatever the system does: too few slices or traces, more than is sent, longer than is judged, after the end.
import type { Clause, Requirement } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import type { Phase } from '../../core/model/workload.ts';
import { fewestForNever } from '../../core/slo/clauses/decide-beyond.ts';
import { isLower } from '../../core/slo/clauses/mean-clause.ts';
import { uniformSize } from '../../core/slo/evidence/uniform-sample.ts';
import { complement } from '../../core/slo/statistics/complement.ts';
import { smallestDecidingSample } from '../../core/slo/statistics/smallest-sample.ts';
import { printDuration } from '../print/print-quantity.ts';
import type { Remark } from './lint-context.ts';
import { judgedPhases, plannedRequests } from './planned-requests.ts';

export function lintUndecidable(verification: Verification, remark: Remark): void {
  if (verification.workload === undefined) return;
  for (const [index, requirement] of verification.requirements.entries()) {
    for (const clause of requirement.require.clauses) {
      const place = { path: ['spec', 'requirements', index, 'require'], within: clause.text };
      const say = (code: Parameters<Remark>[0], message: string, help: string): void =>
        remark(code, place, message, help);
      lintSlices(verification, requirement, clause, say);
      lintTraces(requirement, clause, say);
      lintRate(verification, requirement, clause, say);
      lintLength(verification, requirement, clause, say);
      lintAfter(verification, clause, say);
    }
  }
}

type Say = (code: Parameters<Remark>[0], message: string, help: string) => void;

/** Groups of phases that are judged as one. */
function groupsOf(verification: Verification, requirement: Requirement): readonly (readonly Phase[])[] {
  const phases = judgedPhases(verification, requirement);
  return verification.evaluation.perPhase ? phases.map((phase) => [phase]) : [phases];
}

const lengthOf = (phases: readonly Phase[]): number => phases.reduce((sum, phase) => sum + phase.duration, 0);
const namesOf = (phases: readonly Phase[]): string => phases.map((phase) => `\`${phase.name}\``).join(', ');

function lintSlices(verification: Verification, requirement: Requirement, clause: Clause, say: Say): void {
  const isGauge = requirement.type === 'saturation';
  if (!isGauge && clause.inSlices === undefined) return;
  const needed =
    clause.inSlices === undefined
      ? fewestForNever
      : Math.min(smallestDecidingSample(complement(clause.inSlices), requirement.confidence), 1e9);
  const { slice } = requirement;
  for (const group of groupsOf(verification, requirement)) {
    const slices = Math.floor(lengthOf(group) / slice);
    if (group.length === 0 || slices >= needed) continue;
    const message = `\`${clause.text}\` needs ${needed} slices of ${printDuration(slice)}, ${namesOf(group)} ${group.length === 1 ? 'has' : 'have'} ${slices}`;
    const strictest = slices < 2 ? undefined : Math.floor(100 * looser(slices, requirement));
    const laxer =
      clause.inSlices === undefined || strictest === undefined || strictest < 1
        ? ''
        : `, or ask for ${strictest}% of slices`;
    say('LINT_TOO_FEW_SLICES', message, `judge ${printDuration(needed * slice)}${laxer}, or shorten \`slice\``);
    return;
  }
}

/** The largest share of slices that so many can confirm. */
function looser(slices: number, { confidence }: Requirement): number {
  return (1 - confidence) ** (1 / slices);
}

function lintTraces(requirement: Requirement, { stat, op, text, inSlices }: Clause, say: Say): void {
  const isUpper = op === 'lte' || op === 'lt';
  if (requirement.source !== 'trace' || stat.kind !== 'quantile' || !isUpper || inSlices !== undefined) return;
  const needed = smallestDecidingSample(complement(stat.q), requirement.confidence);
  if (needed <= uniformSize) return;
  const message = `\`${text}\` needs ${needed} traces, and at most ${uniformSize} are measured in a run`;
  say('LINT_TOO_FEW_SAMPLES', message, 'judge a lower percentile, such as p99');
}

/** The mean of a phase, or the top of a ramp. */
function lintRate(
  verification: Verification,
  requirement: Requirement,
  { stat, op, limit, text }: Clause,
  say: Say,
): void {
  const isRate = stat.kind === 'named' && (stat.name === 'goodput' || stat.name === 'rate');
  if (!isRate || (requirement.type !== 'throughput' && requirement.type !== 'goodput')) return;
  if (requirement.source !== 'client' || limit.kind !== 'fixed' || limit.quantity.unit !== '/s') return;
  if (!isLower(op)) return;
  const rates = judgedPhases(verification, requirement).map((phase) => {
    const planned = plannedRequests(verification.workload, requirement, [phase]);
    if (planned === undefined || phase.pace.kind !== 'rate') return Number.POSITIVE_INFINITY;
    const { from, to } = phase.pace;
    return ((planned + 1) / (phase.duration / 1000)) * (Math.max(from, to) / Math.max((from + to) / 2, 1e-9));
  });
  const highest = Math.max(...rates);
  if (rates.length === 0 || highest >= limit.quantity.value) return;
  const sent = Number(highest.toPrecision(3));
  say(
    'LINT_RATE_ABOVE_PLAN',
    `\`${text}\` can never hold: the plan sends at most ${sent}/s of these requests`,
    'raise the rate of the phase, or lower the limit',
  );
}

function lintLength(verification: Verification, requirement: Requirement, clause: Clause, say: Say): void {
  const { sustained } = requirement.options;
  const held = typeof sustained === 'object' && 'for' in sustained ? sustained['for'] : undefined;
  const wanted = Math.max(typeof held === 'number' ? held : 0, clause.over ?? 0);
  const longest = Math.max(0, ...groupsOf(verification, requirement).map(lengthOf));
  if (longest === 0 || wanted <= longest) return;
  say(
    'LINT_PHASE_TOO_SHORT',
    `a stretch of ${printDuration(wanted)} is asked for, and at most ${printDuration(longest)} are judged`,
    'lengthen the phase, or ask for a shorter stretch',
  );
}

function lintAfter({ workload }: Verification, { stat }: Clause, say: Say): void {
  const last = workload?.phases.at(-1)?.name;
  if (stat.kind !== 'named' || stat.name !== 'timeTo' || last === undefined || stat.args[1] !== last) return;
  say(
    'LINT_NOTHING_AFTER',
    `\`${last}\` is the last phase: no load shows when the system recovers`,
    'add a phase behind it',
  );
}
