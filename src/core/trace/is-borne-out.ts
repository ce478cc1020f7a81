// Whether what a mechanism explains is there at all: a slowdown, a failure more frequent than chance.
import type { Mechanism } from '../model/finding.ts';
import type { ServiceEffect } from './compare/blame.ts';
import type { CandidateFinding, MechanismContext } from './mechanisms/mechanism.ts';
import { isFelt } from './mechanisms/shared/is-felt.ts';

/** Mechanisms that say why time is lost. The remaining ones count attempts and time-outs, and stand by themselves. */
const ofTime: ReadonlySet<Mechanism> = new Set([
  'slow-dependency',
  'uninstrumented-dependency',
  'network-delay',
  'pool-wait',
  'lock-contention',
  'cpu-starvation',
  'n-plus-one',
  'chatty',
  'sequential-fanout',
]);

/** Of these a metric or a pattern is what is seen in the first place, so it cannot also be the witness that requests suffer. */
const ofSymptoms: ReadonlySet<Mechanism> = new Set(['memory-growth', 'pause', 'cold-start', 'saturation']);

/** Standard errors beyond which an effect is clear although its requests come in bursts. */
const clearly = 3;

/**
 * Spans that name no service cannot be blamed. A mechanism of time must be borne out by one of the services it names: that one is slower beyond chance
 * within some cohort, or over all by three standard errors; a metric that confirms it is as good. An origin of errors must be borne out by a sign of
 * failure at its service. A pattern in the shape of a few traces alone explains what nobody can show. And requests must feel it: what other services save
 * explains no slowness. Without a reference there is nothing to show it against, and everything else passes.
 */
export function isBorneOut(candidate: CandidateFinding, context: MechanismContext): boolean {
  const { mechanism, service, corroborated, effectMs } = candidate;
  if (service === '') return false;
  if (context.reference.traces.length === 0) return true;
  if (mechanism === 'error-origin') return hasSign(candidate, context);
  if (!ofTime.has(mechanism) && !ofSymptoms.has(mechanism)) return true;
  const isConfirmed = corroborated && ofTime.has(mechanism);
  return isFelt(context, effectMs) && (isConfirmed || namesSlower(candidate, context));
}

const hasSign = ({ service }: CandidateFinding, { faults }: MechanismContext): boolean =>
  faults.some((sign) => sign.suspects.includes(service));

function namesSlower({ service, edge }: CandidateFinding, { blame }: MechanismContext): boolean {
  const named = new Set([service, edge?.caller, edge?.callee]);
  return blame.services.some((effect) => named.has(effect.service) && isSlower(effect));
}

const isSlower = ({ effectMs, errorMs, evidence }: ServiceEffect): boolean =>
  effectMs > 0 && (evidence > 0 || effectMs >= clearly * errorMs);
