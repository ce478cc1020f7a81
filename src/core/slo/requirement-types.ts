// All requirement types by name: the one table that parsing, judging and the reference pages read.
import type { RequirementTypeName } from '../model/requirement.ts';
import type { RequirementType } from './requirement-type.ts';
import { apdex } from './types/apdex.ts';
import { concurrency } from './types/concurrency.ts';
import { cost } from './types/cost.ts';
import { degradation } from './types/degradation.ts';
import { dependency } from './types/dependency.ts';
import { errorBudget } from './types/error-budget.ts';
import { errors } from './types/errors.ts';
import { fanout } from './types/fanout.ts';
import { goodput } from './types/goodput.ts';
import { itl } from './types/itl.ts';
import { latency } from './types/latency.ts';
import { query } from './types/query.ts';
import { recovery } from './types/recovery.ts';
import { retries } from './types/retries.ts';
import { saturation } from './types/saturation.ts';
import { scalability } from './types/scalability.ts';
import { stability } from './types/stability.ts';
import { throughput } from './types/throughput.ts';
import { tokens } from './types/tokens.ts';
import { tpot } from './types/tpot.ts';
import { ttft } from './types/ttft.ts';

/** A new type is a file in types/ and a line here. */
export const requirementTypes: Readonly<Record<RequirementTypeName, RequirementType>> = {
  latency,
  errors,
  throughput,
  concurrency,
  degradation,
  errorBudget,
  saturation,
  cost,
  recovery,
  stability,
  scalability,
  dependency,
  retries,
  fanout,
  apdex,
  query,
  ttft,
  tpot,
  itl,
  tokens,
  goodput,
};
