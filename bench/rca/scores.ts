// All accuracy figures of one data folder.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readCase } from './read-case.ts';
import { attributeCase, type CaseScores, caseScores, type ScoredCase, scoreCase } from './score-cases.ts';
import { type MetricScores, scoreMetrics } from './score-metrics.ts';
import { type PatternScores, patternScores, type ScoredPattern, scorePattern } from './score-patterns.ts';

/** A part is absent when its folder is. */
export interface Scores {
  readonly cases?: CaseScores;
  readonly patterns?: PatternScores;
  readonly metrics?: MetricScores;
}

/** `data` has the layout of the shared data: cases/, patterns/, metrics/petshop/. One case is held at a time. */
export async function scoresOf(data: string): Promise<Scores> {
  const cases: ScoredCase[] = [];
  for (const folder of await foldersIn(join(data, 'cases'))) {
    const labelled = await readCase(folder);
    const before = performance.now();
    const attribution = attributeCase(labelled);
    cases.push(scoreCase(labelled.truth, attribution, Math.round(performance.now() - before)));
  }
  const patterns: ScoredPattern[] = [];
  for (const folder of await foldersIn(join(data, 'patterns'))) {
    const labelled = await readCase(folder);
    patterns.push(scorePattern(labelled.truth, attributeCase(labelled)));
  }
  const metrics = join(data, 'metrics');
  return {
    ...(cases.length === 0 ? {} : { cases: caseScores(cases) }),
    ...(patterns.length === 0 ? {} : { patterns: patternScores(patterns) }),
    ...(existsSync(metrics) ? { metrics: await scoreMetrics(metrics) } : {}),
  };
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'label.json')))
    .map((entry) => join(folder, entry.name))
    .sort();
}
