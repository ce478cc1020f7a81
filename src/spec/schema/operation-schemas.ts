// What surrounds a run: its schedule, its safety limits, whom to tell.
import * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import type { NotifyEvent, NotifyRule, Schedule } from '../../core/model/verification.ts';
import type { SafetyLimits } from '../../core/model/workload.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { parseAbortRule } from '../grammar/bound.ts';
import { parseCron } from '../grammar/cron.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import type { NotifyInput, SafetyInput, ScheduleInput } from '../verification-document.ts';
import { defaults } from './defaults.ts';
import { mapping } from './mapping.ts';
import { durationSchema, positiveDurationSchema, rateSchema, scalar } from './scalars.ts';

const SHORTEST_SCHEDULE: Millis = millis(10_000);

const everySchema = positiveDurationSchema;
const cronSchema = scalar(parseCron, { wanted: 'a cron expression such as */30 * * * *', examples: ['*/30 * * * *'] });

export const scheduleSchema: z.ZodType<Schedule, ScheduleInput> = mapping({
  every: everySchema.optional(),
  cron: cronSchema.optional(),
  jitter: durationSchema.optional(),
})
  .check((context) => {
    const { every, cron } = context.value;
    const complain = (message: string, path: string[], code: string, help?: string): void => {
      context.issues.push({ code: 'custom', message, input: context.value, path, params: { code, help } });
    };
    if (every === undefined && cron === undefined)
      complain('`schedule` needs the key `every` or `cron`', [], 'SPEC_KEY_MISSING', 'write `every: 30m`');
    if (every !== undefined && cron !== undefined)
      complain('a schedule has `every` or `cron`, not both', ['cron'], 'SPEC_KEYS_EXCLUSIVE');
    if (every !== undefined && every < SHORTEST_SCHEDULE)
      complain('runs are scheduled at least 10 s apart', ['every'], 'SPEC_VALUE_RANGE');
  })
  .transform(({ every, cron, jitter }) => ({
    jitter: jitter ?? millis(0),
    ...(every === undefined ? {} : { every }),
    ...(cron === undefined ? {} : { cron }),
  }));

const abortRuleSchema = scalar(parseAbortRule, {
  wanted: 'a safety limit such as errorRate > 50% for 10s',
  examples: ['errorRate > 50% for 10s', 'p99 > 30s for 10s'],
});

export const safetySchema: z.ZodType<SafetyLimits, SafetyInput> = mapping({
  abortWhen: z.array(abortRuleSchema).optional(),
  maxRate: rateSchema.optional(),
  maxInFlight: z.int().min(1).max(1_000_000).optional(),
  maxConnections: z.int().min(1).max(65_000).optional(),
}).transform(({ abortWhen = [], maxRate, maxInFlight, maxConnections }): SafetyLimits => {
  const errorRate = abortWhen.findLast((rule) => rule.kind === 'errorRate');
  const p99 = abortWhen.findLast((rule) => rule.kind === 'p99');
  return {
    errorRate: errorRate === undefined ? defaults.safety.errorRate : { above: errorRate.above, for: errorRate.for },
    p99: p99 === undefined ? defaults.safety.p99 : { above: p99.above, for: p99.for },
    maxRate: maxRate ?? defaults.safety.maxRate,
    maxInFlight: maxInFlight ?? defaults.safety.maxInFlight,
    maxConnections: maxConnections ?? defaults.safety.maxConnections,
  };
});

const EVENTS: readonly NotifyEvent[] = ['fail', 'recovered', 'inconclusive', 'error', 'warn'];

type Occasion = NotifyRule['when'][number];

const occasionSchema: z.ZodType<Occasion, NotifyEvent | `${NotifyEvent} x ${number}`> = scalar(parseOccasion, {
  wanted: 'an event such as fail, or inconclusive x 3',
  pattern: `^(${EVENTS.join('|')})( x [1-9][0-9]?)?$`,
  examples: [...EVENTS, 'inconclusive x 3'],
});

export const notifySchema: z.ZodType<NotifyRule, NotifyInput> = mapping({
  target: z.string().min(1),
  when: z.array(occasionSchema).min(1).optional(),
  after: mapping({ failures: z.int().min(1).max(100), of: z.int().min(1).max(100) }).optional(),
  repeat: positiveDurationSchema.optional(),
})
  .check((context) => {
    const { after } = context.value;
    if (after === undefined || after.failures <= after.of) return;
    context.issues.push({
      code: 'custom',
      message: `${after.failures} failures of ${after.of} runs cannot happen`,
      input: after,
      path: ['after', 'failures'],
      params: { code: 'SPEC_VALUE_RANGE', help: '`failures` is at most `of`' },
    });
  })
  .transform(({ target, when, after, repeat }) => ({
    target,
    when: when ?? defaults.notify.when,
    after: after ?? defaults.notify.after,
    repeat: repeat ?? defaults.notify.repeat,
  }));

function parseOccasion(text: string): Parsed<Occasion> {
  const match = /^\s*([A-Za-z]+)(?:\s+[x×]\s*(\d{1,2}))?\s*$/.exec(text);
  const event = EVENTS.find((known) => known === match?.[1]);
  if (match === null || event === undefined) {
    return problem(
      'SPEC_VALUE_UNKNOWN',
      `an event such as \`fail\` or \`inconclusive x 3\` is wanted, found \`${text}\``,
      { help: suggest(match?.[1] ?? text, EVENTS) },
    );
  }
  const times = Number(match[2] ?? 1);
  if (times === 0)
    return problem('SPEC_VALUE_RANGE', 'an event is told after at least one time', { from: text.length - 1 });
  return ok({ event, times });
}
