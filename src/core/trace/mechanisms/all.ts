// Every mechanism that is looked for; a new one is a file and a line here.

import { cascadingTimeout } from './cascading-timeout.ts';
import { chatty } from './chatty.ts';
import { coldStart } from './cold-start.ts';
import { cpuStarvation } from './cpu-starvation.ts';
import { errorOrigin } from './error-origin.ts';
import { hiddenRetries } from './hidden-retries.ts';
import { lockContention } from './lock-contention.ts';
import type { MechanismDetector } from './mechanism.ts';
import { memoryGrowth } from './memory-growth.ts';
import { metastable } from './metastable.ts';
import { nPlusOne } from './n-plus-one.ts';
import { networkDelay } from './network-delay.ts';
import { pause } from './pause.ts';
import { poolWait } from './pool-wait.ts';
import { retryStorm } from './retry-storm.ts';
import { saturation } from './saturation.ts';
import { sequentialFanout } from './sequential-fanout.ts';
import { slowDependency } from './slow-dependency.ts';
import { uninstrumentedDependency } from './uninstrumented-dependency.ts';

/** The order does not matter: the explanation ranks. */
export const allMechanisms: readonly MechanismDetector[] = [
  cascadingTimeout,
  metastable,
  retryStorm,
  hiddenRetries,
  nPlusOne,
  chatty,
  sequentialFanout,
  poolWait,
  networkDelay,
  lockContention,
  cpuStarvation,
  pause,
  memoryGrowth,
  coldStart,
  saturation,
  slowDependency,
  uninstrumentedDependency,
  errorOrigin,
];
