// Opens the general lane; apart, so that undici is only loaded where it is needed.
import type { Endpoint } from '../requests/endpoint.ts';
import type { PhasedStep } from '../requests/hot-path.ts';
import { GeneralLane } from './general-lane.ts';
import type { Sender, SenderContext } from './sender.ts';
import { undiciDispatcher } from './undici-dispatcher.ts';

export function generalSender(endpoint: Endpoint, context: SenderContext, anyStep: PhasedStep): Sender {
  return new GeneralLane(undiciDispatcher(endpoint, context.maxConnections), context, anyStep);
}
