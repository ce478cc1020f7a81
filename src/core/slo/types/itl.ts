// itl: the worst stutter while an answer is written.
import type { RequirementType } from '../requirement-type.ts';
import { streamLatency } from './stream-latency.ts';

export const itl: RequirementType = streamLatency({
  name: 'itl',
  title: 'Answers do not stutter',
  doc: `Inter-token latency: every gap between two content chunks, all requests pooled, judged like latency. Gaps of one answer belong together, so the design effect over slices of time
matters more here than anywhere. A chunk may hold several tokens: this is what a user sees, not a speed. A failed request adds one bad gap.`,
  example: `- id: LLM-03
  type: itl
  require: p99 <= 150ms
  priority: should`,
  noun: 'gaps',
});
