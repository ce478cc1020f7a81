// Who calls whom, read off the traces a report shows, with the broken edge marked.
import type { Finding } from '../../src/core/model/finding.ts';
import type { Waterfall, WaterfallSpan } from '../../src/core/model/run.ts';

export interface CallNode {
  readonly service: string;
  readonly isCulprit: boolean;
  readonly isOnPath: boolean;
  /** Milliseconds on the critical path of the violating trace, and of the typical one where there is one. */
  readonly criticalMs: number;
  readonly typicalMs: number | undefined;
}

export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  readonly calls: number;
  readonly typicalCalls: number | undefined;
  readonly failed: number;
  readonly isBroken: boolean;
  readonly isOnPath: boolean;
}

export interface CallGraph {
  readonly nodes: readonly CallNode[];
  readonly edges: readonly CallEdge[];
}

/** Services and calls of the violating trace (else of the first one), plus the finding's own path and edge when the trace does not show them. */
export function callGraph(waterfalls: readonly Waterfall[], finding: Finding | undefined): CallGraph {
  const violating = waterfalls.find((each) => each.role === 'violating') ?? waterfalls[0];
  const typical = waterfalls.find((each) => each.role === 'typical' && each !== violating);
  const calls = callsOf(violating);
  const typicalCalls = typical === undefined ? undefined : callsOf(typical);
  const path = finding?.path ?? [];
  const pathKeys = path.slice(1).map((callee, i) => keyOf(path[i] ?? '', callee));
  const brokenKey = brokenEdge(finding);
  const keys = new Set([...calls.keys(), ...pathKeys, ...(brokenKey === undefined ? [] : [brokenKey])]);
  const edges = [...keys].map((key) => {
    const [caller = '', callee = ''] = key.split(separator);
    return {
      caller,
      callee,
      calls: calls.get(key)?.calls ?? 0,
      typicalCalls: typicalCalls === undefined ? undefined : (typicalCalls.get(key)?.calls ?? 0),
      failed: calls.get(key)?.failed ?? 0,
      isBroken: key === brokenKey,
      isOnPath: pathKeys.includes(key),
    };
  });
  const services = new Set([
    ...(violating?.spans ?? []).map((span) => span.service),
    ...path,
    ...edges.flatMap((edge) => [edge.caller, edge.callee]),
  ]);
  const nodes = [...services].map((service) => ({
    service,
    isCulprit: service === finding?.service,
    isOnPath: path.includes(service),
    criticalMs: criticalOf(violating, service),
    typicalMs: typical === undefined ? undefined : criticalOf(typical, service),
  }));
  return { nodes, edges };
}

/** What stands on an edge: `✗ ×2 (×1) 1 failed`; nothing for a single call as usual. */
export function edgeText(edge: CallEdge): string {
  const isUsual = edge.calls <= 1 && (edge.typicalCalls === undefined || edge.typicalCalls === edge.calls);
  const usual = edge.typicalCalls === undefined || edge.typicalCalls === edge.calls ? '' : ` (×${edge.typicalCalls})`;
  const calls = isUsual ? '' : `×${edge.calls}${usual}`;
  const failed = edge.failed > 0 ? `${edge.failed} failed` : '';
  return [edge.isBroken ? '✗' : '', calls, failed].filter((part) => part !== '').join(' ');
}

const separator = '\u0000';
const keyOf = (caller: string, callee: string): string => `${caller}${separator}${callee}`;

function brokenEdge(finding: Finding | undefined): string | undefined {
  if (finding === undefined) return undefined;
  if (finding.edge !== undefined) return keyOf(finding.edge.caller, finding.edge.callee);
  const [caller, callee] = finding.path.slice(-2);
  return caller === undefined || callee === undefined ? undefined : keyOf(caller, callee);
}

/** Calls between different services; a failed call is one whose caller's span failed. */
function callsOf(
  waterfall: Waterfall | undefined,
): ReadonlyMap<string, { readonly calls: number; readonly failed: number }> {
  const spans = new Map((waterfall?.spans ?? []).map((span) => [span.spanId, span]));
  const calls = new Map<string, { calls: number; failed: number }>();
  for (const span of spans.values()) {
    const parent = span.parentSpanId === undefined ? undefined : spans.get(span.parentSpanId);
    if (parent === undefined || parent.service === span.service) continue;
    const key = keyOf(parent.service, span.service);
    const known = calls.get(key) ?? { calls: 0, failed: 0 };
    calls.set(key, { calls: known.calls + 1, failed: known.failed + (parent.isError || span.isError ? 1 : 0) });
  }
  return calls;
}

const criticalOf = (waterfall: Waterfall | undefined, service: string): number =>
  (waterfall?.spans ?? []).filter((span) => span.service === service).reduce((sum, span) => sum + criticalMs(span), 0);

const criticalMs = (span: WaterfallSpan): number => span.critical.reduce((sum, [from, to]) => sum + to - from, 0);
