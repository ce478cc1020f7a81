// Places the services of a call graph (dagre) and the curves between them.
import { Graph, layout } from '@dagrejs/dagre';
import { formatMillis } from '../../src/report/format-quantity.ts';
import { type CallEdge, type CallGraph, type CallNode, edgeText } from './call-graph.ts';

export interface PlacedNode extends CallNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends CallEdge {
  /** SVG path data. */
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const nodeHeight = 44;
const letterWidth = 7.6;
const smallLetterWidth = 6.4;

/** Left to right for wide screens, top to bottom for narrow ones. Sizes in CSS pixels. */
export function placeGraph(graph: CallGraph, direction: 'LR' | 'TB'): PlacedGraph {
  const plan = new Graph<Record<string, unknown>, Record<string, unknown>, Record<string, unknown>>();
  plan.setGraph({ rankdir: direction, nodesep: 26, ranksep: direction === 'LR' ? 44 : 40, marginx: 8, marginy: 8 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.service, { width: widthOf(node), height: nodeHeight });
  for (const edge of graph.edges)
    plan.setEdge(edge.caller, edge.callee, {
      width: labelWidth(edge),
      height: 16,
      labelpos: direction === 'LR' ? 'c' : 'r',
    });
  layout(plan);
  const size = plan.graph() as { readonly width?: number; readonly height?: number };
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: graph.nodes.map((node) => ({
      ...node,
      ...placeOf(plan.node(node.service)),
      width: widthOf(node),
      height: nodeHeight,
    })),
    edges: graph.edges.map((edge) => {
      const placed = plan.edge(edge.caller, edge.callee) as {
        readonly points?: readonly Point[];
        readonly x?: number;
        readonly y?: number;
      };
      const points = placed.points ?? [];
      const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
      return {
        ...edge,
        path: curve(points),
        labelX: placed.x ?? middle.x,
        labelY: (placed.y ?? middle.y) + (direction === 'LR' ? -6 : 4),
      };
    }),
  };
}

/** `186 ms (13 ms)`: time on the critical path, in brackets that of the typical trace. */
export function nodeTime(node: CallNode): string {
  const typical = node.typicalMs === undefined ? '' : ` (${formatMillis(node.typicalMs)})`;
  return formatMillis(node.criticalMs) + typical;
}

const widthOf = (node: CallNode): number =>
  Math.max(90, node.service.length * letterWidth + 26, nodeTime(node).length * smallLetterWidth + 20);

const labelWidth = (edge: CallEdge): number => {
  const text = edgeText(edge);
  return text === '' ? 20 : text.length * smallLetterWidth + 26;
};

const placeOf = (node: unknown): Point => {
  const { x, y } = node as Partial<Point>;
  return { x: x ?? 0, y: y ?? 0 };
};

/** A line through the middles of dagre's bends, bent at each. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  const bends = rest.map((point, i) => {
    const next = rest[i + 1] ?? last;
    const to = i === rest.length - 1 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x},${point.y} ${to.x},${to.y}`;
  });
  return `M${first.x},${first.y} ${bends.length > 0 ? bends.join(' ') : `L${last.x},${last.y}`}`;
}
