// Judges a rule on all judged phases together and, where the document asks for it, on each phase for itself.
import type { Requirement, Rule } from '../model/requirement.ts';
import type { ClauseVerdict } from '../model/verdict.ts';
import type { JudgeContext, Judgement, RequirementType } from './requirement-type.ts';

/** Clauses of a single phase carry its name: `p95 <= 500ms in phase c16`. */
export function judgePhases(
  type: RequirementType,
  requirement: Requirement,
  rule: Rule,
  context: JudgeContext,
): Judgement {
  const together = type.judge(requirement, rule, context);
  const { perPhase, phases } = context.evaluation;
  const isApart = perPhase && type.acrossPhases !== true && requirement.where.phase === undefined && phases.length > 1;
  if (!isApart) return together;
  const apart = phases.flatMap((phase) => {
    const scoped = { ...requirement, where: { ...requirement.where, phase } };
    return type.judge(scoped, rule, context).clauses.map((clause) => named(clause, phase));
  });
  return { ...together, clauses: [...together.clauses, ...apart] };
}

const named = (clause: ClauseVerdict, phase: string): ClauseVerdict => ({
  ...clause,
  clause: `${clause.clause} in phase ${phase}`,
  explanation: `${clause.explanation} (phase ${phase})`,
});
