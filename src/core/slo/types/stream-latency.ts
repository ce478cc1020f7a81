// What the timing types of streamed answers (ttft, tpot, itl) have in common.
import type { Watch } from '../../model/load.ts';
import type { Requirement } from '../../model/requirement.ts';
import { millis } from '../../model/units.ts';
import { judgeQuantiles } from '../clauses/judge-quantiles.ts';
import { bucketEvidence } from '../evidence/bucket-evidence.ts';
import { promptSizeNotes, promptSizeWatches } from '../evidence/prompt-sizes.ts';
import { bucketQuery, selectorOf } from '../evidence/server-queries.ts';
import { clausesOf, limitValues, watchFor } from '../evidence/watch.ts';
import { watchEvidence } from '../evidence/watch-evidence.ts';
import type { NeedsContext, OptionField, RequirementType } from '../requirement-type.ts';
import { noNeeds } from './type-options.ts';

export interface StreamTiming {
  readonly name: 'ttft' | 'tpot' | 'itl';
  readonly title: string;
  readonly doc: string;
  readonly example: string;
  readonly noun: string;
  readonly options?: Readonly<Record<string, OptionField>>;
  /** The server's own histogram in seconds, where the conventions name one. */
  readonly metric?: string;
  /** A request that has no such time is bad. */
  readonly mustExist?: true;
}

/** Longer than any request lives: a bound that only a missing value exceeds. */
const whole = millis(86_400_000);

const isBySize = ({ options }: Requirement): boolean => options['buckets'] === 'inputTokens';

/** A requirement type that bounds one timing of the stream, by exact counts at the client or the server's buckets. */
export function streamLatency(timing: StreamTiming): RequirementType {
  const { name, title, doc, example, noun, metric, options = {} } = timing;
  const watchOf = (requirement: Requirement, context: NeedsContext): Watch => {
    const watch = watchFor(requirement, context, name, clausesOf(requirement).flatMap(limitValues));
    return timing.mustExist ? { ...watch, bounds: [{ measure: name, atMost: whole }] } : watch;
  };
  return {
    name,
    title,
    doc,
    example,
    stats: [
      { kind: 'quantile', units: ['ms'], inSlices: true, over: true },
      { kind: 'named', name: 'max', args: [], units: ['ms'] },
    ],
    where: ['scenario', 'route', 'phase', 'service', 'labels'],
    vantages: metric === undefined ? ['client'] : ['client', 'server'],
    options,
    refs: {
      query: metric === undefined ? 'forbidden' : 'optional',
      dataSourceRef: metric === undefined ? 'forbidden' : 'optional',
      sloRef: 'forbidden',
    },
    needs: (requirement, context) => {
      if (requirement.source !== 'server') {
        const watch = watchOf(requirement, context);
        const sizes = isBySize(requirement) ? promptSizeWatches(watch) : [];
        return { ...noNeeds, watches: [watch, ...sizes] };
      }
      const query = requirement.query ?? bucketQuery(metric ?? '', selectorOf(requirement));
      const dataSource = requirement.dataSourceRef === undefined ? {} : { dataSource: requirement.dataSourceRef };
      return { ...noNeeds, queries: [{ key: `${requirement.id}/buckets`, query, mode: 'slices', ...dataSource }] };
    },
    judge: (requirement, rule, context) => {
      if (requirement.source === 'server') {
        const found = bucketEvidence(requirement, `${requirement.id}/buckets`, context, { scale: 1000, noun });
        return judgeQuantiles(requirement, rule, found);
      }
      const watch = watchOf(requirement, context);
      const judged = judgeQuantiles(requirement, rule, watchEvidence(requirement, watch, context, noun));
      const sizes = isBySize(requirement) ? promptSizeNotes(watch, rule, context) : [];
      return { ...judged, notes: [...judged.notes, ...sizes] };
    },
  };
}
