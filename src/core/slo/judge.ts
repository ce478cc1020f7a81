// Judges all requirements of a document on what was observed.
import type { Breakpoint } from '../model/breakpoint.ts';
import type { Gap, Observations } from '../model/observations.ts';
import type { Requirement } from '../model/requirement.ts';
import type { Validity } from '../model/run.ts';
import type { Verdict, VerdictName } from '../model/verdict.ts';
import type { ValidityLimits } from '../model/verification.ts';
import { assembleVerdict, errorVerdict } from './assemble-verdict.ts';
import { restrict, type Stretch } from './evidence/restrict.ts';
import { gateVerdict } from './gate-verdict.ts';
import { judgePhases } from './judge-phases.ts';
import { needsOfOne, scopeFor } from './needs.ts';
import type { JudgeContext, NeedsContext } from './requirement-type.ts';
import { requirementTypes } from './requirement-types.ts';
import { runVerdict } from './run-verdict.ts';
import { judgeValidity, validityIssues } from './validity.ts';
import { vantageOf } from './vantage.ts';
import { sayCount } from './wording.ts';

export interface JudgeInput extends NeedsContext {
  readonly observations: Observations;
  readonly limits: ValidityLimits;
  /** The document names where traces come from: a run to which none came is no pass. */
  readonly tracesPromised?: boolean;
  /** What a breakpoint search found. */
  readonly rise?: Breakpoint;
  /**
   * A requirement that is judged on another part of the run than the rest (a breakpoint search: on what held), by a copy of itself. Its verdict phase by phase is the usual
   * one.
   */
  readonly elsewhere?: { readonly requirement: string; readonly as: Requirement; readonly input: JudgeInput };
}

/** A phase, or a stretch of time. */
export type Part = { readonly phase: string } | Stretch;

export interface Judged {
  /** Of the whole run. */
  readonly verdict: VerdictName;
  readonly validity: Validity;
  /** One a requirement, in the document's order. */
  readonly verdicts: readonly Verdict[];
  /** Why the run is no pass although its requirements were kept. */
  readonly message?: string;
}

/**
 * Judges each requirement once: those that others refer to (capacity, recovery, cost) when they are first asked for. Look first (an unreachable source is `error`), then
 * judge `require` and `warn`, then the validity gate. Never throws for what was observed.
 */
export function judgeAll(requirements: readonly Requirement[], input: JudgeInput): Judged {
  const judging: Judging = { input, judged: new Map(), open: new Set() };
  const verdicts = requirements.map((requirement) => judgeOnce(requirement, undefined, judging));
  const { load } = input.observations;
  const stopped = load !== undefined && (load.aborted !== undefined || load.interrupted);
  const onTraces = requirements.filter((requirement) => needsOfOne(requirement, input).measures.length > 0);
  const kept = runVerdict(verdicts, stopped);
  const missing = kept === 'pass' || kept === 'warn' ? missingTraces(onTraces, input) : undefined;
  const needsTraces = onTraces.length > 0 || input.tracesPromised === true;
  return {
    verdict: missing === undefined ? kept : 'inconclusive',
    validity: judgeValidity(input.observations, input.limits, needsTraces),
    verdicts,
    ...(missing === undefined ? {} : { message: missing }),
  };
}

/** Silence is no pass: nothing came of the traces that the document promises or that a requirement with a say is measured on. */
function missingTraces(
  onTraces: readonly Requirement[],
  { observations: { load, traces }, tracesPromised }: JudgeInput,
): string | undefined {
  if (load === undefined || traces === undefined || traces.asked === 0 || traces.complete > 0) return undefined;
  const needing = onTraces.filter(({ priority, onNoData }) => priority !== 'info' && onNoData !== 'skip');
  const ids = needing.map(({ id }) => id).join(', ');
  if (needing.length === 0 && tracesPromised !== true) return undefined;
  const why = needing.length === 0 ? 'the document names where they come from' : `${ids} cannot be judged without them`;
  return `not one of ${sayCount(traces.asked)} traces arrived, and ${why}: a run without them is no pass`;
}

/** Judges one requirement on a part of the run, validity gate left out. Of a stretch of time only response times are known as distributions. */
export function judgePart(requirement: Requirement, part: Part, input: JudgeInput): Verdict {
  const judging: Judging = { input, judged: new Map(), open: new Set([`${requirement.id} `]) };
  if ('startMs' in part) return judgeStretch(requirement, part, judging);
  const { phase } = part;
  const context = contextFor(judging);
  return judgeOpenly(
    { ...requirement, where: { ...requirement.where, phase } },
    { ...context, evaluation: { ...context.evaluation, phases: [phase], perPhase: false } },
  );
}

