// A target that accepts connections and never lets one be used: a certificate nobody trusts, another protocol, a proxy that refuses.
import { isAboutCertificate } from '../core/load/certificate-problem.ts';
import type { LoadResult } from '../core/model/load.ts';
import type { LoadError } from '../ports/load-engine.ts';

/** Nothing of the load reached the target, so nothing is known of it: no verdict, but a run that could not be made. Undefined when any connection was made, or the run was cut short. */
export function neverConnected({ generator, groups, interrupted }: LoadResult, target: string): LoadError | undefined {
  const requests = groups.reduce((sum, group) => sum + group.requests, 0);
  if (generator.connectionsOpened > 0 || requests === 0 || interrupted) return undefined;
  const first = groups.flatMap((group) => Object.entries(group.failureMessages ?? {})).at(0);
  if (first === undefined || groups.some((group) => group.good > 0)) return undefined;
  const [kind, said] = first;
  const message = `no connection to ${target} could be made for any of ${requests} requests: ${kind}: ${said}${adviceFor(kind, said)}`;
  return { kind: 'unreachable', target, message };
}

function adviceFor(kind: string, said: string): string {
  if (kind !== 'tls' || !isAboutCertificate(said)) return '';
  return '; `workload.transport` names certificates to trust (`caFile`), or accepts any (`verifyCertificate: false`)';
}
