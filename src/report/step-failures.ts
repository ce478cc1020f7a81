// Why requests failed, step by step, in words.
import type { Run } from '../core/model/run.ts';
import { formatCount } from './format-quantity.ts';

const shown = 8;

/** `148 of POST /orders: status 500`, the most frequent first, all phases together; at the most eight, and a word of the rest. Empty where nothing failed or nobody wrote it down. */
export function failureTexts({ steps }: Pick<Run, 'steps'>): readonly string[] {
  const hasScenarios = new Set(steps.map(({ scenario }) => scenario)).size > 1;
  const found = new Map<string, { count: number; readonly text: string }>();
  for (const { scenario, step, failures = [] } of steps) {
    for (const { what, count, message } of failures) {
      const key = JSON.stringify([scenario, step, what]);
      const known = found.get(key);
      if (known !== undefined) known.count += count;
      else {
        const said = message === undefined ? what : `${what} (first: ${message})`;
        found.set(key, { count, text: `${hasScenarios ? `${scenario}: ` : ''}${step}: ${said}` });
      }
    }
  }
  const sorted = [...found.values()].sort((a, b) => b.count - a.count);
  const rest = sorted.slice(shown).reduce((sum, { count }) => sum + count, 0);
  return [
    ...sorted.slice(0, shown).map(({ count, text }) => `${formatCount(count)} of ${text}`),
    ...(rest > 0 ? [`${formatCount(rest)} for other reasons (report.json has them all)`] : []),
  ];
}
