// The languages of all requirement types. Provisional: replaced by the types' own table as soon as it is complete.
import type { CanonicalUnit, RequirementTypeName, Vantage, Where } from '../core/model/requirement.ts';
import type { OptionField, Presence, StatArgument, StatForm, StatUse } from '../core/slo/requirement-type.ts';
import type { RequirementLanguage, RequirementLanguages } from './requirement-language.ts';

const quantile = (units: readonly CanonicalUnit[], use: Partial<StatUse> = {}): StatForm => ({
  kind: 'quantile',
  units,
  ...use,
});
const named = (
  name: string,
  units: readonly CanonicalUnit[],
  args: readonly StatArgument[] = [],
  use: Partial<StatUse> = {},
): StatForm => ({ kind: 'named', name, args, units, ...use });
const option = (kind: OptionField['kind'], required = false, more: Partial<OptionField> = {}): OptionField => ({
  kind,
  required,
  doc: '',
  ...more,
});
const slices = { inSlices: true, over: true } as const;
const load = ['scenario', 'route', 'phase', 'service', 'labels'] as const;

function language(
  name: RequirementTypeName,
  stats: readonly StatForm[],
  more: {
    where?: readonly (keyof Where)[];
    vantages?: readonly Vantage[];
    options?: Readonly<Record<string, OptionField>>;
    query?: Presence;
    dataSourceRef?: Presence;
    sloRef?: Presence;
  } = {},
): RequirementLanguage {
  const {
    where = load,
    vantages = ['client', 'server', 'trace'],
    options = {},
    query = 'optional',
    dataSourceRef = 'optional',
    sloRef = 'forbidden',
  } = more;
  return { name, stats, where, vantages, options, refs: { query, dataSourceRef, sloRef } };
}

const anyValue: readonly CanonicalUnit[] = ['', 'ms', 'ratio', '/s', 'B', 'tok/s', 'USD'];
const relative = { limits: ['fixed', 'range', 'baseline', 'multiple'] } as const;

export const requirementLanguages: RequirementLanguages = {
  latency: language('latency', [
    quantile(['ms'], slices),
    named('max', ['ms'], [], slices),
    named('min', ['ms'], [], slices),
    named('mean', ['ms']),
  ]),
  errors: language('errors', [named('rate', ['ratio'], [], slices), named('count', [''])], {
    options: { count: option('texts') },
  }),
  throughput: language('throughput', [named('goodput', ['/s']), named('rate', ['/s'])], {
    options: {
      sustained: option('record', false, { fields: { for: option('duration', true), slice: option('duration') } }),
      within: option('duration'),
    },
  }),
  concurrency: language('concurrency', [
    named('max', [''], [], { of: ['in_flight'], ...slices }),
    named('mean', [''], [], { of: ['in_flight'] }),
    named('capacity', ['', '/s'], [], { while: true }),
  ]),
  degradation: language(
    'degradation',
    [
      quantile(['ms'], relative),
      named('mean', ['ms'], [], relative),
      ...['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'mean'].map((name) => named(name, ['ms'], ['phase'], relative)),
      named('rate', ['ratio'], [], relative),
    ],
    { options: { minEffect: option('duration') } },
  ),
  errorBudget: language('errorBudget', [named('burnRate', [''], ['duration']), named('remaining', ['ratio'])], {
    sloRef: 'required',
  }),
  saturation: language('saturation', [named('value', anyValue, [], slices)], { query: 'required' }),
  cost: language('cost', [named('costPer1k', ['USD'], ['name']), named('costPer1M', ['USD'], ['name'])], {
    options: { prices: option('quantities', true), usage: option('queries', true) },
    query: 'forbidden',
  }),
  recovery: language(
    'recovery',
    [named('timeTo', ['ms'], ['requirement']), named('timeTo', ['ms'], ['requirement', 'phase'])],
    { query: 'forbidden' },
  ),
  stability: language(
    'stability',
    [named('slope', ['ms/h', 'B/h', ''], ['quantile']), named('slope', ['ms/h', 'B/h', ''], ['name'])],
    {},
  ),
  scalability: language('scalability', [named('efficiency', ['ratio'], ['number'])], { query: 'forbidden' }),
  dependency: language('dependency', [quantile(['ms'], slices), named('criticalPathShare', ['ratio'])], {
    where: [...load, 'span', 'edge'],
    vantages: ['trace'],
  }),
  retries: language('retries', [named('amplification', ['']), named('max', [''], [], { of: ['request'] })], {
    where: [...load, 'span', 'edge'],
    vantages: ['trace'],
  }),
  fanout: language(
    'fanout',
    [quantile([''], { of: ['callsPerRequest'] }), named('max', [''], [], { of: ['callsPerRequest'] })],
    { where: [...load, 'span', 'edge'], vantages: ['trace'] },
  ),
  apdex: language('apdex', [named('apdex', [''], ['duration'])]),
  query: language('query', [named('value', anyValue, [], slices)], { query: 'required' }),
  ttft: language('ttft', [quantile(['ms'], slices), named('max', ['ms']), named('mean', ['ms'])], {
    options: { buckets: option('text') },
  }),
  tpot: language('tpot', [quantile(['ms'], slices), named('max', ['ms']), named('mean', ['ms'])], {
    options: { buckets: option('text') },
  }),
  itl: language('itl', [quantile(['ms'], slices), named('max', ['ms']), named('mean', ['ms'])], {
    options: { buckets: option('text') },
  }),
  tokens: language('tokens', [quantile(['tok/s'], { of: ['perUser'] }), named('system', ['tok/s'])], {
    options: { basis: option('text', false, { oneOf: ['tpot', 'e2e'] }) },
  }),
  goodput: language('goodput', [named('ratio', ['ratio']), named('rate', ['/s'])], {
    options: {
      good: option('record', true, {
        fields: {
          response: option('bound'),
          ttft: option('bound'),
          tpot: option('bound'),
          itl: option('bound'),
          status: option('text'),
        },
      }),
    },
  }),
};
