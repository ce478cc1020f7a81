// How good an explanation is, given the truth.
import type { Finding } from '../../src/core/model/finding.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { TraceSet } from '../../src/core/model/trace-set.ts';
import { peerName } from '../../src/core/trace/prepare/peer-name.ts';
import { prepareTraces } from '../../src/core/trace/prepare/prepared-traces.ts';
import type { Truth } from './truths.ts';

/** `right`: service and mechanism; `service`: the service only; `silent`: nothing blamed; `wrong`: another service; `unbroken`: no requirement failed. */
export type Grade = 'right' | 'service' | 'silent' | 'wrong' | 'unbroken';

export interface Score {
  readonly grade: Grade;
  /** `mechanism at service, confidence`, or why nothing was said. */
  readonly said: string;
  readonly confidence?: Finding['confidence'];
}

export interface Scored {
  readonly run: Run;
  readonly truth: Truth;
  /** The service that records nothing, if any. */
  readonly blind: string | undefined;
  /** Which service answers at an address, as the full traces know. */
  readonly serviceAt: ReadonlyMap<string, string>;
}

/**
 * By the first finding of the whole run. A service that records nothing can only be named by its address; that is right when it is the culprit itself or
 * the only one who could have shown more (Truth.seenBy), whatever the mechanism in the call to it is called.
 */
export function scoreOf({ run, truth, blind, serviceAt }: Scored): Score {
  const [first] = run.attribution.findings;
  const isBroken = run.verdicts.some(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  if (!isBroken) return { grade: 'unbroken', said: `nothing to explain, verdict ${run.verdict}` };
  if (first === undefined) return { grade: 'silent', said: run.attribution.notAttributable ?? 'nothing' };
  const { mechanism, service, confidence } = first;
  const said = `${mechanism} at ${service}, ${confidence}`;
  const isNearest =
    blind !== undefined && serviceAt.get(service) === blind && [truth.service, truth.seenBy].includes(blind);
  if (isNearest) return { grade: 'right', said, confidence };
  if (service !== truth.service) return { grade: 'wrong', said, confidence };
  return { grade: truth.mechanisms.includes(mechanism) ? 'right' : 'service', said, confidence };
}

/** Host and port of each call that was answered, with the service that did. */
export function addresses(traces: TraceSet): ReadonlyMap<string, string> {
  const prepared = prepareTraces(traces);
  const nameOf = peerName(traces);
  const found = new Map<string, string>();
  prepared.serverChild.forEach((server, span) => {
    if (server >= 0) found.set(nameOf(span).name, prepared.services[prepared.service[server] ?? 0] ?? '');
  });
  return found;
}
