// Cascading timeout: callers give up while the services below still work, and the failure travels up to the entry.
import type { Edge } from '../../model/finding.ts';
import { spanKind } from '../../model/trace-set.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { baselineOf, candidate } from './shared/candidate.ts';
import { type CascadeIn, cascadesOf, leastRise } from './shared/cascades.ts';
import { invertedBudgets } from './shared/inverted-budgets.ts';
import { tally } from './shared/tally.ts';

/** ANALYSIS.md 3: share of the violating traces with a cascade. */
const leastShare = 0.05;
const column = { cascades: 0, wasted: 1, waited: 2 } as const;

export const cascadingTimeout: MechanismDetector = {
  mechanisms: ['cascading-timeout'],
  detect(context) {
    const cascadeIn = cascadesOf(context);
    const sums = tally(context, 3, (trace, add) => {
      const cascade = cascadeIn(trace);
      if (cascade === undefined) return;
      add(column.cascades, 1);
      add(column.wasted, cascade.wastedNs / 1e6);
      add(column.waited, cascade.waitedNs / 1e6);
    });
    const share = sums.violating[column.cascades] ?? 0;
    const before = sums.reference[column.cascades] ?? 0;
    if (share < leastShare || share < leastRise * before) return [];
    return describe(context, cascadeIn, {
      share,
      before,
      wastedMs: sums.violating[column.wasted] ?? 0,
      waitedMs: (sums.violating[column.waited] ?? 0) - (sums.reference[column.waited] ?? 0),
    });
  },
};

interface CascadeFigures {
  readonly share: number;
  readonly before: number;
  readonly wastedMs: number;
  readonly waitedMs: number;
}

function describe(
  context: MechanismContext,
  cascadeIn: CascadeIn,
  figures: CascadeFigures,
): readonly CandidateFinding[] {
  const { prepared } = context;
  const origin = mostFrequentOrigin(context, cascadeIn);
  const given = prepared.edges[origin.edge];
  if (given === undefined) return [];
  const edge = stillWorking(prepared, origin.example) ?? given;
  const inverted = invertedBudgets(prepared);
  return [
    candidate(context, {
      mechanism: 'cascading-timeout',
      service: edge.callee,
      operation: edge.operation,
      edge,
      at: origin.example,
      effectMs: Math.max(0, figures.waitedMs),
      share: Math.min(1, figures.share - figures.before),
      confidence: figures.share >= 0.2 || inverted.length > 0 ? 'high' : 'medium',
      evidence: [
        { name: 'traces with a cascade', value: figures.share, ...baselineOf(context, figures.before), unit: 'ratio' },
        { name: 'work for nobody', value: figures.wastedMs, unit: 'ms' },
        { name: 'inverted time budgets', value: inverted.length, unit: 'edges' },
      ],
      detail: inverted[0],
      strength: (trace) => cascadeIn(trace)?.wastedNs ?? 0,
    }),
  ];
}

/**
 * The deepest call that was given up may lead to a service that records nothing. When somebody it called is still at work after the call has ended, that
 * is whom it waited for.
 */
function stillWorking(prepared: PreparedTraces, call: number): Edge | undefined {
  if ((prepared.serverChild[call] ?? -1) >= 0) return undefined;
  let latest = -1;
  for (let child = prepared.firstChild[call] ?? -1; child >= 0; child = prepared.nextSibling[child] ?? -1) {
    const end = prepared.end[child] ?? 0;
    const isLater = end > (prepared.end[latest] ?? prepared.end[call] ?? 0);
    if (prepared.adopted[child] === 1 && isLater) latest = child;
  }
  if (latest < 0) return undefined;
  const { services, service, set } = prepared;
  return {
    caller: services[service[call] ?? 0] ?? '',
    callee: services[service[latest] ?? 0] ?? '',
    operation: set.strings[set.name[latest] ?? 0] ?? '',
  };
}

function mostFrequentOrigin(
  { prepared, violating }: MechanismContext,
  cascadeIn: CascadeIn,
): { readonly edge: number; readonly example: number } {
  const counts = new Map<number, { count: number; example: number }>();
  for (const trace of violating.traces) {
    const deepest = cascadeIn(trace)?.deepest ?? -1;
    const edge = deepest < 0 || prepared.set.kind[deepest] !== spanKind.client ? -1 : (prepared.edge[deepest] ?? -1);
    if (edge < 0) continue;
    const known = counts.get(edge);
    if (known === undefined) counts.set(edge, { count: 1, example: deepest });
    else known.count += 1;
  }
  const [best] = [...counts.entries()].sort((a, b) => b[1].count - a[1].count || a[0] - b[0]);
  return best === undefined ? { edge: -1, example: -1 } : { edge: best[0], example: best[1].example };
}
