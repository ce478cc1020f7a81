// W3C baggage that names the run, the scenario and the phase of a request.

/** `faultline.run=...,faultline.scenario=...,faultline.phase=...`, percent-encoded as the specification asks. */
export function baggageOf(runId: string, scenario: string, phase: string): string {
  const encode = (value: string): string => encodeURIComponent(value.toWellFormed());
  return `faultline.run=${encode(runId)},faultline.scenario=${encode(scenario)},faultline.phase=${encode(phase)}`;
}
