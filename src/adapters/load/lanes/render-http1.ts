// The bytes of a request, pre-rendered or made for this journey.

import { lookup } from '../journeys/journey.ts';
import type { Journey, PhasedStep } from '../requests/hot-path.ts';
import { type Http1Request, http1Request } from '../requests/http1-request.ts';
import type { RenderedRequest } from '../requests/step-renderer.ts';
import { traceparentPlaceholder } from '../requests/trace-ids.ts';

export interface RenderSettings {
  readonly traceIdPrefix: string;
  readonly startUnixMs: number;
}

/** The request of a step due at `dueMs`. */
export function renderHttp1(
  phased: PhasedStep,
  journey: Journey | undefined,
  dueMs: number,
  settings: RenderSettings,
): Http1Request {
  const rendered = phased.rendered ?? renderStep(phased, journey as Journey, dueMs, settings.startUnixMs);
  const cookie = cookieFor(phased, journey, rendered.path, settings.startUnixMs + dueMs);
  if (phased.request !== undefined && cookie === undefined) return phased.request;
  const { step, baggage } = phased;
  return http1Request(rendered, {
    method: step.source.method,
    authority: step.renderer.origin.authority,
    traceparent: traceparentPlaceholder(settings.traceIdPrefix),
    baggage,
    cookie,
  });
}

/** A step with variables, rendered for its journey. */
export function renderStep(
  { step }: PhasedStep,
  journey: Journey,
  dueMs: number,
  startUnixMs: number,
): RenderedRequest {
  return step.renderer.render({
    lookup: (name) => lookup(journey, name),
    random: journey.random,
    unixMs: startUnixMs + dueMs,
    index: journey.index,
  });
}

/** The journey's Cookie header for a path. */
export function cookieFor(
  { step }: PhasedStep,
  journey: Journey | undefined,
  path: string,
  unixMs: number,
): string | undefined {
  return journey?.jar?.header(step.renderer.origin.key, path, unixMs);
}
