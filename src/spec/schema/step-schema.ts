// One request of a journey, from its short YAML form to the model.
import * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import type { Millis } from '../../core/model/units.ts';
import type { Capture, Expectation, StatusRange, Step, StepBody } from '../../core/model/workload.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import { jsonTemplate } from '../json-template.ts';
import type { Json, StepInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';
import { durationRangeSchema, positiveDurationSchema, scalar } from './scalars.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const statusSchema = scalar<StatusRange, number | string>(parseStatus, {
  wanted: 'a status such as 200, 2xx or 200..204',
  type: ['string', 'integer'],
  examples: [200, '2xx'],
});

const captureSchema = z.union([
  z.string().meta({ description: 'JSON path, for example $.id' }),
  mapping({ jsonPath: z.string() }),
  mapping({ header: z.string() }),
  mapping({ regex: z.string(), group: z.int().min(0).max(99).optional() }),
]);

const expectSchema = mapping({
  status: z.union([statusSchema, z.array(statusSchema).min(1)]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  jsonPath: texts.optional(),
  maxLatency: positiveDurationSchema.optional(),
});

const path = z.string().min(1);

const shape = mapping({
  get: path.optional(),
  post: path.optional(),
  put: path.optional(),
  patch: path.optional(),
  delete: path.optional(),
  head: path.optional(),
  options: path.optional(),
  method: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional(),
  path: path.optional(),
  name: z.string().min(1).optional(),
  query: texts.optional(),
  headers: texts.optional(),
  body: (z.unknown() as z.ZodType<Json | undefined, Json | undefined>).optional(),
  form: texts.optional(),
  file: z.string().min(1).optional(),
  expect: expectSchema.optional(),
  capture: z.record(z.string(), captureSchema).optional(),
  thinkTime: durationRangeSchema.optional(),
  timeout: positiveDurationSchema.optional(),
});

type StepShape = z.infer<typeof shape>;

/** A step before its workload's headers and time-out. */
export type StepFields = Omit<Step, 'timeout'> & { readonly timeout?: Millis };

export const stepSchema: z.ZodType<StepFields, StepInput> = shape.transform((fields, context) => {
  const request = requestOf(fields);
  if (typeof request === 'string') {
    context.issues.push({
      code: 'custom',
      message: request,
      input: fields,
      params: {
        code: request.startsWith('a step says') ? 'SPEC_KEY_MISSING' : 'SPEC_KEYS_EXCLUSIVE',
        help: 'write one of `get: /path`, `post: /path`, ... or `method` and `path`',
      },
    });
    return z.NEVER;
  }
  const bodies = ['body', 'form', 'file'].filter((key) => fields[key as 'body'] !== undefined);
  if (bodies.length > 1) {
    context.issues.push({
      code: 'custom',
      message: `a request has one body, found ${bodies.join(' and ')}`,
      input: fields,
      path: [bodies[1]!],
      params: { code: 'SPEC_KEYS_EXCLUSIVE' },
    });
    return z.NEVER;
  }
  return toStep(fields, request);
}) as z.ZodType<StepFields, StepInput>;

/** Method and path, or the sentence that says why there is not exactly one. */
function requestOf(fields: StepShape): { readonly method: string; readonly path: string } | string {
  const short = METHODS.filter((method) => fields[method] !== undefined);
  if (fields.path !== undefined && short.length === 0) return { method: fields.method ?? 'GET', path: fields.path };
  const method = short[0];
  if (short.length === 1 && method !== undefined && fields.path === undefined && fields.method === undefined)
    return { method: method.toUpperCase(), path: fields[method]! };
  if (short.length === 0) return 'a step says what it requests, found no method and path';
  return `a step is one request, found ${[...short, ...(fields.path === undefined ? [] : ['path']), ...(fields.method === undefined ? [] : ['method'])].join(' and ')}`;
}

function toStep(fields: StepShape, request: { readonly method: string; readonly path: string }): StepFields {
  const body = bodyOf(fields);
  return {
    name: fields.name ?? `${request.method} ${pathOnly(request.path)}`,
    ...request,
    query: asTexts(fields.query),
    headers: asTexts(fields.headers),
    expect: expectationOf(fields),
    captures: Object.entries(fields.capture ?? {}).map(([variable, from]) => captureOf(variable, from)),
    ...(fields.timeout === undefined ? {} : { timeout: fields.timeout }),
    ...(body === undefined ? {} : { body }),
    ...(fields.thinkTime === undefined ? {} : { thinkTime: fields.thinkTime }),
  };
}

/** A route's name has no query: it is what requirements and telemetry call it. */
function pathOnly(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

function bodyOf(fields: StepShape): StepBody | undefined {
  if (fields.form !== undefined) return { kind: 'form', fields: asTexts(fields.form) };
  if (fields.file !== undefined) return { kind: 'file', path: fields.file };
  if (fields.body === undefined) return undefined;
  return typeof fields.body === 'string'
    ? { kind: 'text', template: fields.body }
    : { kind: 'json', template: jsonTemplate(fields.body) };
}

function expectationOf(fields: StepShape): Expectation {
  const { status, headers, jsonPath, maxLatency } = fields.expect ?? {};
  return {
    ...(status === undefined ? {} : { status: Array.isArray(status) ? status : [status as StatusRange] }),
    ...(headers === undefined ? {} : { headers }),
    ...(jsonPath === undefined ? {} : { jsonPath }),
    ...(maxLatency === undefined ? {} : { maxLatency }),
  };
}

function captureOf(variable: string, from: z.infer<typeof captureSchema>): Capture {
  if (typeof from === 'string') return { variable, from: { kind: 'jsonPath', path: from } };
  if ('jsonPath' in from) return { variable, from: { kind: 'jsonPath', path: from.jsonPath } };
  if ('header' in from) return { variable, from: { kind: 'header', name: from.header } };
  return { variable, from: { kind: 'regex', pattern: from.regex, group: from.group ?? 1 } };
}

function parseStatus(text: string): Parsed<StatusRange> {
  const hundred = /^([1-5])xx$/i.exec(text);
  if (hundred !== null) return ok({ from: Number(hundred[1]) * 100, to: Number(hundred[1]) * 100 + 99 });
  const range = /^(\d{3})(?:(?:\.\.|-)(\d{3}))?$/.exec(text);
  const from = Number(range?.[1]);
  const to = Number(range?.[2] ?? range?.[1]);
  if (range !== null && from >= 100 && to <= 599 && from <= to) return ok({ from, to });
  return problem('SPEC_VALUE_RANGE', `a status such as 200, 2xx or 200..204 is wanted, found \`${text}\``);
}

function asTexts(
  values: Readonly<Record<string, string | number | boolean>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, String(value)]));
}
