// The services behind a broken requirement and the calls between them, the broken edge drawn heavily.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Finding } from '../../src/core/model/finding.ts';
import type { Waterfall } from '../../src/core/model/run.ts';
import { type CallGraph, callGraph, edgeText } from './call-graph.ts';
import { nodeTime, type PlacedEdge, type PlacedGraph, type PlacedNode, placeGraph } from './graph-layout.ts';
import { useMedia } from './use-media.ts';

interface Props {
  readonly waterfalls: readonly Waterfall[];
  readonly finding: Finding | undefined;
}

/** Nothing for a trace of one service: there is no call to show. */
export function CallGraphFigure({ waterfalls, finding }: Props): JSX.Element | null {
  const isNarrow = useMedia('(max-width: 720px)');
  const graph = useMemo(() => callGraph(waterfalls, finding), [waterfalls, finding]);
  const placed = useMemo(() => (isNarrow ? narrowest(graph) : placeGraph(graph, 'LR')), [graph, isNarrow]);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const broken = placed.edges.find((edge) => edge.isBroken);
    if (scroll.current !== null && broken !== undefined)
      scroll.current.scrollLeft = broken.labelX - scroll.current.clientWidth / 2;
  }, [placed]);
  if (graph.edges.length === 0) return null;
  return (
    <figure class="figure">
      <figcaption>
        <h4>Calls of the violating trace</h4>
        <p class="quiet legend">
          <span class="key key-broken">broken edge</span> <span class="key key-path">way to it</span>
          <span>Milliseconds are time on the critical path; in brackets the typical trace.</span>
        </p>
      </figcaption>
      <div class="graph-scroll" ref={scroll}>
        <svg
          class="graph"
          viewBox={`0 0 ${placed.width} ${placed.height}`}
          width={placed.width}
          height={placed.height}
          role="img"
          aria-label={graphLabel(graph)}
        >
          {placed.edges.map((edge) => (
            <GraphEdge key={`${edge.caller} ${edge.callee}`} edge={edge} />
          ))}
          {placed.nodes.map((node) => (
            <GraphNode key={node.service} node={node} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

/** Whichever direction needs less width; a graph that is wider still is scrolled, its broken edge in sight. */
function narrowest(graph: CallGraph): PlacedGraph {
  const [down, across] = [placeGraph(graph, 'TB'), placeGraph(graph, 'LR')];
  return down.width <= across.width ? down : across;
}

function GraphNode({ node }: { readonly node: PlacedNode }): JSX.Element {
  return (
    <g class={`graph-node ${node.isCulprit ? 'is-culprit' : ''} ${node.isOnPath ? 'is-on-path' : ''}`}>
      <rect x={node.x - node.width / 2} y={node.y - node.height / 2} width={node.width} height={node.height} rx={6} />
      <text class="graph-service" x={node.x} y={node.y - 4}>
        {node.service}
      </text>
      <text class="graph-time" x={node.x} y={node.y + 12}>
        {nodeTime(node)}
      </text>
    </g>
  );
}

function GraphEdge({ edge }: { readonly edge: PlacedEdge }): JSX.Element {
  const text = edgeText(edge);
  return (
    <g class={`graph-edge ${edge.isBroken ? 'is-broken' : ''} ${edge.isOnPath ? 'is-on-path' : ''}`}>
      <path d={edge.path} />
      <Arrow edge={edge} />
      {text !== '' && (
        <text x={edge.labelX} y={edge.labelY}>
          {text}
        </text>
      )}
    </g>
  );
}

/** A triangle at the end of the path, turned along its last stretch. */
function Arrow({ edge }: { readonly edge: PlacedEdge }): JSX.Element | null {
  const numbers = edge.path.match(/-?[\d.]+/g)?.map(Number) ?? [];
  const [fromX, fromY, toX, toY] = numbers.slice(-4);
  if (fromX === undefined || fromY === undefined || toX === undefined || toY === undefined) return null;
  const angle = (Math.atan2(toY - fromY, toX - fromX) * 180) / Math.PI;
  return <polygon points="0,0 -9,-4.5 -9,4.5" transform={`translate(${toX},${toY}) rotate(${angle})`} />;
}

function graphLabel(graph: CallGraph): string {
  const calls = graph.edges.map(
    (edge) => `${edge.caller} calls ${edge.callee}${edge.isBroken ? ' (the broken edge)' : ''}`,
  );
  return `Call graph: ${calls.join('; ')}.`;
}
