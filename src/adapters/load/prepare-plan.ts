// Checks a plan and reads what it needs, before anything is sent.
import { readFile } from 'node:fs/promises';
import { certificateProblem } from '../../core/load/certificate-problem.ts';
import { peakRequests } from '../../core/load/requests-per-journey.ts';
import { timeline } from '../../core/load/timeline.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Transport } from '../../core/model/workload.ts';
import type { LoadError, LoadPlan } from '../../ports/load-engine.ts';
import { compileWorkload } from './journeys/compiled-workload.ts';
import { type Origin, parseProxy } from './requests/origin.ts';

export interface PreparedPlan {
  readonly origins: readonly Origin[];
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What the file of the transport's certificates holds. */
  readonly ca: string | undefined;
}

/** The origins to reach, the files of bodies and the certificates; `invalid-plan` with what is wrong. */
export async function preparePlan(plan: LoadPlan): Promise<Result<PreparedPlan, LoadError>> {
  const problem = problemOf(plan);
  if (problem !== undefined) return invalid(problem);
  const files: Record<string, Uint8Array> = {};
  for (const { steps } of plan.workload.scenarios) {
    for (const { body, name } of steps) {
      if (body?.kind !== 'file' || files[body.path] !== undefined) continue;
      try {
        files[body.path] = await readFile(body.path);
      } catch (cause) {
        return invalid(`the body of step "${name}" cannot be read: ${(cause as Error).message}`);
      }
    }
  }
  const compiled = compileWorkload({ ...plan, phases: timeline(plan.workload.phases, plan.workload.warmUp), files });
  if (!compiled.ok) return invalid(compiled.error);
  const { origins } = compiled.value;
  const { transport = {} } = plan.workload;
  const wayProblem = transportProblemOf(transport, origins);
  if (wayProblem !== undefined) return invalid(wayProblem);
  const ca = await readCertificates(transport);
  return ca.ok ? ok({ origins, files, ca: ca.value }) : invalid(ca.error);
}

async function readCertificates({ caFile }: Transport): Promise<Result<string | undefined, string>> {
  if (caFile === undefined) return ok(undefined);
  try {
    const pem = await readFile(caFile, 'utf8');
    const problem = certificateProblem(pem);
    return problem === undefined ? ok(pem) : err(`the certificates cannot be used: ${caFile} ${problem}`);
  } catch (cause) {
    return err(`the certificates cannot be read: ${caFile}: ${(cause as Error).message}`);
  }
}

function transportProblemOf({ proxy, httpVersion }: Transport, origins: readonly Origin[]): string | undefined {
  if (proxy === undefined) return undefined;
  const parsed = parseProxy(proxy);
  if (!parsed.ok) return parsed.error;
  // What an HTTP proxy is asked to fetch it is asked for in HTTP/1.1; only a tunnel carries HTTP/2.
  return httpVersion === '2' && origins.some(({ secure }) => !secure)
    ? 'HTTP/2 through a proxy needs an https:// target'
    : undefined;
}

function problemOf({ workload, traceIdPrefix, feeds, threads }: LoadPlan): string | undefined {
  if (!/^[0-9a-f]{16}$/.test(traceIdPrefix)) return `traceIdPrefix must be 16 hex digits, found "${traceIdPrefix}"`;
  if (workload.phases.length === 0) return 'the workload has no phase';
  if (threads !== undefined && !(threads >= 1 && threads <= 256))
    return `threads must be between 1 and 256, found ${threads}`;
  for (const { name, pace, duration } of workload.phases) {
    if (!(duration > 0)) return `phase "${name}" must last longer than 0, found ${duration} ms`;
    const requests = peakRequests(pace, workload.scenarios);
    if (requests > workload.safety.maxRate) {
      return `phase "${name}" asks for ${requests} requests/s, which exceeds the safety limit maxRate of ${workload.safety.maxRate}/s`;
    }
    if (pace.kind === 'rate' && !(pace.from >= 0 && pace.to >= 0)) return `phase "${name}" has a rate below 0`;
    if (pace.kind === 'concurrency' && !(Number.isInteger(pace.users) && pace.users > 0)) {
      return `phase "${name}" needs a whole number of users above 0, found ${pace.users}`;
    }
    if (pace.kind === 'concurrency' && pace.users > workload.safety.maxInFlight) {
      return `phase "${name}" has ${pace.users} users, which exceeds the safety limit maxInFlight of ${workload.safety.maxInFlight}`;
    }
  }
  for (const { name, feeds: wanted } of workload.scenarios) {
    for (const feed of wanted) {
      if ((feeds[feed.name] ?? []).length === 0) return `scenario "${name}": the feed "${feed.name}" has no rows`;
    }
  }
  return undefined;
}

function invalid(message: string): Result<never, LoadError> {
  return err({ kind: 'invalid-plan', message });
}
