// `testType` without `phases`: the phases that such a test usually has, built from one level (REQUIREMENTS.md 3.4).
import { type Millis, millis, minutes, type PerSecond, perSecond, seconds } from '../core/model/units.ts';
import type { Pace, Phase, TestType } from '../core/model/workload.ts';

/** What the document gives: a rate (or a ramp of rates), or a number of users; how long the main phase lasts. */
export interface PresetLevel {
  readonly level:
    | { readonly kind: 'rate'; readonly from: PerSecond; readonly to: PerSecond }
    | { readonly kind: 'concurrency'; readonly users: number };
  readonly arrivals: 'constant' | 'poisson';
  readonly duration?: Millis;
}

export interface Preset {
  readonly phases: readonly Phase[];
  /** Phases that count unless `evaluation.phases` says otherwise. */
  readonly judged: readonly string[];
}

/** As finely as the search cuts a ramp of rates. */
const SEARCH_STEPS = 20;
/** So that no crowd comes at once where a rate would rise. */
const RAMP_STEPS = 10;

/** The phases of a test type at a level. Every phase has a positive duration and a level of at least one request in its time. */
export function presetPhases(testType: TestType, preset: PresetLevel): Preset {
  const phase = (name: string, from: number, to: number, duration: Millis, role: Phase['role'] = 'load'): Phase => ({
    name,
    pace: paceAt(preset, from, to),
    duration,
    role,
  });
  const main = (usual: Millis): Millis => preset.duration ?? usual;
  const ramp = (from: number, to: number, duration: Millis): readonly Phase[] =>
    preset.level.kind === 'rate'
      ? [phase('ramp', from, to, duration)]
      : userSteps('ramp', Math.max(1, Math.round(preset.level.users * to)), RAMP_STEPS, duration);
  switch (testType) {
    case 'load':
      return {
        phases: [
          phase('idle', 0.05, 0.05, minutes(1)),
          ...ramp(0.05, 1, minutes(1)),
          phase('peak', 1, 1, main(minutes(5))),
        ],
        judged: ['peak'],
      };
    case 'stress':
      return stressSteps(phase, main(minutes(2)));
    case 'spike':
      return {
        phases: [
          phase('base', 1, 1, main(minutes(2))),
          phase('spike', 10, 10, seconds(30)),
          phase('after', 1, 1, main(minutes(2)), 'recovery'),
        ],
        judged: ['base', 'spike', 'after'],
      };
    case 'soak':
      return {
        phases: [...ramp(0.1, 0.7, minutes(5)), phase('soak', 0.7, 0.7, main(minutes(240)))],
        judged: ['soak'],
      };
    case 'scalability':
      return { phases: [1, 2, 4].map((n) => phase(`n${n}`, n, n, main(minutes(3)))), judged: ['n1', 'n2', 'n4'] };
    case 'breakpoint':
      if (preset.level.kind === 'concurrency') {
        const phases = userSteps('u', preset.level.users, SEARCH_STEPS, main(minutes(10)));
        return { phases, judged: phases.map(({ name }) => name) };
      }
      return { phases: [phase('rise', 0.05, 1, main(minutes(10)))], judged: ['rise'] };
  }
}

type PhaseMaker = (name: string, from: number, to: number, duration: Millis, role?: Phase['role']) => Phase;

/** Quarter steps up to twice the level, then back to half of it: does it come back? */
function stressSteps(phase: PhaseMaker, duration: Millis): Preset {
  const steps = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2].map((share) =>
    phase(`s${Math.round(share * 100)}`, share, share, duration),
  );
  return {
    phases: [...steps, phase('recovery', 0.5, 0.5, duration, 'recovery')],
    judged: steps.map((step) => step.name),
  };
}

/** Users come in steps of the same length, at least one user at a time; a phase is named after how many there are (`u3`, `u6`, ... of 64 in twenty). They take `duration` together. */
function userSteps(prefix: string, users: number, steps: number, duration: Millis): readonly Phase[] {
  const count = Math.min(users, steps);
  return Array.from({ length: count }, (_, i) => {
    const there = Math.round((users * (i + 1)) / count);
    return {
      name: `${prefix}${there}`,
      pace: { kind: 'concurrency', users: there },
      duration: millis(Math.max(1, Math.round(duration / count))),
      role: 'load',
    };
  });
}

function paceAt(preset: PresetLevel, from: number, to: number): Pace {
  if (preset.level.kind === 'concurrency')
    return { kind: 'concurrency', users: Math.max(1, Math.round(preset.level.users * to)) };
  const isRamp = preset.level.from !== preset.level.to;
  const at = (share: number, level: PerSecond): PerSecond => perSecond(Number((level * share).toPrecision(6)));
  // `rate: 10/s..500/s` gives both ends of a rising phase; a single rate is the top.
  const low = isRamp && from !== to ? preset.level.from : at(from, preset.level.to);
  return { kind: 'rate', from: low, to: at(to, preset.level.to), arrivals: preset.arrivals };
}
