// Decides what a finished run is worth telling whom: once when a requirement starts to break, once when it has recovered.
import type { Alert } from '../core/model/alert.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { UnixMillis } from '../core/model/units.ts';
import type { Verdict, VerdictName } from '../core/model/verdict.ts';
import type { NotifyEvent, NotifyRule, Verification } from '../core/model/verification.ts';
import { errorVerdict } from '../core/slo/assemble-verdict.ts';

/** What is remembered of one requirement between runs; newest verdict last. */
export interface AlertState {
  readonly verdicts: readonly VerdictName[];
  /** The event that is open, and since when it was last told. */
  readonly open?: { readonly event: NotifyEvent; readonly toldAt: UnixMillis; readonly since: UnixMillis };
}

/** By `target/requirement`. */
export type AlertStates = Readonly<Record<string, AlertState>>;

export interface AlertStep {
  readonly states: AlertStates;
  readonly alerts: readonly Alert[];
}

/** At least so many verdicts are remembered, and as many as the rules look back. */
const remembered = 10;
/** Passes in a row after which a broken requirement counts as recovered. */
const passesToRecover = 1;

/** Interrupted runs say nothing about the system and change no state. In a run that could not be made every requirement is in error, which `error` rules tell. */
export function nextAlerts(
  verification: Verification,
  before: AlertStates,
  run: Run,
  links: (requirement: string) => Alert['links'],
): AlertStep {
  const states: Record<string, AlertState> = { ...before };
  const alerts: Alert[] = [];
  if (run.status === 'interrupted') return { states, alerts };
  for (const target of verification.targets) {
    const rules = verification.notify.filter((rule) => rule.target === target.name);
    if (rules.length === 0) continue;
    for (const verdict of verdictsOf(verification, run)) {
      // What is skipped has no say: it neither breaks nor recovers.
      if (verdict.priority === 'info' || verdict.skipped === true) continue;
      const key = `${target.name}/${verdict.requirement}`;
      const step = nextState(states[key] ?? { verdicts: [] }, verdict, rules, run.endedAt);
      states[key] = step.state;
      if (step.tell !== undefined) {
        const { status, event, since } = step.tell;
        const cause = causeOf(run, verdict.requirement);
        alerts.push({
          id: `${run.plan.runId}-${target.name}-${verdict.requirement}-${status}`,
          key: `${verification.name}/${verdict.requirement}/${verification.environment}`,
          status,
          event,
          at: run.endedAt,
          since,
          target,
          verdict,
          plan: run.plan,
          ...(cause === undefined ? {} : { cause }),
          links: links(verdict.requirement),
        });
      }
    }
  }
  return { states, alerts };
}

function verdictsOf({ requirements }: Verification, run: Run): readonly Verdict[] {
  if (run.status !== 'failed' || run.verdicts.length > 0) return run.verdicts;
  return requirements.map((requirement) => errorVerdict(requirement, run.message ?? 'the run could not be made'));
}

function causeOf(run: Run, requirement: string): Finding | undefined {
  return run.byRequirement.find((each) => each.requirement === requirement)?.attribution.findings[0];
}

interface Told {
  readonly status: Alert['status'];
  readonly event: NotifyEvent;
  readonly since: UnixMillis;
}

/** Each rule of the target is judged on its own; what several of them would tell is told once. Recovery is told when any of them asks for it. */
function nextState(
  before: AlertState,
  verdict: Verdict,
  rules: readonly NotifyRule[],
  now: UnixMillis,
): { readonly state: AlertState; readonly tell?: Told } {
  const verdicts = [...before.verdicts, verdict.verdict].slice(-lookBack(rules));
  // Every rule asks for the newest verdict, so that all that are reached are reached by one event.
  const reached = rules.filter((rule) => eventOf(rule, verdicts) !== undefined);
  const event = reached[0] && eventOf(reached[0], verdicts);
  if (event !== undefined) {
    const { open } = before;
    const isNew = open?.event !== event;
    const isDue = open !== undefined && reached.some((rule) => now - open.toldAt >= rule.repeat);
    const toldAt = isNew || isDue ? now : (open?.toldAt ?? now);
    const since = open?.since ?? now;
    const state = { verdicts, open: { event, toldAt, since } };
    return isNew || isDue ? { state, tell: { status: 'firing', event, since } } : { state };
  }
  if (before.open === undefined) return { state: { verdicts } };
  const hasRecovered = verdicts.slice(-passesToRecover).every((name) => name === 'pass' || name === 'warn');
  if (!hasRecovered) return { state: { verdicts, open: before.open } };
  const isWanted = rules.some((rule) => rule.when.some((each) => each.event === 'recovered'));
  const tell: Told = { status: 'resolved', event: 'recovered', since: before.open.since };
  return isWanted ? { state: { verdicts }, tell } : { state: { verdicts } };
}

function lookBack(rules: readonly NotifyRule[]): number {
  return Math.max(remembered, ...rules.flatMap(({ when, after }) => [after.of, ...when.map(({ times }) => times)]));
}

function eventOf(rule: NotifyRule, verdicts: readonly VerdictName[]): NotifyEvent | undefined {
  return rule.when.find(({ event, times }) => isReached(event, times, verdicts, rule))?.event;
}

/** The newest run and those before it, `times` in a row; `fail` also needs `failures` of the last `of`. */
function isReached(event: NotifyEvent, times: number, verdicts: readonly VerdictName[], rule: NotifyRule): boolean {
  if (event === 'recovered' || verdicts.length < times) return false;
  if (!verdicts.slice(-Math.max(1, times)).every((name) => name === event)) return false;
  const failed = verdicts.slice(-rule.after.of).filter((name) => name === 'fail').length;
  return event !== 'fail' || failed >= rule.after.failures;
}
