// What to do about a finding, one line, and whether more replicas would help or only hide it.
import { assertNever } from '../../model/result.ts';
import type { CandidateFinding } from '../mechanisms/mechanism.ts';
import type { Cause } from './explain-causes.ts';
import { callerOf, evidenceValue, operationOf } from './explain-words.ts';

export function adviceFor({ main }: Cause): string {
  const { service, edge, detail } = main;
  const caller = callerOf(main);
  switch (main.mechanism) {
    case 'slow-dependency':
      return isItself(main)
        ? `Profile ${service} ${operationOf(main)} or look at what changed there; more replicas help only if its CPU is busy, else they hide it.`
        : `Look at ${service}'s CPU and event loop, its accept queue and the network in front of it; add their metrics to tell which.`;
    case 'uninstrumented-dependency':
      return `Ask ${service}'s owner with these trace ids, or instrument it; give ${caller} a timeout and a fallback. Replicas of ${caller} only hide it.`;
    case 'network-delay':
      return `Check the network between ${caller} and ${service} (packet loss, proxy, zone, DNS, TLS); replicas would not help.`;
    case 'pool-wait':
      return `Raise ${caller}'s connection limit to ${service} to rate x duration, or shorten the calls; replicas of ${caller} hide it, replicas of ${service} do nothing.`;
    case 'lock-contention':
      return `Hold the lock in ${service} ${operationOf(main)} for less work, or split it; replicas only mask it, and not at all if the lock is in a shared store.`;
    case 'cpu-starvation':
      return `Give ${service} more CPU or replicas, that helps here; then profile ${operationOf(main)}.`;
    case 'pause':
      return `Look for garbage collection or blocking work in ${service} (${detail ?? 'event loop delay, GC time'}); replicas spread the pauses but do not remove them.`;
    case 'saturation':
      return `Keep ${service} below the knee: more replicas help if its CPU is what is used up, else widen the pool or lock it queues for.`;
    case 'memory-growth':
      return `Take a heap snapshot of ${service} and look for what is never released; restarts and replicas only buy time.`;
    case 'cold-start':
      return `Warm ${service} up before it takes traffic (readiness probe, connection and cache warm-up, minimum replicas).`;
    case 'retry-storm':
      return `Retry at one layer only, with back-off, jitter and a retry budget of 10%, and shed load at ${service}; then make ${detail ?? service} faster. More replicas feed the storm.`;
    case 'hidden-retries':
      return `Find the proxy or mesh policy that repeats calls from ${caller} to ${service} and bound it; count its retries.`;
    case 'metastable':
      return `Break the loop: stop retries${edge === undefined ? '' : ` from ${caller}`} or shed load until goodput returns, then add a retry budget; replicas alone do not bring it back.`;
    case 'cascading-timeout':
      return `Give every caller more time than its callees get, pass deadlines on, and cancel abandoned work; then look why ${service} is slow.`;
    case 'n-plus-one':
      return `Fetch all rows in ${service} ${operationOf(main)} with one query or request (join, IN list, batch loader); replicas only hide it.`;
    case 'chatty':
      return `Batch or cache what ${service} asks ${edge?.callee ?? 'its callee'}; replicas only hide it.`;
    case 'sequential-fanout':
      return `Make the independent calls in ${service} ${operationOf(main)} at the same time, or ask for all at once; replicas would not help.`;
    case 'error-origin':
      return `Open the traces at ${service} ${operationOf(main)}${detail === undefined ? '' : ` and look for ${detail}`} in its log; replicas would not help.`;
    default:
      return assertNever(main.mechanism);
  }
}

function isItself(main: CandidateFinding): boolean {
  if (!Number.isNaN(evidenceValue(main, 'callees it is late for'))) return false;
  const own = evidenceValue(main, 'own time');
  return Number.isNaN(own) || own >= evidenceValue(main, 'time around its spans');
}
