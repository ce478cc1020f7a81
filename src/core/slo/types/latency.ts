// latency: how fast requests are answered, judged on the share that is slower or fails.
import type { Requirement } from '../../model/requirement.ts';
import { judgeQuantiles } from '../clauses/judge-quantiles.ts';
import { bucketEvidence } from '../evidence/bucket-evidence.ts';
import type { Evidence, NoEvidence } from '../evidence/evidence.ts';
import { pointEvidence } from '../evidence/point-evidence.ts';
import { bucketQuery, httpDuration, selectorOf } from '../evidence/server-queries.ts';
import { clausesOf, limitValues, watchFor } from '../evidence/watch.ts';
import { watchEvidence } from '../evidence/watch-evidence.ts';
import type { JudgeContext, Needs, NeedsContext, RequirementType } from '../requirement-type.ts';
import { noNeeds } from './type-options.ts';

export const latency: RequirementType = {
  name: 'latency',
  title: 'Requests are answered fast enough',
  doc: `\`p99 <= 300ms\` is judged as "at most 1% of requests may be slower than 300 ms **or fail**". The bad share gets an exact (Clopper-Pearson) bound on
each side, corrected for bursts by a design effect measured on slices of time: *pass* when even the upper bound is within 1%, *fail* when even the lower bound is not,
else *inconclusive*, with the number of samples or the time that would decide it. Failed requests can be left out with \`failuresCountAs: excluded\`.

\`max\` and \`min\` allow no request beyond the limit and need 30 samples to pass. \`mean\` is judged by batch means over slices; a failed request has no time to average, so with failures
(counted as bad) nothing passes on it: a mean fails with more than five of them and is *inconclusive* with fewer. Bound a percentile instead. \`in 95% of slices\` judges every slice as measured and
bounds the share of good slices; \`over 1m\` must hold in every minute.

\`source: client\` (default) times from the intended start, exactly. \`source: server\` reads a Prometheus histogram (\`query\`, or the service's
\`http_server_request_duration_seconds\`); between two bucket edges nothing is interpolated, so a limit off the edges may give \`bucket-too-coarse\`.
\`source: trace\` takes the duration of the entry span in a uniform sample of traces.`,
  example: `- id: CHK-01
  title: Buyers get an answer fast
  type: latency
  where: { scenario: buy, route: POST /checkout }
  require: p99 <= 300ms
  warn: p99 <= 250ms`,
  stats: [
    { kind: 'quantile', units: ['ms'], inSlices: true, over: true },
    { kind: 'named', name: 'max', args: [], units: ['ms'], inSlices: true, over: true },
    { kind: 'named', name: 'min', args: [], units: ['ms'], inSlices: true, over: true },
    { kind: 'named', name: 'mean', args: [], units: ['ms'] },
  ],
  where: ['scenario', 'route', 'phase', 'service', 'labels'],
  vantages: ['client', 'server', 'trace'],
  options: {},
  refs: { query: 'optional', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: needsOfLatency,
  judge: (requirement, rule, context) => judgeQuantiles(requirement, rule, evidenceOf(requirement, context)),
};

function needsOfLatency(requirement: Requirement, context: NeedsContext): Needs {
  switch (requirement.source) {
    case 'client':
      return { ...noNeeds, watches: [watchOf(requirement, context)] };
    case 'server':
      return {
        ...noNeeds,
        queries: [
          {
            key: `${requirement.id}/buckets`,
            query: requirement.query ?? bucketQuery(httpDuration, selectorOf(requirement)),
            mode: 'slices',
            ...(requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef }),
          },
        ],
      };
    case 'trace':
      return {
        ...noNeeds,
        measures: [
          {
            key: `${requirement.id}/root`,
            measure: 'rootDuration',
            ...(requirement.where.scenario === undefined ? {} : { scenario: requirement.where.scenario }),
            ...(requirement.where.route === undefined ? {} : { route: requirement.where.route }),
          },
        ],
      };
  }
}

function watchOf(requirement: Requirement, context: NeedsContext) {
  return watchFor(requirement, context, 'response', clausesOf(requirement).flatMap(limitValues));
}

function evidenceOf(requirement: Requirement, context: JudgeContext): Evidence | NoEvidence {
  switch (requirement.source) {
    case 'client':
      return watchEvidence(requirement, watchOf(requirement, context), context);
    case 'server':
      return bucketEvidence(requirement, `${requirement.id}/buckets`, context, { scale: 1000, noun: 'requests' });
    case 'trace':
      return pointEvidence(requirement, `${requirement.id}/root`, context, { unit: 'ms', noun: 'traces' });
  }
}
