// Which commit of the system or its requirements is being verified: from the CI's environment, else from git.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CommitInfo {
  readonly commit?: string;
  readonly branch?: string;
}

/** Empty where neither is known. Never waits longer than 2 s. */
export async function readCommit(environment: NodeJS.ProcessEnv): Promise<CommitInfo> {
  const commit =
    environment['FAULTLINE_COMMIT'] ??
    environment['GITHUB_SHA'] ??
    environment['CI_COMMIT_SHA'] ??
    (await git('rev-parse', 'HEAD'));
  const branch =
    environment['FAULTLINE_BRANCH'] ??
    environment['GITHUB_HEAD_REF'] ??
    environment['GITHUB_REF_NAME'] ??
    environment['CI_COMMIT_REF_NAME'] ??
    (await git('rev-parse', '--abbrev-ref', 'HEAD'));
  return {
    ...(commit === undefined || commit === '' ? {} : { commit }),
    ...(branch === undefined || branch === '' || branch === 'HEAD' ? {} : { branch }),
  };
}

async function git(...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', [...args], { timeout: 2_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
