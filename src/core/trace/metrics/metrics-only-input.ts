// Puts series as Prometheus answers them beside a call graph, for blame by metrics alone.
import { err, ok, type Result } from '../../model/result.ts';
import type { Series } from '../../model/series.ts';
import type { MetricsOnlyInput, NodeMetrics } from './metrics-only.ts';

export interface MetricsByNode {
  /** Caller to callees. */
  readonly graph: Readonly<Record<string, readonly string[]>>;
  /** The node whose requirement broke. */
  readonly target: string;
  /** While the requirement was broken: one series a node of one measure; series named `requests` or `calls` count its calls. */
  readonly broken: readonly Series[];
  /** The same measure in healthy times. */
  readonly normal: readonly Series[];
}

const nodeLabels = ['service', 'service_name', 'node', 'job'] as const;
const callNames: ReadonlySet<string> = new Set(['requests', 'calls']);

/** A series belongs to the node that its label `service` (or `service_name`, `node`, `job`) names. The error says what is missing. */
export function metricsOnlyInput({ graph, target, broken, normal }: MetricsByNode): Result<MetricsOnlyInput, string> {
  const names = new Set([...Object.keys(graph), ...Object.values(graph).flat()]);
  if (!names.has(target)) return err(`the call graph has no "${target}"; it has ${[...names].sort().join(', ')}`);
  const measures = new Set(broken.map(nameOf).filter((name) => !callNames.has(name)));
  if (measures.size > 1)
    return err(`one measure is wanted, found ${[...measures].sort().join(', ')}: ask for one of them`);
  const nodes = [...names].flatMap((node): readonly NodeMetrics[] => {
    const measure = broken.find((each) => isOf(each, node) && !callNames.has(nameOf(each)));
    if (measure === undefined) return [];
    const calls = broken.find((each) => isOf(each, node) && callNames.has(nameOf(each)));
    const healthy = normal.filter((each) => isOf(each, node) && !callNames.has(nameOf(each)));
    const reference = healthy.flatMap(({ values }) => [...values]).filter((value) => Number.isFinite(value));
    return [{ node, measure, reference, ...(calls === undefined ? {} : { calls }) }];
  });
  if (nodes.length === 0) {
    return err(
      `no series names a node of the call graph: its label ${nodeLabels.join(', ')} must be one of ${[...names].sort().join(', ')}`,
    );
  }
  return ok({ target, graph, nodes });
}

const nameOf = ({ labels }: Series): string => labels['__name__'] ?? '';

const isOf = ({ labels }: Series, node: string): boolean => {
  const label = nodeLabels.find((each) => labels[each] !== undefined);
  return label !== undefined && labels[label] === node;
};
