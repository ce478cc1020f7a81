// How connections are made, where plain HTTP/1.1 straight to the target is not wanted.
import * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import type { Transport } from '../../core/model/workload.ts';
import { problem } from '../grammar/text-problem.ts';
import type { WorkloadInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';
import { scalar } from './scalars.ts';

const PROXY = 'the URL of an HTTP proxy such as http://127.0.0.1:3128';

const proxySchema = scalar<string>(
  (text) => {
    // A reference that could not be filled in has been complained about.
    if (text.includes('${')) return ok(text);
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    // What was found is not repeated: it may hold a password.
    return isHttp && url?.pathname === '/' && url.search === ''
      ? ok(text)
      : problem('SPEC_URL_FORMAT', `${PROXY} is wanted, without a path`);
  },
  { wanted: PROXY, examples: ['http://127.0.0.1:3128'] },
);

const versionSchema = scalar<'1.1' | '2', '1.1' | '2' | 1.1 | 2>(
  (text) =>
    text === '1.1' || text === '2'
      ? ok(text)
      : problem('SPEC_VALUE_UNKNOWN', `an HTTP version is 1.1 or 2, found \`${text}\``),
  { wanted: '1.1 or 2', examples: [2], type: ['number', 'string'] },
);

export const transportSchema: z.ZodType<Transport, NonNullable<WorkloadInput['transport']>> = mapping({
  httpVersion: versionSchema.optional(),
  proxy: proxySchema.optional(),
  unixSocket: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
  verifyCertificate: z.boolean().optional(),
}).check((context) => {
  const { proxy, unixSocket } = context.value;
  if (proxy === undefined || unixSocket === undefined) return;
  context.issues.push({
    code: 'custom',
    message: 'connections go to a `proxy` or to a `unixSocket`, not to both',
    input: unixSocket,
    path: ['unixSocket'],
    params: { code: 'SPEC_KEYS_EXCLUSIVE' },
  });
}) as z.ZodType<Transport, NonNullable<WorkloadInput['transport']>>;
