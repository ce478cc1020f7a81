// What the history of runs says about a requirement, in sentences.
import type { LevelChange, Regression, RunMark } from '../core/model/history.ts';
import type { Run } from '../core/model/run.ts';
import { formatQuantity } from './format-quantity.ts';
import { readableTime } from './format-time.ts';
import { historyOf } from './history-of.ts';
import { printable } from './printable.ts';
import { changeText } from './result-requirement.ts';

/** Sentences about one requirement of a run, most urgent first; empty when there is nothing to tell. */
export function historyTexts(run: Run, requirement: string): readonly string[] {
  const history = historyOf(run, requirement);
  const now = run.plan.runId;
  return [
    ...(history?.open === undefined ? [] : [openText(history.open, now)]),
    ...(history?.closed === undefined ? [] : [closedText(history.closed)]),
    ...(history?.change === undefined ? [] : [changedText(history.change, now)]),
  ];
}

/** `broken since run A of ... (commit 5217..., 3 runs); last kept by run B of ... (commit 3f0a...)`. */
function openText({ since, runs, lastKept }: Regression, now: string): string {
  const isNew = since.runId === now;
  const before = lastKept === undefined ? '' : `; last kept by ${sayRun(lastKept)}`;
  if (isNew) return lastKept === undefined ? 'first seen broken by this run' : `newly broken by this run${before}`;
  return `broken since ${sayRun(since)}, ${runs} ${runs === 1 ? 'run' : 'runs'}${before}`;
}

function closedText({ since, runs }: Regression): string {
  return `kept again: it was broken since ${sayRun(since)}, ${runs} ${runs === 1 ? 'run' : 'runs'}`;
}

/** `p99 changed by +14% since run A ...: 244 ms before, 278 ms after (40 runs)`. */
function changedText({ since, stat, from, to, unit, change, runs }: LevelChange, now: string): string {
  const at = since.runId === now ? 'with this run' : `since ${sayRun(since)}`;
  const levels = `${formatQuantity(from, unit)} before, ${formatQuantity(to, unit)} after`;
  return `${printable(stat)} changed by ${changeText(change)} ${at}: ${levels} (advisory, over ${runs} runs)`;
}

function sayRun({ runId, at, commit }: RunMark): string {
  const of = commit === undefined ? '' : `, commit ${commit.slice(0, 12)}`;
  return printable(`run ${runId} (${readableTime(at)}${of})`);
}
