// A workload written out: every phase and step with what was left unsaid.
import type {
  Capture,
  Expectation,
  Phase,
  Scenario,
  Step,
  StepBody,
  Transport,
  Workload,
} from '../core/model/workload.ts';
import { asDocumentSays } from './beside-document.ts';
import { jsonOfTemplate } from './json-template.ts';
import { printDuration, printRate } from './print/print-quantity.ts';
import { usualChat } from './schema/scenario-schema.ts';

/** The `workload` of a document; everything but its safety limits, which stand beside it. `document`: the file whose folder paths are relative to. */
export function expandWorkload(workload: Workload, document: string): unknown {
  const { target, testType, protocol, prompts, scenarios, phases, transport } = workload;
  const { sampledShare, maxSampledPerSecond, baggage, warmUp } = workload;
  const { model, ...shape } = prompts ?? { model: undefined };
  return stripped({
    target,
    testType,
    protocol,
    model,
    prompts: prompts && shape,
    until: workload.until,
    transport: transport && expandTransport(transport, document),
    warmUp: printDuration(warmUp),
    tracing: { sampled: sampledShare, maxPerSecond: printRate(maxSampledPerSecond), baggage },
    scenarios: isUsualChat(workload) ? undefined : scenarios.map((each) => expandScenario(each, document)),
    phases: phases.map(expandPhase),
  });
}

function expandTransport({ proxy, unixSocket, caFile, ...rest }: Transport, document: string): unknown {
  return stripped({
    ...rest,
    proxy: proxy?.replace(/^(https?:\/\/)[^/@]*@/, '$1REDACTED@'),
    unixSocket: unixSocket && asDocumentSays(unixSocket, document),
    caFile: caFile && asDocumentSays(caFile, document),
  });
}

/** The scenario of a chat workload that names none. */
function isUsualChat({ protocol, scenarios }: Workload): boolean {
  return protocol === 'openai-chat-stream' && JSON.stringify(scenarios) === JSON.stringify([usualChat({})]);
}

function expandPhase({ name, pace, duration, role }: Phase): unknown {
  if (pace.kind === 'concurrency') return { name, concurrency: pace.users, duration: printDuration(duration), role };
  const rate = pace.from === pace.to ? printRate(pace.to) : `${printRate(pace.from)}..${printRate(pace.to)}`;
  return { name, rate, arrivals: pace.arrivals, duration: printDuration(duration), role };
}

function expandScenario({ name, weight, steps, feeds, cookies }: Scenario, document: string): unknown {
  return stripped({
    name,
    weight,
    cookies,
    feeds: feeds.length === 0 ? undefined : feeds,
    steps: steps.map((step) => expandStep(step, document)),
  });
}

function expandStep(step: Step, document: string): unknown {
  const { name, method, path, query, headers, body, expect, captures, thinkTime, timeout } = step;
  const think =
    thinkTime &&
    (thinkTime.min === thinkTime.max
      ? printDuration(thinkTime.min)
      : `${printDuration(thinkTime.min)}..${printDuration(thinkTime.max)}`);
  return stripped({
    name,
    method,
    path,
    query: nonEmpty(query),
    headers: nonEmpty(headers),
    ...(body === undefined ? {} : expandBody(body, document)),
    expect: nonEmpty(expandExpectation(expect)),
    capture:
      captures.length === 0
        ? undefined
        : Object.fromEntries(captures.map((capture) => [capture.variable, expandCapture(capture)])),
    thinkTime: think,
    timeout: printDuration(timeout),
  });
}

function expandBody(body: StepBody, document: string): Readonly<Record<string, unknown>> {
  switch (body.kind) {
    case 'json':
      return { body: jsonOfTemplate(body.template) };
    case 'form':
      return { form: body.fields };
    case 'text':
      return { body: body.template };
    case 'file':
      return { file: asDocumentSays(body.path, document) };
  }
}

function expandExpectation({ status, headers, jsonPath, maxLatency }: Expectation): Readonly<Record<string, unknown>> {
  const statuses = status?.map(({ from, to }) => (from === to ? from : `${from}..${to}`));
  return stripped({ status: statuses, headers, jsonPath, maxLatency: maxLatency && printDuration(maxLatency) });
}

function expandCapture({ from }: Capture): unknown {
  if (from.kind === 'jsonPath') return from.path;
  return from.kind === 'header' ? { header: from.name } : { regex: from.pattern, group: from.group };
}

/** The same mapping without keys that hold nothing. */
export function stripped<T extends object>(value: T): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
