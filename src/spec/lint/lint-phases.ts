// Phases that decide nothing, and judged time that is too short to see bursts in.
import type { Clause } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import { fineSlice } from '../../core/slo/evidence/watch.ts';
import { fewestSlices } from '../../core/slo/statistics/design-effect.ts';
import { printDuration } from '../print/print-quantity.ts';
import type { Remark } from './lint-context.ts';
import { judgedPhases } from './planned-requests.ts';

export function lintPhases(verification: Verification, remark: Remark): void {
  lintNeverJudged(verification, remark);
  lintSlices(verification, remark);
  for (const [index, scenario] of (verification.workload?.scenarios ?? []).entries()) {
    if (scenario.weight > 0) continue;
    remark(
      'LINT_WEIGHT_ZERO',
      { path: ['spec', 'workload', 'scenarios', index, 'weight'] },
      `\`${scenario.name}\` has weight 0 and is never driven`,
    );
  }
}

/** Ramps are there to get somewhere, warm-ups by their role, phases of a test type by its purpose: none is remarked on. */
function lintNeverJudged({ workload, evaluation, requirements }: Verification, remark: Remark): void {
  if (workload?.hasPresetPhases) return;
  const used = new Set([
    ...evaluation.phases,
    ...requirements.flatMap(({ require, warn }) => [...require.clauses, ...(warn?.clauses ?? [])].flatMap(wordsOf)),
  ]);
  for (const [index, phase] of (workload?.phases ?? []).entries()) {
    const isRamp = phase.pace.kind === 'rate' && phase.pace.from !== phase.pace.to;
    if (phase.role === 'warm-up' || isRamp || used.has(phase.name)) continue;
    const help = `add it to \`evaluation.phases\`, or say \`role: warm-up\``;
    remark(
      'LINT_PHASE_NEVER_JUDGED',
      { path: ['spec', 'workload', 'phases', index, 'name'] },
      `no requirement judges the phase \`${phase.name}\``,
      help,
    );
  }
}

/** Arguments of a clause's statistics: phases are among them. */
function wordsOf({ stat, limit }: Clause): readonly string[] {
  const right = limit.kind === 'multiple' && limit.stat.kind === 'named' ? limit.stat.args : [];
  return [...(stat.kind === 'named' ? stat.args : []), ...right];
}

function lintSlices(verification: Verification, remark: Remark): void {
  const { evaluation } = verification;
  const phases = judgedPhases(verification);
  const groups = evaluation.perPhase ? phases.map((phase) => [phase]) : [phases];
  for (const group of groups) {
    const judged = group.reduce((sum, phase) => sum + phase.duration, 0);
    const slices = Math.floor(judged / fineSlice(evaluation.slice));
    if (judged === 0 || slices >= fewestSlices) continue;
    const names = group.map((phase) => `\`${phase.name}\``).join(', ');
    const message = `${names} last${group.length === 1 ? 's' : ''} ${printDuration(judged)}: too short to tell bursts from bad luck on ${fewestSlices} slices`;
    const longest = Math.floor(judged / fewestSlices / 100) * 100;
    const enough = Math.ceil((fineSlice(evaluation.slice) * fewestSlices) / 1000) * 1000;
    const help = `judge at least ${printDuration(enough)}${longest >= 100 ? `, or write \`slice: ${printDuration(longest)}\`` : ''}`;
    const index = verification.workload?.phases.findIndex((phase) => phase.name === group[0]?.name) ?? 0;
    remark('LINT_TOO_FEW_SLICES', { path: ['spec', 'workload', 'phases', index, 'duration'] }, message, help);
  }
}