interface Judging {
  readonly input: JudgeInput;
  readonly judged: Map<string, Verdict>;
  /** Being judged right now: asking for one of these again would never end. */
  readonly open: Set<string>;
}

function judgeOnce(requirement: Requirement, phase: string | undefined, judging: Judging): Verdict {
  const key = `${requirement.id} ${phase ?? ''}`;
  const known = judging.judged.get(key);
  if (known !== undefined) return known;
  judging.open.add(key);
  const scoped = phase === undefined ? requirement : { ...requirement, where: { ...requirement.where, phase } };
  const { elsewhere } = judging.input;
  const verdict =
    phase === undefined && elsewhere?.requirement === requirement.id
      ? { ...judgeGated(elsewhere.as, { ...judging, input: elsewhere.input }), requirement: requirement.id }
      : judgeGated(scoped, judging);
  judging.open.delete(key);
  judging.judged.set(key, verdict);
  return verdict;
}

function judgeGated(requirement: Requirement, judging: Judging): Verdict {
  const { input } = judging;
  const verdict = judgeOpenly(requirement, contextFor(judging));
  const type = requirementTypes[requirement.type];
  const usesTraces = needsOfOne(requirement, input).measures.length > 0;
  const issues = validityIssues(input.observations, input.limits).filter((issue) =>
    issue.touches === 'traces' ? usesTraces : type.beyondRun !== true,
  );
  return gateVerdict(verdict, issues);
}

/** Most messages name their source themselves. */
function sayGap({ source, message }: Gap): string {
  return message.includes(source) ? message : `${source}: ${message}`;
}

/** Without the validity gate. */
function judgeOpenly(requirement: Requirement, context: JudgeContext): Verdict {
  const gap = blockingGap(requirement, context);
  if (gap !== undefined) return errorVerdict(requirement, sayGap(gap));
  const type = requirementTypes[requirement.type];
  const kept = judgePhases(type, requirement, requirement.require, context);
  const warned = requirement.warn && judgePhases(type, requirement, requirement.warn, context);
  const gaps = gapsFor(requirement, context).map(sayGap);
  const vantage = vantageOf(requirement, kept, context);
  const complete = {
    ...kept,
    notes: [...kept.notes, ...gaps, ...(vantage?.note === undefined ? [] : [vantage.note])],
    ...(vantage === undefined ? {} : { vantage: vantage.values }),
  };
  return withCause(assembleVerdict(requirement, complete, warned), gaps[0]);
}

/** Where nothing came from a source, the source says more about it than the judgement can. */
function withCause(verdict: Verdict, gap: string | undefined): Verdict {
  if (gap === undefined || verdict.reason !== 'no-data') return verdict;
  return { ...verdict, explanation: `${verdict.explanation} (${gap})`, need: gap };
}

function contextFor(judging: Judging): JudgeContext {
  const { input } = judging;
  return {
    ...scopeFor(input),
    observations: input.observations,
    ...(input.rise === undefined ? {} : { rise: input.rise }),
    verdictOf: (id, phase) => {
      const requirement = input.all.find((each) => each.id === id);
      const isOpen = judging.open.has(`${id} ${phase ?? ''}`);
      return requirement === undefined || isOpen ? undefined : judgeOnce(requirement, phase, judging);
    },
    judgeWithin: (requirement, stretch) => judgeStretch(requirement, stretch, judging),
  };
}

/** Any phase counts: the stretch says what is looked at. */
function judgeStretch(requirement: Requirement, stretch: Stretch, judging: Judging): Verdict {
  const context = contextFor(judging);
  const observations = restrict(judging.input.observations, stretch);
  const phases = observations.load?.phases.map((phase) => phase.name) ?? context.phases;
  const { phase: _, ...where } = requirement.where;
  return judgeOpenly(
    { ...requirement, where },
    { ...context, observations, evaluation: { ...context.evaluation, phases, perPhase: false } },
  );
}

function gapsFor(requirement: Requirement, context: JudgeContext): readonly Gap[] {
  const needs = needsOfOne(requirement, context);
  const needed: Readonly<Record<Gap['kind'], boolean>> = {
    traces: needs.measures.length > 0,
    metrics: needs.queries.length > 0,
  };
  // A gap that names nobody concerns everyone who needs its kind.
  return context.observations.gaps.filter(
    (gap) => needed[gap.kind] && (gap.requirements.length === 0 || gap.requirements.includes(requirement.id)),
  );
}

/** Looking failed. That nothing was there, or not all of it, is for the judgement to say. */
function blockingGap(requirement: Requirement, context: JudgeContext): Gap | undefined {
  return gapsFor(requirement, context).find((gap) => gap.reason !== 'empty' && gap.reason !== 'incomplete');
}
