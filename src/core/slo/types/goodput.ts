// goodput: requests that meet every bound at once.
import type { MeasureName, Watch } from '../../model/load.ts';
import type { Clause, OptionValue, Requirement } from '../../model/requirement.ts';
import { millis } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { inconclusiveVerdict, noDataVerdict } from '../clauses/clause-verdict.ts';
import { judgeMean } from '../clauses/mean-clause.ts';
import { offeredTooLittle } from '../clauses/offered-rate.ts';
import { judgeShare } from '../clauses/share-clause.ts';
import { rateSlices, requestsIn, secondsOf } from '../evidence/rate-slices.ts';
import { phasesOf, slicesOf } from '../evidence/scope.ts';
import { fineSlice, watchFor } from '../evidence/watch.ts';
import type { JudgeContext, NeedsContext, RequirementType } from '../requirement-type.ts';
import { asNumber, noNeeds, recordOption } from './type-options.ts';

const bound = (doc: string) => ({ kind: 'bound', required: false, doc }) as const;

export const goodput: RequirementType = {
  name: 'goodput',
  title: 'Enough requests meet every bound at once',
  doc: `A request is good only when it is answered and meets **all** bounds of \`good\`: three percentiles that pass may still mean that one user in eight is hurt by one of them. \`ratio >= 95%\` bounds the
share of good requests as errors bounds that of failed ones; \`rate >= 3/s\` is the mean of good requests a second over slices (batch means).`,
  example: `- id: LLM-06
  type: goodput
  good: { ttft: <= 500ms, tpot: <= 40ms, status: ok }
  require: ratio >= 95% and rate >= 3/s`,
  stats: [
    { kind: 'named', name: 'ratio', args: [], units: ['ratio'], inSlices: true, over: true },
    { kind: 'named', name: 'rate', args: [], units: ['/s'] },
  ],
  where: ['scenario', 'route', 'phase'],
  vantages: ['client'],
  options: {
    good: {
      kind: 'record',
      required: true,
      doc: 'Upper bounds that a good request meets, all of them.',
      fields: {
        response: bound('Time from the intended start to the end of the answer.'),
        ttft: bound('Time to first token.'),
        tpot: bound('Time per output token.'),
        itl: bound('Longest gap between two chunks of the answer.'),
        status: {
          kind: 'text',
          required: false,
          oneOf: ['ok'],
          doc: 'A failed request is never good; said for clarity.',
        },
      },
    },
  },
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  needs: (requirement, context) => ({ ...noNeeds, watches: [watchOf(requirement, context)] }),
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) => judgeClause(clause, requirement, context)),
    notes: [],
  }),
};

const streamMeasures = ['ttft', 'tpot', 'itl'] as const satisfies readonly MeasureName[];

/** Longer than any request lives: a threshold that only the bounds and failures exceed. */
const never = 86_400_000;

/** Counted by response time, with every other bound beside it. */
function watchOf(requirement: Requirement, context: NeedsContext): Watch {
  const good = recordOption(requirement, 'good');
  const bounds = streamMeasures.flatMap((measure) => {
    const atMost = boundValue(good[measure]);
    return atMost === undefined ? [] : [{ measure, atMost: millis(atMost) }];
  });
  const watch = watchFor(requirement, context, 'response', [boundValue(good['response']) ?? never]);
  return bounds.length === 0 ? watch : { ...watch, bounds };
}

/** A bound comes as `{ op, value, unit, text }`. */
function boundValue(value: OptionValue | undefined): number | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return asNumber(value);
  return asNumber((value as Readonly<Record<string, OptionValue>>)['value']);
}

function judgeClause(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const { load } = context.observations;
  const asked = watchOf(requirement, context);
  const watch = load?.watches.find((each) => each.id === asked.id);
  const phases = phasesOf(requirement, context);
  const slices = slicesOf(watch?.slices ?? [], phases);
  if (load === undefined || watch === undefined || slices.every((slice) => slice.requests === 0))
    return noDataVerdict(clause, { reason: 'no-data', message: 'no requests were sent' });
  if (asked.bounds !== undefined && watch.boundsApplied !== true)
    return inconclusiveVerdict(clause, 'no-data', 'the load engine did not count these bounds together');
  const bad = (slice: (typeof slices)[number]): number => slice.over[0] ?? 0;
  const fineMs = fineSlice(requirement.slice);
  if (clause.stat.kind === 'named' && clause.stat.name === 'rate') {
    const rates = rateSlices(load, watch, phases, {
      fineMs,
      wantedMs: requirement.slice,
      counted: (slice) => slice.requests - bad(slice),
    });
    const short = offeredTooLittle(clause, rates, load, phases);
    if (short !== undefined) return short;
    const evidence = {
      slices: secondsOf(rates),
      sliceMs: requirement.slice,
      unit: '/s',
      name: 'goodput',
      samples: requestsIn(rates),
    } as const;
    return judgeMean(clause, evidence, requirement);
  }
  const counted = slices.map((slice) => ({
    requests: slice.requests,
    bad: slice.requests - bad(slice),
    stratum: slice.phase,
  }));
  const evidence = { noun: 'requests', counted: 'met every bound', slices: counted, sliceMs: fineMs, name: 'good' };
  return judgeShare(clause, evidence, requirement);
}
