// Token timings are asked only of answers that are read as they stream.
import type { Step } from '../../core/model/workload.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { itemsAt, keySpanAt, type LocatedNode, type NodePath, nodeAt, spanAt, textAt } from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import type { CheckedVerification } from './checked-verification.ts';

const STREAM_TYPES = ['ttft', 'tpot', 'itl', 'tokens'];
const STREAM_BOUNDS = ['ttft', 'tpot', 'itl'];

/** Reports token timings of steps that do not stream. A closed plan of steps is needed to know: nothing is said while the workload has mistakes itself. */
export function checkStreams({ root, fields }: CheckedVerification, diagnose: Diagnose): void {
  const workload = fields?.spec.workload?.workload;
  if (workload === undefined || workload.protocol === 'openai-chat-stream') return;
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    const [scenario, route] = ['scenario', 'route'].map((field) => textAt(root, [...path, 'where', field]));
    const steps = workload.scenarios
      .filter((each) => scenario === undefined || each.name === scenario)
      .flatMap((each) => each.steps)
      .filter((step) => route === undefined || step.name === route);
    const silent = steps.find((step) => !isStreaming(step));
    if (silent === undefined) continue;
    const help = steps.some(isStreaming)
      ? 'restrict it to a step that streams: `where: { route: ... }`'
      : 'write `protocol: openai-chat-stream`, or the header `accept: text/event-stream` in a step that streams events';
    for (const { word, span } of timingsAt(root, path))
      diagnose(
        'SPEC_STREAM_NEEDED',
        span,
        `\`${word}\` needs answers that stream, and \`${silent.name}\` does not`,
        help,
      );
  }
}

/** The load engine's own condition. */
function isStreaming({ headers }: Step): boolean {
  const accept = Object.entries(headers).find(([name]) => name.toLowerCase() === 'accept')?.[1];
  return accept?.includes('text/event-stream') === true;
}

function timingsAt(root: LocatedNode, path: NodePath): readonly { readonly word: string; readonly span: Span }[] {
  const type = textAt(root, [...path, 'type']) ?? '';
  if ((textAt(root, [...path, 'source']) ?? 'client') !== 'client') return [];
  if (STREAM_TYPES.includes(type)) return [{ word: type, span: spanAt(root, [...path, 'type']) }];
  const good = nodeAt(root, [...path, 'good']);
  if (type !== 'goodput' || good?.kind !== 'map') return [];
  return STREAM_BOUNDS.filter((bound) => good.entries.has(bound)).map((word) => ({
    word,
    span: keySpanAt(root, [...path, 'good'], word),
  }));
}
