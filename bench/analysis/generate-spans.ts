// Makes span records of a small shop: many traces of one shape with noise, or one trace that is very deep or very wide.
import type { Attributes, SpanRecord } from '../../src/core/model/trace-set.ts';

const resource = (service: string, instance: number): Attributes => ({
  'service.name': service,
  'service.instance.id': `${service}-${instance}`,
});

const services = ['gateway', 'checkout', 'payments', 'orders', 'catalogue'] as const;
const resources = new Map(services.map((service) => [service, [resource(service, 0), resource(service, 1)] as const]));

const startUnixNanos = 1_760_000_000_000_000_000n;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * `traces` traces of ten spans, one a millisecond: gateway, checkout, payments and orders with their calls and a query. Every tenth trace is slow by
 * 80 ms in payments. The same arguments give the same spans.
 */
export function* shopSpans(traces: number): Generator<SpanRecord> {
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let trace = 0; trace < traces; trace += 1) {
    const traceId = hex(trace + 1, 32);
    const at = startUnixNanos + BigInt(trace) * 1_000_000n;
    const isSlow = trace % 10 === 0;
    const work = (mean: number): number => Math.round(mean * (0.5 + random()) * 1e6);
    const payment = work(8) + (isSlow ? 80_000_000 : 0);
    const order = work(5);
    const query = Math.round(order * 0.6);
    const checkout = payment + order + work(4) + 2_000_000;
    const span = (
      id: number,
      parent: number,
      from: number,
      duration: number,
      rest: Partial<SpanRecord> & { name: string; service: (typeof services)[number] },
    ): SpanRecord => ({
      traceId,
      spanId: hex(trace + 1, 8) + hex(id, 8),
      parentSpanId: parent === 0 ? undefined : hex(trace + 1, 8) + hex(parent, 8),
      name: rest.name,
      kind: rest.kind ?? 1,
      status: 0,
      startUnixNanos: at + BigInt(from),
      endUnixNanos: at + BigInt(from + duration),
      resource: resources.get(rest.service)?.[trace % 2] ?? {},
      attributes: rest.attributes ?? {},
    });
    const ok = { 'http.request.method': 'POST', 'http.response.status_code': 200 };
    yield span(1, 0, 0, checkout + 3_000_000, { name: 'POST /checkout', kind: 2, service: 'gateway', attributes: ok });
    yield span(2, 1, 500_000, checkout + 2_000_000, {
      name: 'POST',
      kind: 3,
      service: 'gateway',
      attributes: { ...ok, 'server.address': 'checkout' },
    });
    yield span(3, 2, 1_000_000, checkout + 1_000_000, {
      name: 'POST /checkout',
      kind: 2,
      service: 'checkout',
      attributes: ok,
    });
    yield span(4, 3, 1_200_000, 400_000, { name: 'validate', service: 'checkout' });
    yield span(5, 3, 2_000_000, payment + 1_000_000, {
      name: 'POST',
      kind: 3,
      service: 'checkout',
      attributes: { ...ok, 'server.address': 'payments' },
    });
    yield span(6, 5, 2_500_000, payment, { name: 'POST /charge', kind: 2, service: 'payments', attributes: ok });
    yield span(7, 6, 2_700_000, Math.round(payment * 0.5), { name: 'score', service: 'payments' });
    yield span(8, 3, payment + 3_200_000, order + 500_000, {
      name: 'POST',
      kind: 3,
      service: 'checkout',
      attributes: { ...ok, 'server.address': 'orders' },
    });
    yield span(9, 8, payment + 3_400_000, order, { name: 'POST /orders', kind: 2, service: 'orders', attributes: ok });
    yield span(10, 9, payment + 3_500_000, query, {
      name: 'INSERT orders',
      kind: 3,
      service: 'orders',
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'insert into orders values ($1)' },
    });
  }
}

/** One trace in which every span has one child, a nanosecond shorter on both sides. */
export function* deepTrace(depth: number): Generator<SpanRecord> {
  for (let level = 0; level < depth; level += 1) {
    yield bare(level, level === 0 ? undefined : level - 1, level, 2 * depth - level);
  }
}

/** One trace of calls without spans of their own: two services call each other `depth` times; the last but one takes `slowNanos` longer. */
export function* pingPongTrace(depth: number, slowNanos: number): Generator<SpanRecord> {
  for (let level = 0; level < depth; level += 1) {
    const to = 1e9 + (level < depth - 1 ? slowNanos : 0) - level;
    yield {
      ...bare(level, level === 0 ? undefined : level - 1, level, to),
      kind: 2,
      resource: pair[level % 2] ?? only,
    };
  }
}

/** Traces of seven spans, and as many edges as a twelfth of them: a URL in every name. With `isFailing` each call is made three times. */
export function* manyEdges(size: number, isFailing: boolean): Generator<SpanRecord> {
  const traces = Math.ceil(size / 7);
  for (let trace = 0; trace < traces; trace += 1) {
    const name = `GET /item/${trace % Math.ceil(traces / 12)}`;
    const attempts = isFailing ? 3 : 1;
    const span = (id: number, parent: number | undefined, from: number, to: number): SpanRecord => ({
      ...bare(id, parent, trace * 2e7 + from * 1e6, trace * 2e7 + to * 1e6),
      traceId: hex(trace + 1, 32),
      name,
      resource: pair[0],
    });
    yield { ...span(0, undefined, 0, 70), name: 'GET /', kind: 2 };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const from = 1 + 20 * attempt;
      const status = isFailing && attempt < 2 ? 2 : 0;
      yield { ...span(2 * attempt + 1, 0, from, from + 17), kind: 3, status };
      yield { ...span(2 * attempt + 2, 2 * attempt + 1, from + 1, from + 16), kind: 2, status, resource: pair[1] };
    }
  }
}

/** One root with `width` children, one after another. */
export function* wideTrace(width: number): Generator<SpanRecord> {
  yield bare(0, undefined, 0, 10 * width);
  for (let child = 1; child <= width; child += 1) yield bare(child, 0, 10 * (child - 1) + 1, 10 * child - 1);
}

const only = resource('only', 0);
const pair = [resource('ping', 0), resource('pong', 0)] as const;

function bare(id: number, parent: number | undefined, from: number, to: number): SpanRecord {
  return {
    traceId: hex(1, 32),
    spanId: hex(id + 1, 16),
    parentSpanId: parent === undefined ? undefined : hex(parent + 1, 16),
    name: 'work',
    kind: 1,
    status: 0,
    startUnixNanos: startUnixNanos + BigInt(from),
    endUnixNanos: startUnixNanos + BigInt(to),
    resource: only,
    attributes: {},
  };
}
