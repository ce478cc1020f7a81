// What the readers of an observation are given.
import type { LoadResult } from '../core/model/load.ts';
import type { RunPlan } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import type { Needs } from '../core/slo/requirement-type.ts';
import type { Backends } from './backends.ts';
import type { VerifyOptions } from './verify-options.ts';

export interface ObserveInput {
  readonly verification: Verification;
  readonly plan: RunPlan;
  readonly needs: Needs;
  readonly load: LoadResult | undefined;
  readonly backends: Backends;
  readonly options: VerifyOptions;
}
