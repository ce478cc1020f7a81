// Every recorder of one worker: groups by step and phase, watches, the uniform sample.
import { createRandom } from '../../../core/load/random.ts';
import { createReservoir, type Reservoir } from '../../../core/load/reservoir.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import type { Sample } from '../../../core/model/load.ts';
import type { LoadPlan } from '../../../ports/load-engine.ts';
import { type GroupPart, GroupRecorder } from './group-recorder.ts';
import { isWatched, type WatchPart, WatchRecorder } from './watch-recorder.ts';

export interface Recorders {
  readonly recorderOf: (scenario: string, step: string, phaseIndex: number) => GroupRecorder;
  readonly groups: () => readonly GroupPart[];
  readonly watches: () => readonly WatchPart[];
  readonly uniform: Reservoir<Sample>;
}

/** `shard` only varies the seed of the samples. */
export function recorders(plan: LoadPlan, phases: readonly TimedPhase[], shard: number): Recorders {
  const random = createRandom(plan.seed + 7919 * (shard + 1));
  const uniform = createReservoir<Sample>(plan.uniformSize, random);
  const watches = plan.watches.map((watch) => new WatchRecorder(watch, phases, plan.selectionSize, random));
  const groups: GroupRecorder[] = [];
  return {
    uniform,
    recorderOf(scenario, step, phaseIndex) {
      const phase = phases[phaseIndex] as TimedPhase;
      const group = new GroupRecorder({
        names: { traceIdPrefix: plan.traceIdPrefix, scenario, step, phase: phase.name },
        phase,
        phaseIndex,
        sliceMs: plan.slice,
        watches: watches.filter(({ watch }) => isWatched(watch, scenario, step, phase.name)),
        uniform: plan.judgedPhases.includes(phase.name) ? uniform : undefined,
      });
      groups.push(group);
      return group;
    },
    groups: () => groups.map((group) => group.part()),
    watches: () => watches.map((watch) => watch.part()),
  };
}
