// The settings of the service: a YAML file, flags over it, defaults below it; parsed once, then frozen.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '../core/model/result.ts';
import { isHttpUrl } from './http-url.ts';

export interface ServeSettings {
  readonly port: number;
  readonly host: string;
  /** Folder of requirement documents. */
  readonly slos: string;
  /** Folder of the run store. */
  readonly data: string;
  /** What links in notifications begin with; the service's own address when absent. */
  readonly publicUrl?: string | undefined;
  /** Runs at the same time, each against another target. */
  readonly concurrency: number;
  /** Hosts beyond loopback and private networks that may be driven: names, or `*.` and an ending. */
  readonly allowedTargets: readonly string[];
  /** File with role:token entries, beside those of FAULTLINE_TOKENS. */
  readonly tokensFile?: string | undefined;
  /** Ended runs kept for each verification; the store removes older ones but those that later runs may be compared with. */
  readonly keep: number;
  /** OTLP/HTTP base URL for the service's own spans. */
  readonly otlpEndpoint?: string | undefined;
}

/** Loopback only: who wants the service on a network says so. One run at a time: two would disturb each other's measurement. */
export const serveDefaults: ServeSettings = Object.freeze({
  port: 8700,
  host: '127.0.0.1',
  slos: 'slos',
  data: '.faultline',
  concurrency: 1,
  // Ten weeks of a run every ten minutes; some hundred kilobytes a run.
  keep: 10_000,
  allowedTargets: Object.freeze([]),
});

const wanted =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `wanted ${what}, found ${JSON.stringify(input)}`;
const wholeNumber = (least: number, most: number): z.ZodInt => {
  const error = wanted(`a whole number from ${least} to ${most}`);
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const httpUrl = z.string().refine(isHttpUrl, { error: wanted('a URL with http:// or https://') });

const schema = z.strictObject({
  port: wholeNumber(0, 65_535).exactOptional(),
  host: z.string().exactOptional(),
  slos: z.string().exactOptional(),
  data: z.string().exactOptional(),
  publicUrl: httpUrl.exactOptional(),
  concurrency: wholeNumber(1, 16).exactOptional(),
  // Comparisons look through 200 runs.
  keep: wholeNumber(200, 1_000_000).exactOptional(),
  allowedTargets: z.array(z.string().min(1)).exactOptional(),
  tokensFile: z.string().exactOptional(),
  otlpEndpoint: httpUrl.exactOptional(),
});

type Given = z.infer<typeof schema>;

/** As typed: the schema of the file reads them, too. */
export interface ServeFlags {
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  readonly slos?: string;
  readonly data?: string;
  readonly publicUrl?: string;
  readonly otlpEndpoint?: string;
}

/** The error names the flag, or the file and its field, and says what was wanted. */
export async function serveSettings(flags: ServeFlags): Promise<Result<ServeSettings, string>> {
  const given = readFlags(flags);
  if (!given.ok) return given;
  const fromFile = flags.config === undefined ? ok({}) : await readConfig(flags.config);
  return fromFile.ok ? ok(Object.freeze({ ...serveDefaults, ...fromFile.value, ...given.value })) : fromFile;
}

function readFlags({ config: _file, port, data, otlpEndpoint, ...texts }: ServeFlags): Result<Given, string> {
  const given = {
    ...texts,
    ...(port === undefined ? {} : { port: /^-?\d+$/.test(port) ? Number(port) : port }),
    // A variable of the environment that is set to nothing is not set.
    ...(data === undefined || data === '' ? {} : { data }),
    ...(otlpEndpoint === undefined || otlpEndpoint === '' ? {} : { otlpEndpoint }),
  };
  return checked(given, (field) => `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

async function readConfig(path: string): Promise<Result<Given, string>> {
  try {
    const read = checked(parse(await readFile(path, 'utf8')) ?? {}, (field) => field || '(file)');
    return read.ok ? read : err(`${path}: ${read.error}`);
  } catch (cause) {
    return err(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function checked(given: unknown, name: (field: string) => string): Result<Given, string> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${name(issue.path.join('.'))}: ${issue.message}`);
  return err([...new Set(problems)].join('; '));
}
