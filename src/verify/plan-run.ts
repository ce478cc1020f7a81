// Names a run and says what the engine is to drive.

import { createHash } from 'node:crypto';
import type { RunPlan } from '../core/model/run.ts';
import { seconds } from '../core/model/units.ts';
import type { Verification } from '../core/model/verification.ts';
import type { Workload } from '../core/model/workload.ts';
import { uniformSize } from '../core/slo/evidence/uniform-sample.ts';
import type { Needs } from '../core/slo/requirement-type.ts';
import type { Clock } from '../ports/clock.ts';
import type { LoadPlan } from '../ports/load-engine.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Traces kept for each requirement and population: enough for a bootstrap, few enough to pull one by one. */
const selectionSize = 100;

export function planRun(verification: Verification, clock: Clock, options: VerifyOptions): RunPlan {
  const startedAt = clock.now();
  const drives = drivesLoad(verification, options);
  return {
    runId: options.runId ?? newRunId(clock),
    verification: verification.name,
    service: verification.service,
    environment: verification.environment,
    ...(options.commit === undefined ? {} : { commit: options.commit }),
    ...(options.branch === undefined ? {} : { branch: options.branch }),
    workloadHash: workloadHash(verification.workload),
    seed: options.seed ?? Number.parseInt(clock.randomHex(4), 16),
    startedAt,
    trigger: options.trigger,
    mode: drives ? 'run' : 'observe',
    ...(drives ? targetOf(verification) : {}),
    requirements: verification.requirements.map(({ id }) => id),
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
  };
}

/** Observe mode judges what production did: because the document has no workload, or because the caller asked for it. */
export function drivesLoad(verification: Verification, options: VerifyOptions): boolean {
  return verification.workload !== undefined && options.observeSince === undefined;
}

/** Without what may be a secret: user name, password, query. */
function targetOf({ workload }: Verification): Pick<RunPlan, 'target'> {
  const url = URL.parse(workload?.target ?? '');
  return url === null ? {} : { target: `${url.origin}${url.pathname === '/' ? '' : url.pathname}` };
}

export function planLoad(
  verification: Verification,
  workload: Workload,
  plan: RunPlan,
  needs: Needs,
  options: VerifyOptions,
): LoadPlan {
  return {
    workload,
    watches: needs.watches,
    seed: plan.seed,
    traceIdPrefix: options.traceIdPrefix,
    runId: plan.runId,
    slice: verification.evaluation.slice > 0 ? verification.evaluation.slice : seconds(5),
    selectionSize,
    uniformSize,
    judgedPhases: verification.evaluation.phases,
    sendLagLimit: verification.evaluation.validity.sendLagP99,
    environment: options.environment,
    feeds: options.feeds,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }),
  };
}

/** Sorts by time: base-32 milliseconds, then randomness (10 + 13 characters, upper case). */
export function newRunId(clock: Clock): string {
  const time = Math.floor(clock.now()).toString(32).padStart(10, '0');
  const random = BigInt(`0x${clock.randomHex(8)}`)
    .toString(32)
    .padStart(13, '0');
  return `${time}${random}`.toUpperCase();
}

/** Equal for equal load: the target's address and the way there are left out, so that environments can be compared. */
export function workloadHash(workload: Workload | undefined): string {
  const { target: _target, safety: _safety, transport, ...rest } = workload ?? { target: '', safety: undefined };
  const shape = transport?.httpVersion === '2' ? { ...rest, httpVersion: transport.httpVersion } : rest;
  return `sha256:${createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 32)}`;
}
