// The one use case: drive the load, observe, judge, attribute, record. Reads top to bottom as DESIGN.md 2.
import type { LoadResult } from '../core/model/load.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Run, RunPlan } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import { needsOf } from '../core/slo/needs.ts';
import type { Needs, NeedsContext } from '../core/slo/requirement-type.ts';
import type { LoadError } from '../ports/load-engine.ts';
import { attributeRun } from './attribute-run.ts';
import type { Backends } from './backends.ts';
import { type BreakpointSearch, breakpointSearch, judgeRun } from './breakpoint-search.ts';
import { completeRun, failedRun } from './conclude.ts';
import { neverConnected } from './never-connected.ts';
import { observe } from './observe.ts';
import { drivesLoad, planLoad, planRun } from './plan-run.ts';
import { readHistory } from './read-history.ts';
import { keepTypicalTraces, readTypicalTraces } from './typical-traces.ts';
import type { VerifyOptions } from './verify-options.ts';

/**
 * Verifies one document once. Never rejects for what the outside does: an unreachable target gives a run with status `failed`, a lost back end gives
 * `error` verdicts, an abort of the signal gives a run with status `interrupted` judged on what was seen.
 */
export async function verify(verification: Verification, backends: Backends, options: VerifyOptions): Promise<Run> {
  const { telemetry, store, clock } = backends;
  const context = judgementContext(verification);
  const search = breakpointSearch(verification, context, options);
  const needs = needsOf([...verification.requirements, ...(search === undefined ? [] : [search.searched])], context);
  const plan = planRun(verification, clock, options);
  const begun = await store.begin(plan);
  if (!begun.ok) return failedRun(plan, clock.now(), `the run store refused the run: ${begun.error.message}`);
  options.onProgress?.({ kind: 'started', plan });

  return telemetry.stage('faultline.run', async () => {
    const load = await telemetry.stage('faultline.load', () =>
      drive({ verification, plan, needs, search, backends, options }),
    );
    if (!load.ok) return record(failedRun(plan, clock.now(), load.error.message), backends, options);

    const observations = await telemetry.stage('faultline.observe', () =>
      observe({ verification, plan, needs, load: load.value, backends, options }),
    );
    const interrupted = options.signal.aborted;
    options.onProgress?.({ kind: 'stage', stage: 'judge', detail: `${verification.requirements.length} requirements` });
    const judged = await telemetry.stage('faultline.judge', async () =>
      judgeRun(verification, search, context, observations),
    );
    options.onProgress?.({ kind: 'stage', stage: 'attribute', detail: 'comparing violating with complying traces' });
    const attributed = await telemetry.stage('faultline.attribute', async () =>
      attributeRun({
        verdicts: judged.verdicts,
        breakpoint: judged.breakpoint,
        observations,
        baseline: await readTypicalTraces(plan, store),
      }),
    );
    const run = completeRun({
      plan,
      verification,
      observations,
      judged,
      attributed,
      interrupted,
      endedAt: clock.now(),
    });
    await keepTypicalTraces(run, observations.traces, store);
    const history = await readHistory(run, store);
    return record(history.length === 0 ? run : { ...run, history }, backends, options);
  });
}

function judgementContext(verification: Verification): NeedsContext {
  return {
    evaluation: verification.evaluation,
    phases: verification.evaluation.phases,
    slos: verification.slos,
    all: verification.requirements,
  };
}

interface Drive {
  readonly verification: Verification;
  readonly plan: RunPlan;
  readonly needs: Needs;
  readonly search: BreakpointSearch | undefined;
  readonly backends: Backends;
  readonly options: VerifyOptions;
}

/** Nothing to drive in observe mode. */
async function drive(run: Drive): Promise<Result<LoadResult | undefined, LoadError>> {
  const { verification, plan, needs, search, backends, options } = run;
  if (verification.workload === undefined || !drivesLoad(verification, options)) return ok(undefined);
  const wanted = planLoad(verification, verification.workload, plan, needs, options);
  const driven = await backends.load.drive(
    search === undefined ? wanted : { ...wanted, slice: search.searched.slice },
    {
      signal: options.signal,
      onSnapshot: (snapshot) => options.onProgress?.({ kind: 'load', snapshot }),
      ...(search === undefined ? {} : { isEnough: search.isEnough }),
    },
  );
  if (!driven.ok) return driven;
  const problem = neverConnected(driven.value, verification.workload.target);
  return problem === undefined ? ok(driven.value) : err(problem);
}

async function record(run: Run, backends: Backends, options: VerifyOptions): Promise<Run> {
  options.onProgress?.({ kind: 'stage', stage: 'record', detail: run.plan.runId });
  const finished = await backends.store.finish(run);
  if (finished.ok) return run;
  return { ...run, message: `the run could not be recorded: ${finished.error.message}` };
}
