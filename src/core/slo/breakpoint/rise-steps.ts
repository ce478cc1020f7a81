// The steps of a rising load: each phase of constant load is one; a ramp is cut into stretches.
import type { BreakpointStep } from '../../model/breakpoint.ts';
import type { LoadResult, PhaseWindow } from '../../model/load.ts';
import { millis } from '../../model/units.ts';

export type RiseStep = Pick<BreakpointStep, 'phase' | 'startMs' | 'endMs' | 'level' | 'levelUnit'> & {
  /** Whether the step is its whole phase. */
  readonly isPhase: boolean;
};

/** A breaking point is told to a twentieth of a ramp's range. */
export const stretchesOfRamp = 20;

/** The steps of `phases` that were begun before the load ended. The stretches of a ramp are whole slices long. */
export function riseSteps(load: LoadResult, phases: readonly string[], sliceMs: number): readonly RiseStep[] {
  const endMs = load.endedEarly?.atMs ?? load.durationMs;
  return load.phases
    .filter(({ name, role }) => role === 'load' && phases.includes(name))
    .flatMap((phase) => (isRamp(phase) ? stretches(phase, sliceMs) : [whole(phase)]))
    .filter((step) => step.startMs < endMs);
}

const isRamp = ({ plannedRate, users }: PhaseWindow): boolean =>
  users === undefined && plannedRate.from !== plannedRate.to;

function whole({ name, startMs, endMs, users, plannedRate }: PhaseWindow): RiseStep {
  const level = users ?? plannedRate.to;
  return { phase: name, startMs, endMs, level, levelUnit: users === undefined ? '/s' : 'users', isPhase: true };
}

function stretches({ name, startMs, endMs, plannedRate }: PhaseWindow, sliceMs: number): readonly RiseStep[] {
  const duration = endMs - startMs;
  const length = Math.max(1, Math.round(duration / stretchesOfRamp / sliceMs)) * sliceMs;
  const { from, to } = plannedRate;
  return Array.from({ length: Math.ceil(duration / length - 1e-9) }, (_, i) => {
    const start = i * length;
    const end = Math.min(duration, start + length);
    return {
      phase: name,
      startMs: millis(startMs + start),
      endMs: millis(startMs + end),
      level: from + ((to - from) * (start + end)) / 2 / duration,
      levelUnit: '/s',
      isPhase: false,
    };
  });
}
