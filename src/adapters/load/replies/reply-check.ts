// Decides whether a reply is good, and takes from it what later steps need.
import { type JsonPath, parseJsonPath, valueAt } from '../../../core/load/json-path.ts';
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { Capture, Expectation, Step } from '../../../core/model/workload.ts';
import type { Exchange, ReplyCheck } from '../requests/hot-path.ts';

type Reader = (exchange: Exchange, json: () => unknown) => string | undefined;

/** Compiles the expectations and captures of a step; the error names what is not understood. */
export function replyCheck(step: Step): Result<ReplyCheck, string> {
  const errors: string[] = [];
  const path = (text: string): JsonPath => {
    const parsed = parseJsonPath(text);
    if (!parsed.ok) errors.push(parsed.error);
    return parsed.ok ? parsed.value : [];
  };
  const captures = step.captures.map((capture) => ({
    variable: capture.variable,
    read: reader(capture, path, errors),
  }));
  const expectations = Object.entries(step.expect.jsonPath ?? {}).map(([text, wanted]) => ({
    text,
    wanted,
    path: path(text),
  }));
  if (errors.length > 0) return err(`step "${step.name}": ${errors.join('; ')}`);
  const headers = Object.entries(step.expect.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const isGoodStatus = goodStatuses(step.expect);
  const maxLatency = step.expect.maxLatency ?? Number.POSITIVE_INFINITY;
  /** What the reply that was judged last holds of the captures: it is captured from next. */
  let found: { readonly of: Exchange; readonly values: readonly (string | undefined)[] } | undefined;
  const valuesOf = (exchange: Exchange): readonly (string | undefined)[] => {
    const json = parsedBody(exchange, exactNumbers);
    return captures.map(({ read }) => read(exchange, json));
  };
  return ok({
    needsHeaders: headers.length > 0 || step.captures.some(({ from }) => from.kind === 'header'),
    needsBody: expectations.length > 0 || step.captures.some(({ from }) => from.kind !== 'header'),
    judge(exchange) {
      if (isGoodStatus[exchange.status] !== 1) return refuse(exchange, 'status', `status ${exchange.status}`);
      for (const [name, wanted] of headers) {
        const found = headerValue(exchange.headers, name);
        if (found !== wanted)
          return refuse(exchange, 'expectation', `header ${name} is ${shown(found)}, wanted ${shown(wanted)}`);
      }
      if (expectations.length > 0) {
        const json = parsedBody(exchange);
        for (const { text, wanted, path } of expectations) {
          const found = valueAt(json(), path);
          if (found !== wanted)
            return refuse(exchange, 'expectation', `${text} is ${shown(found)}, wanted ${shown(wanted)}`);
        }
      }
      if (captures.length > 0) {
        const values = valuesOf(exchange);
        found = { of: exchange, values };
        const missing = captures[values.indexOf(undefined)];
        if (missing !== undefined)
          return refuse(exchange, 'expectation', `the reply has nothing to capture as \`${missing.variable}\``);
      }
      const late = lateness(exchange, maxLatency);
      if (late !== undefined) refuse(exchange, 'expectation', late);
    },
    capture(exchange, variables) {
      // A late reply says what it says: a slow target must not get less load for it.
      if (exchange.failure !== undefined && exchange.message !== lateness(exchange, maxLatency)) return;
      const values = found?.of === exchange ? found.values : valuesOf(exchange);
      found = undefined;
      for (const [index, { variable }] of captures.entries()) {
        const value = values[index];
        if (value !== undefined) variables.set(variable, value);
      }
    },
  });
}

/** What is said of a reply that came too late; undefined of one in time. */
function lateness(exchange: Exchange, maxLatency: number): string | undefined {
  const latency = exchange.endedMs - exchange.dueMs;
  return latency > maxLatency ? `took ${latency.toFixed(1)} ms, wanted at most ${maxLatency} ms` : undefined;
}

function refuse(exchange: Exchange, failure: 'status' | 'expectation', message: string): void {
  exchange.failure = failure;
  exchange.message = message;
}

/** 1 at each good status; without an expectation 100-399 are good. */
function goodStatuses(expect: Expectation): Uint8Array {
  const good = new Uint8Array(1000);
  for (const { from, to } of expect.status ?? [{ from: 100, to: 399 }]) good.fill(1, from, to + 1);
  return good;
}

function reader({ from, variable }: Capture, path: (text: string) => JsonPath, errors: string[]): Reader {
  switch (from.kind) {
    case 'header': {
      const name = from.name.toLowerCase();
      return (exchange) => headerValue(exchange.headers, name);
    }
    case 'jsonPath': {
      const parsed = path(from.path);
      return (_, json) => asText(valueAt(json(), parsed));
    }
    case 'regex': {
      const { pattern, group } = from;
      try {
        const regex = new RegExp(pattern, 'u');
        return (exchange) => regex.exec(exchange.body)?.[group];
      } catch (cause) {
        errors.push(`capture "${variable}": ${(cause as Error).message}`);
        return () => undefined;
      }
    }
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A number that a double cannot hold, as ids often are, stays the text it was. */
const exactNumbers: Reviver = (_, value, { source }) =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? source : value;

/** The body as JSON, parsed when first asked for; undefined when it is none. */
function parsedBody(exchange: Exchange, reviver?: Reviver): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => {
    if (parsed === undefined) {
      try {
        // Revivers are slow, and most bodies have no such number.
        const revive = reviver !== undefined && /\d{16}/.test(exchange.body) ? reviver : undefined;
        parsed = { value: JSON.parse(exchange.body, revive as never) };
      } catch {
        // Not JSON: there is no value at any path, and the expectation or the missing capture says so.
        parsed = { value: undefined };
      }
    }
    return parsed.value;
  };
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function headerValue(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1];
  return undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : (JSON.stringify(value) ?? 'absent').slice(0, 80);
}
