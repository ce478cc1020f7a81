// Files that steps send as their bodies: whether they are there.
import { access, constants } from 'node:fs/promises';
import type { Verification } from '../core/model/verification.ts';

/** `scenario` and `step` are indexes. */
export interface BodyFileProblem {
  readonly message: string;
  readonly scenario: number;
  readonly step: number;
}

/** One problem for each step whose file cannot be read. */
export async function missingBodyFiles({ workload }: Verification): Promise<readonly BodyFileProblem[]> {
  const steps = (workload?.scenarios ?? []).flatMap((each, scenario) =>
    each.steps.map(({ name, body }, step) => ({ name, body, scenario, step })),
  );
  const problems = steps.map(async ({ name, body, scenario, step }): Promise<readonly BodyFileProblem[]> => {
    // A variable that is not set has been complained about.
    if (body?.kind !== 'file' || body.path.includes('${')) return [];
    const problem = await access(body.path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => cause);
    if (!(problem instanceof Error)) return [];
    const why = problem.code === 'ENOENT' ? 'no such file' : problem.message;
    return [{ message: `step ${name}: ${body.path}: ${why}`, scenario, step }];
  });
  return (await Promise.all(problems)).flat();
}
