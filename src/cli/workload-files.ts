// Files that a workload sends or trusts: whether they are there.
import { access, constants, readFile } from 'node:fs/promises';
import { certificateProblem } from '../core/load/certificate-problem.ts';
import type { Verification } from '../core/model/verification.ts';

/** `place`: the field's path inside the workload. */
export interface WorkloadFileProblem {
  readonly message: string;
  readonly place: readonly (string | number)[];
}

interface NamedFile {
  readonly path: string;
  /** Who wants it, before the path in the message. */
  readonly user: string;
  readonly place: WorkloadFileProblem['place'];
  /** What is wrong with it; rejects when it cannot be read. */
  readonly look: (path: string) => Promise<string | undefined>;
}

const canRead = async (path: string): Promise<undefined> => {
  await access(path, constants.R_OK);
};
const holdsCertificate = async (path: string): Promise<string | undefined> =>
  certificateProblem(await readFile(path, 'utf8'));

/** One problem for each file that cannot be read: bodies of steps, certificates. */
export async function missingWorkloadFiles(verification: Verification): Promise<readonly WorkloadFileProblem[]> {
  const problems = filesOf(verification).map(
    async ({ path, user, place, look }): Promise<readonly WorkloadFileProblem[]> => {
      // A variable that is not set has been complained about.
      if (path.includes('${')) return [];
      const problem = await look(path).catch((cause: NodeJS.ErrnoException) => cause);
      if (problem === undefined) return [];
      const why = !(problem instanceof Error) ? problem : problem.code === 'ENOENT' ? 'no such file' : problem.message;
      return [{ message: `${user}: ${path}: ${why}`, place }];
    },
  );
  return (await Promise.all(problems)).flat();
}

function filesOf({ workload }: Verification): readonly NamedFile[] {
  const bodies = (workload?.scenarios ?? []).flatMap(({ steps }, scenario) =>
    steps.flatMap(({ name, body }, step) => {
      const place = ['scenarios', scenario, 'steps', step, 'file'];
      return body?.kind === 'file' ? [{ path: body.path, user: `step ${name}`, place, look: canRead }] : [];
    }),
  );
  const { caFile } = workload?.transport ?? {};
  if (caFile === undefined) return bodies;
  return [...bodies, { path: caFile, user: 'certificates', place: ['transport', 'caFile'], look: holdsCertificate }];
}
